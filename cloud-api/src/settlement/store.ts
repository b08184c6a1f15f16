import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { fen, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import { prepared, type Marks } from '../platform/db/prepared.ts';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import type { PaidNotice } from './payments/provider.ts';
import { refundsBefore } from './rules.ts';

type T = Store['read']['t'];
export type Payment = T['payments']['$inferSelect'];
export type Receipt = T['receipts']['$inferSelect'];

const paymentById = prepared('payments.by-id', (q: Reads, v: Marks<{ id: string }>) =>
  q.select().from(q.t.payments).where(eq(q.t.payments.id, v.id)),
);

export async function findPayment(q: Reads, id: string): Promise<Payment | undefined> {
  const [row] = await paymentById(q, { id });
  return row;
}

export async function payUrlsOf(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const [first] = ids;
  if (first === undefined) return new Map();
  if (ids.length === 1) {
    const only = await findPayment(q, first);
    return new Map(only ? [[first, only.payUrl]] : []);
  }
  const t = q.t.payments;
  const rows = await q
    .select({ id: t.id, payUrl: t.payUrl })
    .from(t)
    .where(inArray(t.id, [...ids]));
  return new Map(rows.map((row) => [row.id, row.payUrl]));
}

/** Money that nothing was there for, by payment. */
export async function lateMoneyOf(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, Fen>> {
  if (ids.length === 0) return new Map();
  const t = q.t.receipts;
  const rows = await q
    .select({ id: t.paymentId, amountFen: sql<number>`sum(${t.amountFen})`.mapWith(Number) })
    .from(t)
    .where(and(inArray(t.paymentId, [...ids]), eq(t.applied, false)))
    .groupBy(t.paymentId);
  return new Map(rows.map((row) => [row.id, fen(row.amountFen)]));
}

/** Keeps the address of a payment that is still to be made; false if it is not any more. */
export async function keepPayUrl(q: Tx, id: string, payUrl: string): Promise<boolean> {
  return (await keepUrl(q, { id, payUrl })).length > 0;
}
const keepUrl = prepared('payments.keep-url', (q: Tx, v: Marks<{ id: string; payUrl: string }>) => {
  const t = q.t.payments;
  return q
    .update(t)
    .set({ payUrl: sql`${v.payUrl}` })
    .where(and(eq(t.id, v.id), eq(t.status, 'pending')))
    .returning({ id: t.id });
});

/** Takes the one step from pending; undefined if somebody took it before. */
export async function leavePending(
  q: Tx,
  id: string,
  status: 'paid' | 'closed',
): Promise<Pick<Payment, 'payUrl'> | undefined> {
  const [moved] = await leave(q, { id, status });
  return moved;
}
const leave = prepared('payments.leave', (q: Tx, v: Marks<{ id: string; status: 'paid' | 'closed' }>) => {
  const t = q.t.payments;
  return q
    .update(t)
    .set({ status: sql`${v.status}` })
    .where(and(eq(t.id, v.id), eq(t.status, 'pending')))
    .returning({ payUrl: t.payUrl });
});

/** False if this transaction of the provider's is known already. */
export async function addReceipt(
  q: Tx,
  notice: PaidNotice,
  receivedAt: InstantMs,
  heldBy: string | null = null,
): Promise<boolean> {
  const { transactionId, outTradeNo: paymentId, amountFen } = notice;
  const refundNo = `${paymentId}-${transactionId}`.slice(0, refundNoMax);
  const added = await q
    .insert(q.t.receipts)
    .values({ transactionId, paymentId, amountFen, applied: false, refund: 'none', refundNo, receivedAt, heldBy })
    .onConflictDoNothing()
    .returning({ id: q.t.receipts.transactionId });
  return added.length > 0;
}
/** The provider's limit for out_refund_no. */
const refundNoMax = 64;

export async function markApplied(q: Tx, transactionId: string): Promise<void> {
  await q.update(q.t.receipts).set({ applied: true }).where(eq(q.t.receipts.transactionId, transactionId));
}

export async function findReceipt(
  q: Reads,
  by: { readonly transactionId: string } | { readonly refundNo: string } | { readonly appliedTo: string },
): Promise<Receipt | undefined> {
  const t = q.t.receipts;
  const where =
    'transactionId' in by
      ? eq(t.transactionId, by.transactionId)
      : 'refundNo' in by
        ? eq(t.refundNo, by.refundNo)
        : and(eq(t.paymentId, by.appliedTo), eq(t.applied, true));
  const [row] = await q.select().from(t).where(where);
  return row;
}

/** In `heldBy`: the platform's own account. */
export const platformHolds = 'platform';

/** Moves a refund on; false if it is not where it could come from, or there already. */
export async function moveRefund(
  q: Tx,
  transactionId: string,
  to: Exclude<Receipt['refund'], 'none'>,
  wantedAt?: InstantMs,
): Promise<boolean> {
  const t = q.t.receipts;
  const moved = await q
    .update(t)
    .set({ refund: to, ...(wantedAt === undefined ? {} : { refundWantedAt: wantedAt }) })
    .where(and(eq(t.transactionId, transactionId), inArray(t.refund, refundsBefore(to))))
    .returning({ id: t.transactionId });
  return moved.length > 0;
}

/** Numbers of refunds that were wanted before `wantedBefore` and have not come to an end, in their order after `afterNo`. */
export async function openRefunds(
  q: Reads,
  { afterNo, wantedBefore, limit }: { afterNo: string; wantedBefore: InstantMs; limit: number },
): Promise<{ readonly refundNo: string; readonly wantedAt: InstantMs | null }[]> {
  const { receipts: r, partRefunds: p } = q.t;
  const wholes = await q
    .select({ refundNo: r.refundNo, wantedAt: r.refundWantedAt })
    .from(r)
    .where(
      and(
        eq(r.refund, 'wanted'),
        gt(r.refundNo, afterNo),
        or(isNull(r.refundWantedAt), lt(r.refundWantedAt, wantedBefore)),
      ),
    )
    .orderBy(asc(r.refundNo))
    .limit(limit);
  const parts = await q
    .select({ refundNo: p.refundNo, wantedAt: p.wantedAt })
    .from(p)
    .where(and(eq(p.status, 'wanted'), gt(p.refundNo, afterNo), lt(p.wantedAt, wantedBefore)))
    .orderBy(asc(p.refundNo))
    .limit(limit);
  return [...wholes, ...parts].toSorted((a, b) => (a.refundNo < b.refundNo ? -1 : 1)).slice(0, limit);
}

/** Payments that somebody may have made, and that nobody has heard of for a while. */
export async function silentPayments(q: Reads, createdBefore: InstantMs, limit: number): Promise<Payment[]> {
  const t = q.t.payments;
  return q
    .select()
    .from(t)
    .where(and(eq(t.status, 'pending'), lt(t.createdAt, createdBefore), isNotNull(t.payUrl)))
    .orderBy(t.createdAt)
    .limit(limit);
}
