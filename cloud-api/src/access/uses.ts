import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { doorPrivate } from '@gatecast/firmware-protocol/messages';
import { and, eq, or } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import type { NewEvent } from '../platform/events.ts';
import type { JournalArrival } from '../platform/journal-streams.ts';
import type { Platform } from '../platform/platform.ts';
import { cardsOfPasses, type CredentialRow } from './credential-store.ts';
import type { AccessLists } from './lists.ts';
import { isUsedUp } from './pass-rules.ts';
import { passesOpenedBy } from './pass-store.ts';

/** Openings of one pass in a batch, with its code, its QR or one of its cards. */
interface Uses {
  readonly count: number;
  readonly first: InstantMs;
  readonly last: InstantMs;
}

/**
 * Counts from the doors' journals how often passes were used. Each door counts by itself at once; what one has told is told to the others, so that
 * a pass that was used up here is refused there as soon as they hear of it, and one that lasts for some time from its first use ends there as it does here.
 */
export function countUses({ journal, events }: Pick<Platform, 'journal' | 'events'>, lists: AccessLists): void {
  journal.on('door', async (q, arrival) => {
    const opened = openings(arrival);
    if (opened.length === 0) return;
    const passOf = await passesOpenedBy(q, arrival.communityId, [
      ...new Set(opened.map(({ credential }) => credential)),
    ]);
    if (passOf.size === 0) return;
    const told: NewEvent[] = [];
    const changed: string[] = [];
    for (const [pass, uses] of usesByPass(opened, passOf)) {
      await saveUses(q, pass, uses);
      if (isListedOtherwise(pass, uses)) changed.push(pass.id, ...(await cardsOfPasses(q, [pass.id])));
      told.push(usedEvent(pass, arrival));
    }
    await events.emit(q, ...told);
    if (changed.length > 0) await lists.publish(q, arrival.communityId, changed);
  });
}

/** Whether the lists have to tell of these uses: they are the last ones, or the first that sets a pass's end. */
function isListedOtherwise(pass: CredentialRow, { count, first }: Uses): boolean {
  const now = { ...pass, usedCount: pass.usedCount + count };
  const isEarliest = pass.firstUsedAt === null || first < pass.firstUsedAt;
  const setsEnd = isEarliest && (pass.firstUseBy !== null || pass.lastsMs !== null);
  return setsEnd || (isUsedUp(now) && !isUsedUp(pass));
}

interface Opening {
  /** As the door names it: a credential's id, or `passCodeCredential`. */
  readonly credential: string;
  readonly at: InstantMs;
}

function openings({ rows, receivedAt }: JournalArrival): Opening[] {
  return rows.flatMap(({ kind, private: hidden, wallMs }) => {
    const credential = kind === 'opened' ? doorPrivate.safeParse(hidden?.data).data?.credential : null;
    // A clock that runs ahead must not make a pass look used tomorrow.
    return credential ? [{ credential, at: instant(Math.min(wallMs, receivedAt)) }] : [];
  });
}

function usesByPass(
  opened: readonly Opening[],
  passOf: ReadonlyMap<string, CredentialRow>,
): ReadonlyMap<CredentialRow, Uses> {
  const uses = new Map<CredentialRow, Uses>();
  for (const { credential, at } of opened) {
    const pass = passOf.get(credential);
    if (!pass) continue;
    const before = uses.get(pass) ?? { count: 0, first: at, last: at };
    uses.set(pass, {
      count: before.count + 1,
      first: instant(Math.min(before.first, at)),
      last: instant(Math.max(before.last, at)),
    });
  }
  return uses;
}

/** A pass's cards count with it. */
async function saveUses(q: Tx, pass: CredentialRow, { count, first, last }: Uses): Promise<void> {
  const t = q.t.credentials;
  await q
    .update(t)
    .set({
      usedCount: pass.usedCount + count,
      firstUsedAt: instant(Math.min(pass.firstUsedAt ?? first, first)),
      lastUsedAt: instant(Math.max(pass.lastUsedAt ?? last, last)),
    })
    .where(or(eq(t.id, pass.id), and(eq(t.passId, pass.id), eq(t.communityId, pass.communityId))));
}

const usedEvent = ({ id, hostId }: CredentialRow, { companyId, communityId }: JournalArrival): NewEvent => ({
  type: 'pass',
  subject: id,
  companyId,
  communityId,
  ...(hostId !== null && { residentId: hostId }),
});
