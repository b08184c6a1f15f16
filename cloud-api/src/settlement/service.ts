import { instant, invariant, newId, seconds, type Clock, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { LedgerEntry } from './contract.ts';
import * as income from './advert-income.ts';
import type { Earning, PaidOut } from './advert-income.ts';
import * as ledger from './ledger.ts';
import type { NoticeHeaders, PaymentProvider } from './payments/provider.ts';
import { createPayAddresses } from './pay-addresses.ts';
import { createReceipts, type PayableSubject, type Receipts, type SubjectKind } from './receipts.ts';
import { findPart, partNo, reserveRefund, wantPart } from './part-refunds.ts';
import { handleRefunds } from './refund-calls.ts';
import type { OwnedAccount } from './rules.ts';
import * as rows from './store.ts';
import { createTroubles, type Troubles } from './troubles.ts';

interface NewPayment {
  readonly kind: SubjectKind;
  readonly subjectId: string;
  readonly storeId: string | null;
  readonly amountFen: Fen;
  readonly description: string;
  readonly expiresAt: InstantMs;
  readonly returnUrl: string | null;
  /** `when-wanted`: the provider hears of it once somebody wants the address; many are made at once and few of them are paid. */
  readonly prepare: 'at-once' | 'when-wanted';
}

export interface Settlement {
  /** Each slice that sells says what a payment means to it; before `start`. */
  subject(kind: SubjectKind, subject: PayableSubject): void;
  /** Asks for money, in the transaction that makes the order. */
  createPayment(q: Tx, payment: NewPayment): Promise<string>;
  /**
   * After the commit: the address to pay at, asked for if nobody has before. Null if there is none any more, if the provider does not answer now,
   * or if too many are being asked for: ask again.
   */
  payUrl(paymentId: string): Promise<string | null>;
  payUrls(q: Reads, paymentIds: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  /** Of some payments, the money that came too late or twice: it goes back, or has gone. Those without are left out. */
  late(q: Reads, paymentIds: readonly string[]): Promise<ReadonlyMap<string, Fen>>;
  /** Nothing is to be paid any more. */
  close(q: Tx, paymentId: string): Promise<void>;
  /** Sends the money of a paid subject back. */
  refund(q: Tx, paymentId: string): Promise<void>;
  /**
   * Sends a part of what was paid back, once a name within the payment. Throws InvariantError where more would go back than came: who asks has to know
   * what is left.
   */
  refundPart(q: Tx, paymentId: string, part: { readonly name: string; readonly amountFen: Fen }): Promise<void>;
  /** An advert's money is earned, or less of it than was said. False if this line has earned before. */
  earn(q: Tx, earning: Earning): Promise<boolean>;
  /** Of a payment, what somebody wants back or has got back. */
  wantedBack(q: Reads, paymentId: string): Promise<Fen>;
  /** Whether a part that was wanted back has arrived. */
  hasGoneBack(q: Reads, paymentId: string, name: string): Promise<boolean>;
  /** What a community's owners or its management are owed of the income. */
  owedTo(q: Reads, of: OwnedAccount, communityId: string): Promise<number>;
  /** False if so much is not owed. Hold the community's lock. */
  payOut(q: Tx, paid: PaidOut): Promise<boolean>;
  /** What of the money waits for somebody. */
  readonly troubles: Troubles;
  /** A provider's callback. Throws `payment-notice-refused` or `payment-notice-unreadable`. */
  receiveCallback(headers: NoticeHeaders, rawBody: string): Promise<void>;
  entries(paging: Paging & { readonly account?: string | undefined }): Promise<Page<LedgerEntry>>;
}

const silentAfterMs = seconds(10);
const reconcileEveryMs = seconds(10);
const reconcileMax = 50;
const paymentRef = z.object({ paymentId: z.string() });

/** Payments, refunds and the ledger behind them. The order exists before its payment; late or double money goes back. */
export function createSettlement(platform: Platform, provider: PaymentProvider): Settlement {
  const { store, clock, outbox } = platform;
  const subjects = new Map<string, PayableSubject>();

  const receipts = createReceipts(platform, (payment) => {
    const subject = subjects.get(payment.subjectKind);
    invariant(subject, `somebody sells ${payment.subjectKind}s`);
    return subject;
  });

  const { receive, wantRefund } = receipts;
  const addresses = createPayAddresses(platform, provider);
  handleCalls(platform, provider, { receive, prepare: addresses.prepare });
  handleRefunds(platform, provider, receive);

  return {
    subject: (kind, subject) => void subjects.set(kind, subject),
    async createPayment(q, { kind, subjectId, storeId, amountFen, description, expiresAt, returnUrl, prepare: when }) {
      const id = newId('payment');
      const state = { status: 'pending' as const, payUrl: null, createdAt: clock.now() };
      const asked = { subjectKind: kind, subjectId, storeId, amountFen, description, expiresAt, returnUrl };
      await q.insertMany(q.t.payments, [{ id, ...asked, ...state }]);
      if (when === 'at-once') await outbox.send(q, 'pay.prepare', { paymentId: id }, `pay.prepare:${id}`);
      return id;
    },
    payUrl: addresses.payUrl,
    payUrls: rows.payUrlsOf,
    late: rows.lateMoneyOf,
    async close(q, paymentId) {
      const left = await rows.leavePending(q, paymentId, 'closed');
      // Without an address the provider has not heard of it, or is hearing of it now: then whoever asked closes it.
      if (!left || left.payUrl === null) return;
      await outbox.send(q, 'pay.close', { paymentId }, `pay.close:${paymentId}`);
    },
    async refund(q, paymentId) {
      const receipt = await rows.findReceipt(q, { appliedTo: paymentId });
      invariant(receipt, 'only what was paid is refunded');
      if (receipt.refund === 'none')
        invariant(
          await reserveRefund(q, paymentId, receipt.amountFen),
          'a payment of which parts went back is refunded in parts',
        );
      await wantRefund(q, receipt.transactionId);
    },
    async refundPart(q, paymentId, { name, amountFen }) {
      await wantPart(q, { clock, outbox }, { paymentId, part: name, amountFen });
    },
    ...advertIncome(clock),
    troubles: createTroubles(platform, receipts),
    async receiveCallback(headers, rawBody) {
      const notice = await provider.readNotice(headers, rawBody);
      if (notice) await receive(notice);
    },
    entries: (paging) => ledger.listEntries(store.read, paging),
  };
}

/** What becomes of an advert's money once it is there. */
const advertIncome = (clock: Clock): Pick<Settlement, 'earn' | 'wantedBack' | 'hasGoneBack' | 'owedTo' | 'payOut'> => ({
  earn: (q, earning) => income.earn(q, clock, earning),
  wantedBack: income.wantedBack,
  hasGoneBack: async (q, paymentId, name) => (await findPart(q, partNo(paymentId, name)))?.status === 'done',
  owedTo: income.owedTo,
  payOut: (q, paid) => income.payOut(q, clock, paid),
});

/** What leaves for the provider, and the asking after what it did not tell. */
function handleCalls(
  { outbox, store, jobs, clock, log }: Platform,
  provider: PaymentProvider,
  does: {
    readonly receive: Receipts['receive'];
    readonly prepare: (paymentId: string, signal: AbortSignal) => Promise<unknown>;
  },
): void {
  outbox.handle('pay.prepare', async (payload, _id, signal) => {
    await does.prepare(paymentRef.parse(payload).paymentId, signal);
  });
  outbox.handle('pay.close', async (payload, _id, signal) => {
    const payment = await rows.findPayment(store.read, paymentRef.parse(payload).paymentId);
    invariant(payment, 'a payment to close exists');
    const paid = await provider.close(payment.id, payment.storeId, signal);
    if (paid) await does.receive(paid);
  });
  /** A callback may never come; asking is the truth. */
  jobs.handle('settlement.reconcile', {
    everyMs: reconcileEveryMs,
    async run(_payload, { signal }) {
      const silent = await rows.silentPayments(store.read, instant(clock.now() - silentAfterMs), reconcileMax);
      for (const { id, storeId } of silent) {
        try {
          const paid = await provider.query(id, storeId, signal);
          if (paid) await does.receive(paid);
        } catch (err) {
          // One that is in dispute must not keep the others from being asked after.
          signal.throwIfAborted();
          log.warn({ err, paymentId: id }, 'what became of a payment cannot be told');
        }
      }
    },
  });
}
