import { fen, invariant, type Fen } from '@gatecast/firmware-protocol';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { deferOldPayment } from './advert-income.ts';
import * as ledger from './ledger.ts';
import type { Notice, PaidNotice } from './payments/provider.ts';
import { accounts, movement, reversed, type EntryKind } from './rules.ts';
import { findPart, markPartDone } from './part-refunds.ts';
import * as rows from './store.ts';

export type SubjectKind = 'booking' | 'order';

/** What is paid for, as its own slice sees it. */
export interface PayableSubject {
  /** The money fits; takes the step to paid. False if the subject is past it: then the money goes back. */
  paid(q: Tx, payment: rows.Payment): Promise<boolean>;
  /** The money has gone back. */
  refunded(q: Tx, payment: rows.Payment): Promise<void>;
  /** Money has come that is of no use to it, and goes back. */
  late?(q: Tx, payment: rows.Payment): Promise<void>;
  /** A part of it has gone back. */
  partRefunded?(q: Tx, payment: rows.Payment, amountFen: Fen): Promise<void>;
}

/** What the provider says it did with money, once each. */
export interface Receipts {
  /** Rejects with `payment-mismatch` for money or a refund that nobody asked for like this. */
  readonly receive: (notice: Notice) => Promise<void>;
  /** Sends received money back. */
  readonly wantRefund: (q: Tx, transactionId: string) => Promise<void>;
}

interface Kinds {
  readonly paid: EntryKind;
  readonly refunded: EntryKind;
}
const entryKinds: Readonly<Record<SubjectKind, Kinds>> = {
  booking: { paid: 'slot-payment', refunded: 'slot-refund' },
  order: { paid: 'order-payment', refunded: 'order-refund' },
};
const unapplied: Kinds = { paid: 'unapplied-payment', refunded: 'unapplied-refund' };

export function createReceipts(
  { store, clock, outbox }: Platform,
  subjectOf: (payment: rows.Payment) => PayableSubject,
): Receipts {
  const wantRefund = async (q: Tx, transactionId: string): Promise<void> => {
    if (await rows.moveRefund(q, transactionId, 'none', 'wanted')) {
      await outbox.send(q, 'pay.refund', { transactionId }, `pay.refund:${transactionId}`);
    }
  };

  const receiveMoney = async (q: Tx, notice: PaidNotice): Promise<void> => {
    const { transactionId, outTradeNo } = notice;
    const payment = await rows.findPayment(q, outTradeNo);
    const matches = payment && payment.amountFen === notice.amountFen && payment.storeId === notice.storeId;
    if (!matches) throw refusal('payment-mismatch', 'this payment is not as it was asked for', { outTradeNo });
    if (!(await rows.addReceipt(q, notice, clock.now()))) return;
    const isFirst = (await rows.leavePending(q, payment.id, 'paid')) !== undefined;
    if (isFirst && (await subjectOf(payment).paid(q, payment))) return applyMoney(q, payment, transactionId);
    const postings = movement(fen(notice.amountFen), cashOf(payment), accounts.buyerUnapplied(payment.id));
    await ledger.post(q, clock, { kind: unapplied.paid, businessNo: transactionId, postings });
    await wantRefund(q, transactionId);
    await subjectOf(payment).late?.(q, payment);
  };

  const applyMoney = async (q: Tx, payment: rows.Payment, transactionId: string): Promise<void> => {
    await rows.markApplied(q, transactionId);
    const postings = movement(fen(payment.amountFen), cashOf(payment), owedOf(payment));
    await ledger.post(q, clock, { kind: kindsOf(payment).paid, businessNo: transactionId, postings });
  };

  const receiveRefund = async (q: Tx, outRefundNo: string): Promise<void> => {
    const receipt = await rows.findReceipt(q, { refundNo: outRefundNo });
    if (!receipt && (await receivePart(q, outRefundNo))) return;
    if (!receipt) throw refusal('payment-mismatch', 'nobody asked for this refund', { outRefundNo });
    if (!(await rows.moveRefund(q, receipt.transactionId, 'wanted', 'done'))) return;
    const payment = await rows.findPayment(q, receipt.paymentId);
    invariant(payment, 'a receipt belongs to a payment');
    const kinds = receipt.applied ? kindsOf(payment) : unapplied;
    const isAdvert = receipt.applied && payment.storeId === null;
    if (isAdvert) await deferOldPayment(q, clock, payment.id);
    const postings = isAdvert
      ? movement(fen(receipt.amountFen), accounts.deferredIncome, cashOf(payment))
      : reversed(await ledger.postingsOf(q, kinds.paid, receipt.transactionId));
    await ledger.post(q, clock, { kind: kinds.refunded, businessNo: outRefundNo, postings });
    if (receipt.applied) await subjectOf(payment).refunded(q, payment);
  };

  /** False if no part has this number. */
  const receivePart = async (q: Tx, refundNo: string): Promise<boolean> => {
    const part = await findPart(q, refundNo);
    const payment = part && (await rows.findPayment(q, part.paymentId));
    if (!part || !payment) return false;
    if (!(await markPartDone(q, { clock }, refundNo))) return true;
    const amountFen = fen(part.amountFen);
    if (payment.storeId === null) await deferOldPayment(q, clock, payment.id);
    const postings = movement(amountFen, owedOf(payment), cashOf(payment));
    await ledger.post(q, clock, { kind: kindsOf(payment).refunded, businessNo: refundNo, postings });
    await subjectOf(payment).partRefunded?.(q, payment, amountFen);
    return true;
  };

  return {
    wantRefund,
    receive: (notice) =>
      store.txOfMany((q) => (notice.kind === 'paid' ? receiveMoney(q, notice) : receiveRefund(q, notice.outRefundNo))),
  };
}

function kindsOf({ subjectKind }: rows.Payment): Kinds {
  invariant(subjectKind === 'booking' || subjectKind === 'order', 'a payment is for a known kind');
  return entryKinds[subjectKind];
}

/** Where paid money waits for what it was paid for. */
const owedOf = ({ storeId }: rows.Payment): string =>
  storeId === null ? accounts.deferredIncome : accounts.storePayable(storeId);

const cashOf = ({ storeId }: rows.Payment): string =>
  storeId === null ? accounts.platformCash : accounts.storeCash(storeId);
