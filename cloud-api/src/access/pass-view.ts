import { hours, invariant, type InstantMs } from '@gatecast/firmware-protocol';
import type { Reads } from '../platform/db/store.ts';
import { deliveredOf } from './deliveries.ts';
import type { AccessLists } from './lists.ts';
import type { Pass } from './pass-contract.ts';
import { maySign, passState } from './pass-rules.ts';
import { findGeneration } from './pass-keys-store.ts';
import { cardCounts, hostsOf, type Host } from './pass-store.ts';
import type { CredentialRow } from './credential-store.ts';

/** Passes as the API shows them, with who invited, how many cards they have and how far they have come. */
export async function showPasses(
  q: Reads,
  lists: Pick<AccessLists, 'deliveryOf'>,
  passes: readonly CredentialRow[],
  now: InstantMs,
): Promise<Pass[]> {
  const ids = passes.map(({ id }) => id);
  const delivered = await deliveredOf(q, lists, ids);
  const cards = await cardCounts(q, ids);
  const hosts = await hostsOf(
    q,
    passes.flatMap(({ hostId }) => (hostId === null ? [] : [hostId])),
  );
  const generations = new Map<string, number>();
  for (const id of new Set(passes.map(({ communityId }) => communityId)))
    generations.set(id, (await findGeneration(q, id)) ?? 1);
  return passes.map((row) => ({
    ...passOf(row, now),
    host: hostOf(row, hosts),
    has: { code: true, qr: isSigned(row, generations.get(row.communityId)), cards: cards.get(row.id) ?? 0 },
    delivered: delivered(row.id),
  }));
}

const hostOf = ({ hostId }: CredentialRow, hosts: ReadonlyMap<string, Host>): Host | null =>
  hostId === null ? null : (hosts.get(hostId) ?? null);

/** What was signed by keys before the newest opens no more. */
const isSigned = (
  { from, to, scheduleId, firstUseBy, lastsMs, generation }: CredentialRow,
  newest: number | undefined,
): boolean => from !== null && (generation ?? 1) === newest && maySign({ from, to, scheduleId, firstUseBy, lastsMs });

function passOf(row: CredentialRow, now: InstantMs): Omit<Pass, 'host' | 'has' | 'delivered'> {
  const { from, to, label, person, firstUseBy, lastsMs } = row;
  invariant(from !== null && label !== null, 'a pass has a label and a beginning');
  invariant(person !== 'resident' && person !== 'child', 'a pass is for somebody who does not live here');
  return {
    id: row.id,
    communityId: row.communityId,
    person,
    label,
    entranceIds: row.entranceIds && [...row.entranceIds],
    from,
    to,
    uses: row.uses,
    scheduleId: row.scheduleId,
    openMs: row.openMs,
    firstUseWithinHours: firstUseBy === null ? null : Math.round((firstUseBy - from) / hours(1)),
    lastsHours: lastsMs === null ? null : Math.round(lastsMs / hours(1)),
    state: passState(row, now),
    usedCount: row.usedCount,
    lastUsedAt: row.lastUsedAt,
    codeWorksOffline: row.codeNo !== null,
    createdAt: row.createdAt,
  };
}
