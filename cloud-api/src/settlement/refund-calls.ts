import { days, fen, instant, invariant, minutes } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { partRefundCall, partRequest } from './part-refunds.ts';
import type { PaymentProvider, RefundRequest } from './payments/provider.ts';
import type { Receipts } from './receipts.ts';
import * as rows from './store.ts';
import { keepTrouble } from './troubles.ts';

const refundRef = z.object({ transactionId: z.string() });

const askAfterEveryMs = minutes(5);
const askAfterMax = 50;
/** A refund to a bank card may take some working days. */
const overdueAfterMs = days(7);

/** Money leaves for the provider with the number that it keeps; one that takes its time is asked after until it has ended. */
export function handleRefunds(platform: Platform, provider: PaymentProvider, receive: Receipts['receive']): void {
  const { outbox, store, jobs, clock, log } = platform;
  const ask = async (request: RefundRequest | undefined, signal: AbortSignal): Promise<void> => {
    if (!request) return;
    const { outRefundNo, amountFen } = request;
    const answer = await provider.refund(request, signal);
    // Its callback, or the one who asks after it, ends it.
    if (answer === 'processing') return;
    await receive(
      answer === 'done'
        ? { kind: 'refunded', outRefundNo, amountFen }
        : { kind: 'refund-stuck', outRefundNo, reason: answer.stuck },
    );
  };
  outbox.handle('pay.refund', async (payload, _id, signal) =>
    ask(await wholeRequest(store.read, refundRef.parse(payload)), signal),
  );
  outbox.handle('pay.refund-part', async (payload, _id, signal) =>
    ask(await partRequest(store.read, partRefundCall.parse(payload).refundNo), signal),
  );

  /** Where the last run ended: many that take their time keep nobody behind them waiting. */
  let afterNo = '';
  jobs.handle('settlement.open-refunds', {
    everyMs: askAfterEveryMs,
    async run(_payload, { signal }) {
      const wantedBefore = instant(clock.now() - askAfterEveryMs);
      const open = await rows.openRefunds(store.read, { afterNo, wantedBefore, limit: askAfterMax });
      afterNo = open.length < askAfterMax ? '' : (open.at(-1)?.refundNo ?? '');
      for (const { refundNo, wantedAt } of open) {
        try {
          const request = await requestOf(store.read, refundNo);
          if (request && wantedAt !== null && clock.now() - wantedAt > overdueAfterMs)
            await keepOverdue(platform, request);
          await ask(request, signal);
        } catch (err) {
          signal.throwIfAborted();
          log.warn({ err, refundNo }, 'how far a refund is cannot be told');
        }
      }
    },
  });
}

/** Money that came wrong goes back from whose account it is in. */
async function wholeRequest(
  q: Reads,
  by: { readonly transactionId: string } | { readonly refundNo: string },
): Promise<RefundRequest | undefined> {
  const receipt = await rows.findReceipt(q, by);
  invariant(receipt, 'money to refund has come');
  if (receipt.refund !== 'wanted') return undefined;
  const payment = await rows.findPayment(q, receipt.paymentId);
  const { transactionId, refundNo: outRefundNo, paymentId: outTradeNo, amountFen, heldBy } = receipt;
  const ownStore = payment?.storeId ?? null;
  const storeId = heldBy === null ? ownStore : heldBy === rows.platformHolds ? null : heldBy;
  return { outTradeNo, transactionId, outRefundNo, amountFen: fen(amountFen), totalFen: fen(amountFen), storeId };
}

async function requestOf(q: Reads, refundNo: string): Promise<RefundRequest | undefined> {
  return (await rows.findReceipt(q, { refundNo })) ? wholeRequest(q, { refundNo }) : partRequest(q, refundNo);
}

/** Once a refund: what somebody has noted stays noted. */
const keepOverdue = (
  { store, clock }: Platform,
  { outRefundNo, outTradeNo, amountFen }: RefundRequest,
): Promise<void> =>
  store.tx((q) =>
    keepTrouble(q, clock.now(), {
      kind: 'refund-overdue',
      subjectNo: outRefundNo,
      paymentId: outTradeNo,
      amountFen,
    }),
  );
