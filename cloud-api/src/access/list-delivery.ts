import { hours, instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import { nextTurn } from './list-plan.ts';
import { concerns, denyKeptMs } from './list-rules.ts';
import * as rows from './list-store.ts';

/**
 * Forgets when terminals confirmed what they were told so long ago that none of them may come back with a list from before. Whoever asks is then told
 * that they have it, as of a terminal that was claimed afterwards.
 */
export function forgetOldDeliveries({ jobs, store, clock }: Platform): void {
  jobs.handle('access.forget-deliveries', {
    everyMs: hours(24),
    async run(_payload, { signal }) {
      const before = instant(clock.now() - denyKeptMs);
      while (await store.tx((q) => rows.forgetDeliveries(q, before))) {
        signal.throwIfAborted();
        await nextTurn();
      }
    },
  });
}

/** How far a credential's last change has come at one terminal. */
export interface Delivery {
  readonly terminalId: string;
  /** The version of the terminal's list that tells of it; null: it is not made yet. */
  readonly version: number | null;
  /** That version, or a later one, is in force. */
  readonly applied: boolean;
  /** When the terminal said so; null also where that is forgotten, and for terminals that were claimed after the change and never knew anything else. */
  readonly confirmedAt: InstantMs | null;
}

/** A terminal of the community and its own lists. */
interface ToldTerminal {
  readonly id: string;
  readonly entranceId: string;
  readonly applied: number;
  readonly firstVersion: number | null;
}

export async function deliveriesOf(
  q: Reads,
  terminals: Terminals,
  credentialIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Delivery[]>> {
  const places = await rows.placesOf(q, credentialIds);
  const told = new Map<string, readonly ToldTerminal[]>();
  const waiting = new Set<string>();
  for (const communityId of new Set(places.map((place) => place.communityId))) {
    // First, so that a change which is told of meanwhile is still waiting here rather than taken for the one before it.
    for (const id of await rows.changingCredentials(q, communityId)) waiting.add(id);
    told.set(communityId, await toldTerminals(q, terminals, communityId));
  }
  const listed = new Set((await rows.listedOf(q, credentialIds)).map(({ credentialId }) => credentialId));
  const noted = await rows.deliveriesOf(q, credentialIds);
  const rowAt = new Map(noted.map((one) => [`${one.credentialId} ${one.terminalId}`, one]));
  return new Map(
    places.map(({ id, communityId, entranceIds }) => {
      const here = (told.get(communityId) ?? []).filter(({ entranceId }) => concerns(entranceIds, entranceId));
      const isListed = listed.has(id);
      const delivery = (terminal: ToldTerminal) => deliveryAt(terminal, isListed, rowAt.get(`${id} ${terminal.id}`));
      return [id, here.map((terminal) => (waiting.has(id) ? nothingYet(terminal) : delivery(terminal)))];
    }),
  );
}

const nothingYet = ({ id: terminalId }: ToldTerminal): Delivery => ({
  terminalId,
  version: null,
  applied: false,
  confirmedAt: null,
});

async function toldTerminals(q: Reads, terminals: Terminals, communityId: string): Promise<readonly ToldTerminal[]> {
  const claimed = (await terminals.ofCommunity(q, communityId)).filter((one: TerminalRef) => one.claimed);
  const ids = claimed.map(({ id }) => id);
  const applied = await terminals.appliedVersions(q, 'access', ids);
  const own = new Map((await rows.terminalLists(q, ids)).map((row) => [row.terminalId, row.firstVersion]));
  return claimed.map(({ id, entranceId }) => ({
    id,
    entranceId,
    applied: applied.get(id) ?? 0,
    firstVersion: own.get(id) ?? null,
  }));
}

function deliveryAt(terminal: ToldTerminal, isListed: boolean, noted: rows.DeliveryRow | undefined): Delivery {
  const { id: terminalId, applied, firstVersion } = terminal;
  if (noted) {
    const { version, confirmedAt } = noted;
    return { terminalId, version, applied: applied >= version, confirmedAt };
  }
  if (!isListed || firstVersion === null) return nothingYet(terminal);
  // The terminal was claimed afterwards, and its first list told of it with everything else.
  return { terminalId, version: firstVersion, applied: applied >= firstVersion, confirmedAt: null };
}
