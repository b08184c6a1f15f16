import { fen, type Fen } from '@gatecast/firmware-protocol';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import * as ledger from './ledger.ts';
import { cashAt, cashOf, kindsOf, owedOf, unapplied } from './entry-sides.ts';
import type { Notice, PaidNotice } from './payments/provider.ts';
import { createRefundReceipts } from './refund-receipts.ts';
import { accounts, movement, type TroubleKind } from './rules.ts';
import * as rows from './store.ts';
import { keepTrouble } from './troubles.ts';

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

export type SubjectOf = (payment: rows.Payment) => PayableSubject;

/** What the provider says it did with money, once each. */
export interface Receipts {
  /** Money that is not as it was asked for is kept, goes back if it can, and is somebody's to look at. Nothing that a provider has proven is refused. */
  readonly receive: (notice: Notice) => Promise<void>;
  /** Sends received money back. */
  readonly wantRefund: (q: Tx, transactionId: string) => Promise<void>;
  /** Asks the provider once more for what is stuck. */
  readonly askAgain: (q: Tx, refundNo: string) => Promise<void>;
  /** It has gone back, whoever did it. */
  readonly returned: (q: Tx, refundNo: string) => Promise<void>;
}

export function createReceipts({ store, clock, outbox, log }: Platform, subjectOf: SubjectOf): Receipts {
  const wantRefund = async (q: Tx, transactionId: string): Promise<void> => {
    if (await rows.moveRefund(q, transactionId, 'wanted', clock.now())) {
      await outbox.send(q, 'pay.refund', { transactionId }, `pay.refund:${transactionId}`);
    }
  };

  const receiveMoney = async (q: Tx, notice: PaidNotice): Promise<void> => {
    const { transactionId, outTradeNo } = notice;
    const payment = await rows.findPayment(q, outTradeNo);
    const fault = faultOf(notice, payment);
    if (fault === 'foreign-merchant' || !payment) return keep(q, fault ?? 'unknown-payment', notice, payment);
    if (!(await rows.addReceipt(q, notice, clock.now(), heldElsewhere(notice, payment)))) return;
    if (fault) {
      await keep(q, fault, notice, payment);
      return goesBack(q, payment, notice);
    }
    const isFirst = (await rows.leavePending(q, payment.id, 'paid')) !== undefined;
    if (isFirst && (await subjectOf(payment).paid(q, payment))) return applyMoney(q, payment, transactionId);
    await goesBack(q, payment, notice);
    await subjectOf(payment).late?.(q, payment);
  };

  /** Money that nothing is there for: into the ledger first, and then out of it again. */
  const goesBack = async (q: Tx, payment: rows.Payment, { transactionId, amountFen, storeId }: PaidNotice) => {
    const postings = movement(fen(amountFen), cashAt(storeId), accounts.buyerUnapplied(payment.id));
    await ledger.post(q, clock, { kind: unapplied.paid, businessNo: transactionId, postings });
    await wantRefund(q, transactionId);
  };

  const keep = (q: Tx, kind: TroubleKind, notice: PaidNotice, payment: rows.Payment | undefined): Promise<void> => {
    const { transactionId: subjectNo, amountFen, outTradeNo: reason } = notice;
    log.error({ kind, transactionId: subjectNo, paymentId: reason, amountFen }, 'money came that was not asked for');
    const merchantNo = notice.merchantNo ?? notice.storeId ?? 'platform';
    const asked = payment ? { paymentId: payment.id, expectedFen: payment.amountFen } : { paymentId: null };
    return keepTrouble(q, clock.now(), { kind, subjectNo, amountFen, merchantNo, reason, ...asked });
  };

  const applyMoney = async (q: Tx, payment: rows.Payment, transactionId: string): Promise<void> => {
    await rows.markApplied(q, transactionId);
    const postings = movement(fen(payment.amountFen), cashOf(payment), owedOf(payment));
    await ledger.post(q, clock, { kind: kindsOf(payment).paid, businessNo: transactionId, postings });
  };

  const { receiveRefund, receiveStuck, askAgain } = createRefundReceipts({ clock, outbox, log }, subjectOf);

  return {
    wantRefund,
    askAgain,
    returned: receiveRefund,
    receive: (notice) =>
      store.txOfMany((q) => {
        if (notice.kind === 'paid') return receiveMoney(q, notice);
        if (notice.kind === 'refund-stuck') return receiveStuck(q, notice);
        return receiveRefund(q, notice.outRefundNo, notice.amountFen);
      }),
  };
}

/** What of the money is not as it was asked for. */
function faultOf(notice: PaidNotice, payment: rows.Payment | undefined): TroubleKind | undefined {
  if (notice.fault === 'foreign-merchant') return notice.fault;
  if (!payment) return 'unknown-payment';
  if (payment.storeId !== notice.storeId) return 'wrong-merchant';
  if (payment.amountFen !== notice.amountFen) return 'wrong-amount';
  return notice.fault;
}

const heldElsewhere = ({ storeId }: PaidNotice, payment: rows.Payment): string | null =>
  storeId === payment.storeId ? null : (storeId ?? rows.platformHolds);
