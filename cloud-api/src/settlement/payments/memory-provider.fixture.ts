import { refusal } from '../../platform/errors.ts';
import type { Collection, Notice, PaidNotice, PaymentProvider, RefundAnswer, RefundRequest } from './provider.ts';

/** A provider in memory, for tests: takes money when told to and keeps what it was asked. */
export interface MemoryProvider extends PaymentProvider {
  readonly collections: ReadonlyMap<string, Collection>;
  readonly refunds: readonly RefundRequest[];
  readonly closed: ReadonlySet<string>;
  /** The buyer pays; gives the callback's body. Each call is money of its own. */
  pay(outTradeNo: string, over?: Partial<PaidNotice>): string;
  /** While true, nothing answers. */
  down: boolean;
  /** What it says to refunds. */
  refundAnswer: RefundAnswer;
  /** While set, what is asked for is noted at once and answered when it resolves. */
  slow: Promise<void> | undefined;
}

export const goodSignature = { 'x-test-signature': 'good' } as const;

export function memoryProvider(): MemoryProvider {
  const collections = new Map<string, Collection>();
  const money = new Map<string, PaidNotice>();
  const closed = new Set<string>();
  const refunds: RefundRequest[] = [];
  let transactions = 0;
  const provider: MemoryProvider = {
    name: 'memory',
    down: false,
    refundAnswer: 'done',
    slow: undefined,
    collections,
    refunds,
    closed,
    pay(outTradeNo, over = {}) {
      const asked = collections.get(outTradeNo);
      if (!asked) throw new Error(`nobody asked for ${outTradeNo}`);
      const transactionId = `tx${(transactions += 1)}`;
      const notice: PaidNotice = {
        kind: 'paid',
        outTradeNo,
        transactionId,
        amountFen: asked.amountFen,
        storeId: asked.storeId,
        ...over,
      };
      money.set(outTradeNo, notice);
      return JSON.stringify(notice);
    },
    async prepare(collection) {
      if (provider.down) throw new Error('nobody answers');
      collections.set(collection.outTradeNo, collection);
      await provider.slow;
      return { payUrl: `https://pay.test/${collection.outTradeNo}` };
    },
    query: async (outTradeNo) => money.get(outTradeNo),
    async close(outTradeNo) {
      closed.add(outTradeNo);
      return money.get(outTradeNo);
    },
    async refund(request) {
      if (!refunds.some((r) => r.outRefundNo === request.outRefundNo)) refunds.push(request);
      return provider.refundAnswer;
    },
    async readNotice(headers, rawBody) {
      if (headers('x-test-signature') !== 'good') throw refusal('payment-notice-refused', 'not from here');
      return JSON.parse(rawBody) as Notice;
    },
  };
  return provider;
}
