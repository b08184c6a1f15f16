import { fen, invariant, type Clock, type Fen } from '@gatecast/firmware-protocol';
import { and, eq, inArray, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { RefundRequest } from './payments/provider.ts';
import { refundsBefore } from './rules.ts';
import { findPayment, findReceipt, type Payment } from './store.ts';

export type PartRefund = Store['read']['t']['partRefunds']['$inferSelect'];

export const partRefundCall = z.object({ refundNo: z.string() });

/** The provider's out_refund_no of a part. */
export const partNo = (paymentId: string, part: string): string => `${paymentId}-${part}`;

/** The provider's limit for out_refund_no. */
const refundNoMax = 64;

/**
 * Takes so much of a payment for going back: one conditional update. False if so much is not left of it, which the caller answers for.
 */
export async function reserveRefund(q: Tx, paymentId: string, amountFen: number): Promise<boolean> {
  const t = q.t.payments;
  const taken = await q
    .update(t)
    .set({ refundedFen: sql`${t.refundedFen} + ${amountFen}` })
    .where(and(eq(t.id, paymentId), eq(t.status, 'paid'), lte(sql`${t.refundedFen} + ${amountFen}`, t.amountFen)))
    .returning({ id: t.id });
  return taken.length > 0;
}

export interface PartWanted {
  readonly paymentId: string;
  /** Which part, within the payment: asking for the same one again does nothing. */
  readonly part: string;
  readonly amountFen: Fen;
}

/**
 * Wants a part of paid money back; the provider is asked after the commit. False if this part was wanted before.
 * Throws InvariantError where more would go back than came.
 */
export async function wantPart(
  q: Tx,
  { clock, outbox }: { readonly clock: Clock; readonly outbox: Outbox },
  { paymentId, part, amountFen }: PartWanted,
): Promise<boolean> {
  const refundNo = partNo(paymentId, part);
  invariant(refundNo.length <= refundNoMax && amountFen > 0, 'a part has a short name and an amount');
  const receipt = await findReceipt(q, { appliedTo: paymentId });
  invariant(receipt, 'only what was paid goes back');
  const { transactionId } = receipt;
  const [added] = await q
    .insert(q.t.partRefunds)
    .values({ refundNo, paymentId, transactionId, amountFen, status: 'wanted', wantedAt: clock.now() })
    .onConflictDoNothing()
    .returning({ refundNo: q.t.partRefunds.refundNo });
  if (!added) return false;
  invariant(await reserveRefund(q, paymentId, amountFen), 'no more goes back than came');
  await outbox.send(q, 'pay.refund-part', { refundNo }, `pay.refund-part:${refundNo}`);
  return true;
}

export async function findPart(q: Reads, refundNo: string): Promise<PartRefund | undefined> {
  const [row] = await q.select().from(q.t.partRefunds).where(eq(q.t.partRefunds.refundNo, refundNo));
  return row;
}

/** True for the one who finds it done first. */
export const markPartDone = (q: Tx, { clock }: { readonly clock: Clock }, refundNo: string): Promise<boolean> =>
  movePart(q, refundNo, { status: 'done', doneAt: clock.now() });

/** Moves a part on; false if it is not where it could come from, or there already. */
export async function movePart(
  q: Tx,
  refundNo: string,
  to: Partial<Pick<PartRefund, 'doneAt' | 'wantedAt'>> & { readonly status: Exclude<PartRefund['status'], 'none'> },
): Promise<boolean> {
  const t = q.t.partRefunds;
  const moved = await q
    .update(t)
    .set(to)
    .where(and(eq(t.refundNo, refundNo), inArray(t.status, refundsBefore(to.status))))
    .returning({ refundNo: t.refundNo });
  return moved.length > 0;
}

/** What the provider is asked for; undefined once it is done, or while it waits for somebody. */
export async function partRequest(q: Reads, refundNo: string): Promise<RefundRequest | undefined> {
  const part = await findPart(q, refundNo);
  invariant(part, 'a part to send back was wanted');
  if (part.status !== 'wanted') return undefined;
  const payment = await findPayment(q, part.paymentId);
  invariant(payment, 'a part belongs to a payment');
  return requestOf(part, payment);
}

const requestOf = (part: PartRefund, payment: Payment): RefundRequest => ({
  outTradeNo: payment.id,
  transactionId: part.transactionId,
  outRefundNo: part.refundNo,
  amountFen: fen(part.amountFen),
  totalFen: fen(payment.amountFen),
  storeId: payment.storeId,
});
