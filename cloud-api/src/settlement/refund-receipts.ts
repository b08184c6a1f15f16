import { fen, invariant } from '@gatecast/firmware-protocol';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { deferOldPayment } from './advert-income.ts';
import { cashOf, kindsOf, owedOf, unapplied } from './entry-sides.ts';
import * as ledger from './ledger.ts';
import { findPart, markPartDone, movePart } from './part-refunds.ts';
import type { RefundStuckNotice } from './payments/provider.ts';
import type { SubjectOf } from './receipts.ts';
import { accounts, movement, reversed } from './rules.ts';
import * as rows from './store.ts';
import { endTroubles, keepTrouble } from './troubles.ts';

export interface RefundReceipts {
  /** Money has gone back, in whole or a part of it; once. */
  readonly receiveRefund: (q: Tx, refundNo: string, amountFen?: number) => Promise<void>;
  readonly receiveStuck: (q: Tx, notice: RefundStuckNotice) => Promise<void>;
  /** Asks the provider once more for what is stuck. */
  readonly askAgain: (q: Tx, refundNo: string) => Promise<void>;
}

type RefundParts = Pick<Platform, 'clock' | 'outbox' | 'log'>;

/** What the provider says it did with money that should go back. */
export function createRefundReceipts({ clock, outbox, log }: RefundParts, subjectOf: SubjectOf): RefundReceipts {
  const receiveRefund = async (q: Tx, outRefundNo: string, amountFen = 0): Promise<void> => {
    await endTroubles(q, clock.now(), outRefundNo);
    const receipt = await rows.findReceipt(q, { refundNo: outRefundNo });
    if (!receipt && (await receivePart(q, outRefundNo))) return;
    if (!receipt) return keepUnknownRefund(q, outRefundNo, amountFen);
    if (!(await rows.moveRefund(q, receipt.transactionId, 'done'))) return;
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

  const keepUnknownRefund = (q: Tx, subjectNo: string, amountFen: number): Promise<void> => {
    log.error({ refundNo: subjectNo }, 'the provider has sent money back that nobody wanted back');
    return keepTrouble(q, clock.now(), { kind: 'unknown-refund', subjectNo, paymentId: null, amountFen });
  };

  /** It is not asked for again until somebody has decided so. */
  const receiveStuck = async (q: Tx, { outRefundNo: subjectNo, reason }: RefundStuckNotice): Promise<void> => {
    const receipt = await rows.findReceipt(q, { refundNo: subjectNo });
    const part = receipt ? undefined : await findPart(q, subjectNo);
    const of = receipt ?? part;
    if (!of) return keepUnknownRefund(q, subjectNo, 0);
    const moved = receipt
      ? await rows.moveRefund(q, receipt.transactionId, 'stuck')
      : await movePart(q, subjectNo, { status: 'stuck' });
    if (!moved) return;
    const { paymentId, amountFen } = of;
    log.error({ refundNo: subjectNo, paymentId, reason }, 'a refund is stuck');
    await keepTrouble(q, clock.now(), { kind: 'refund-stuck', subjectNo, paymentId, amountFen, reason });
  };

  /** A call of its own: the one of before has ended. */
  const askAgain = async (q: Tx, refundNo: string): Promise<void> => {
    const receipt = await rows.findReceipt(q, { refundNo });
    if (receipt) {
      const { transactionId } = receipt;
      await rows.moveRefund(q, transactionId, 'wanted', clock.now());
      await outbox.send(q, 'pay.refund', { transactionId });
      return;
    }
    await movePart(q, refundNo, { status: 'wanted', wantedAt: clock.now() });
    await outbox.send(q, 'pay.refund-part', { refundNo });
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

  return { receiveRefund, receiveStuck, askAgain };
}
