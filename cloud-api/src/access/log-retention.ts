import { setImmediate as nextTurn } from 'node:timers/promises';
import { days, hours, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gte, inArray, isNotNull, isNull, lt, ne, or } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';

/** No community keeps names for less: what is younger arrives with them. */
export const logDaysMin = 30;
/** Rows emptied in one transaction. */
const batchMax = 500;

/**
 * The log names people for as long as their community says, and no longer: then the private parts of its rows go, the names of visitors whose
 * passes are over, who an alarm was about and what was noted of it, and who opened from afar. The rows stay, and their hash chain verifies
 * without the private parts.
 */
export function forgetOldNames({ store, clock, jobs }: Platform): void {
  jobs.handle('access.forget-names', {
    everyMs: hours(6),
    async run(_, { signal }) {
      for (const { id, logDays } of await communitiesOf(store.read)) {
        const upTo = instant(clock.now() - days(logDays));
        const from = await forgottenUpTo(store.read, id);
        if (upTo <= from) continue;
        while (await store.tx((q) => forgetRows(q, id, { from, upTo }))) {
          signal.throwIfAborted();
          await nextTurn();
        }
        await store.tx(async (q) => {
          await forgetAlarms(q, id, upTo);
          await forgetPasses(q, id, upTo);
          await forgetCommands(q, id, upTo);
          await noteForgotten(q, id, upTo);
        });
        await nextTurn();
      }
    },
  });
}

/** Before which moment the log of a community names nobody, whatever arrives late. */
export async function forgottenUpTo(q: Reads, communityId: string): Promise<InstantMs> {
  const t = q.t.accessRetention;
  const [row] = await q.select({ upTo: t.upTo }).from(t).where(eq(t.communityId, communityId));
  return row?.upTo ?? instant(0);
}

async function noteForgotten(q: Tx, communityId: string, upTo: InstantMs): Promise<void> {
  const t = q.t.accessRetention;
  await q.insert(t).values({ communityId, upTo }).onConflictDoUpdate({ target: t.communityId, set: { upTo } });
}

async function communitiesOf(q: Reads): Promise<{ id: string; logDays: number }[]> {
  const t = q.t.communities;
  return q.select({ id: t.id, logDays: t.logDays }).from(t).orderBy(asc(t.id));
}

/** False when there is nothing left to empty. */
async function forgetRows(
  q: Tx,
  communityId: string,
  { from, upTo }: { readonly from: InstantMs; readonly upTo: InstantMs },
): Promise<boolean> {
  const t = q.t.accessEvents;
  const named = await q
    .select({ no: t.no })
    .from(t)
    .where(
      and(
        eq(t.communityId, communityId),
        gte(t.at, from),
        lt(t.at, upTo),
        or(isNotNull(t.salt), isNotNull(t.residentId), isNotNull(t.credentialId)),
      ),
    )
    .orderBy(asc(t.at))
    .limit(batchMax);
  if (named.length === 0) return false;
  await q
    .update(t)
    .set({ credentialId: null, touchId: null, salt: null, residentId: null })
    .where(
      inArray(
        t.no,
        named.map(({ no }) => no),
      ),
    );
  return true;
}

async function forgetAlarms(q: Tx, communityId: string, upTo: InstantMs): Promise<void> {
  const t = q.t.alarms;
  await q
    .update(t)
    .set({ credentialId: null, note: null })
    .where(and(eq(t.communityId, communityId), lt(t.at, upTo), or(isNotNull(t.credentialId), isNotNull(t.note))));
}

/** Visitors whose pass ended before, and the cards that they had. A pass without a name stays as what the log once counted. */
async function forgetPasses(q: Tx, communityId: string, upTo: InstantMs): Promise<void> {
  const t = q.t.credentials;
  const isOver = or(lt(t.to, upTo), and(isNull(t.to), lt(t.revokedAt, upTo)));
  const over = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.communityId, communityId), isNull(t.residentId), isNotNull(t.label), ne(t.label, ''), isOver));
  const ids = over.map(({ id }) => id);
  for (let from = 0; from < ids.length; from += batchMax) {
    const batch = ids.slice(from, from + batchMax);
    await q.update(t).set({ label: '', hostId: null }).where(inArray(t.id, batch));
    await q.update(t).set({ cardLast4: null, label: null }).where(inArray(t.passId, batch));
  }
}

async function forgetCommands(q: Tx, communityId: string, upTo: InstantMs): Promise<void> {
  const { commands: t, terminals } = q.t;
  const here = q.select({ id: terminals.id }).from(terminals).where(eq(terminals.communityId, communityId));
  await q
    .update(t)
    .set({ residentId: null })
    .where(and(isNotNull(t.residentId), lt(t.expiresAt, upTo), inArray(t.terminalId, here)));
}
