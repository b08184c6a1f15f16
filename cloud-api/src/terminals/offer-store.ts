import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, count, eq, gt, isNotNull, lt, sql } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { tryWindowMs } from './offer-rules.ts';

export type OfferRow = Reads['t']['terminalOffers']['$inferSelect'];

export async function findOffer(
  q: Reads,
  by: { readonly id: string } | { readonly identityKey: string },
): Promise<OfferRow | undefined> {
  const t = q.t.terminalOffers;
  const [row] = await q
    .select()
    .from(t)
    .where('id' in by ? eq(t.id, by.id) : eq(t.identityKey, by.identityKey));
  return row;
}

/** How many machines wait: everywhere, and at one address. */
export async function countOffers(q: Reads, addressTag: string | null): Promise<{ all: number; here: number }> {
  const t = q.t.terminalOffers;
  const [all] = await q.select({ n: count() }).from(t);
  if (addressTag === null) return { all: all?.n ?? 0, here: 0 };
  const [here] = await q.select({ n: count() }).from(t).where(eq(t.addressTag, addressTag));
  return { all: all?.n ?? 0, here: here?.n ?? 0 };
}

/** Keeps the machine for whoever typed its code; undefined: nobody shows that code now, or somebody else was faster. */
export async function takeCode(
  q: Tx,
  code: { readonly hash: string; readonly madeAfter: InstantMs },
  seen: { readonly communityId: string; readonly companyId: string; readonly seenAt: InstantMs },
): Promise<OfferRow | undefined> {
  const t = q.t.terminalOffers;
  const [row] = await q
    .update(t)
    .set({ ...seen, codeHash: null, shown: null })
    .where(and(eq(t.codeHash, code.hash), gt(t.codeMadeAt, code.madeAfter)))
    .returning();
  return row;
}

/** Machines that do not ask any more, and tries that count no more. */
export async function pruneOffers(q: Tx, askedBefore: InstantMs, now: InstantMs): Promise<void> {
  await q.delete(q.t.terminalOffers).where(lt(q.t.terminalOffers.askedAt, askedBefore));
  await q.delete(q.t.offerTries).where(lt(q.t.offerTries.from, (now - tryWindowMs) as InstantMs));
}

/** One more wrong code of a company; how many there are in this window. */
export async function countTry(q: Tx, party: string, from: InstantMs): Promise<number> {
  const t = q.t.offerTries;
  const [row] = await q
    .insert(t)
    .values({ party, from, tries: 1 })
    .onConflictDoUpdate({ target: [t.party, t.from], set: { tries: sql`${t.tries} + 1` } })
    .returning({ tries: t.tries });
  return row?.tries ?? 0;
}

export async function takeTryBack(q: Tx, party: string, from: InstantMs): Promise<void> {
  const t = q.t.offerTries;
  await q
    .update(t)
    .set({ tries: sql`${t.tries} - 1` })
    .where(and(eq(t.party, party), eq(t.from, from)));
}

/** Machines that wait, for a metric. */
export async function countWaiting(q: Reads): Promise<number> {
  const [row] = await q.select({ n: count() }).from(q.t.terminalOffers).where(isNotNull(q.t.terminalOffers.codeHash));
  return row?.n ?? 0;
}
