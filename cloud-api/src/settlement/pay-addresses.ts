import { fen, seconds } from '@gatecast/firmware-protocol';
import type { Platform } from '../platform/platform.ts';
import type { Collection, PaymentProvider } from './payments/provider.ts';
import * as rows from './store.ts';

export interface PayAddresses {
  /** The address, asked for unless it is known or somebody is asking; null if there is none any more. Rejects if the provider does not answer. */
  readonly prepare: (paymentId: string, signal: AbortSignal) => Promise<string | null>;
  /** The same for somebody who waits in front of a page: null if the provider does not answer now, or if too many are being asked for. */
  readonly payUrl: (paymentId: string) => Promise<string | null>;
}

const waitMs = seconds(3);
/** Asked for at once: the provider takes some hundreds a second, and whoever waits for it waits in front of a page. */
const preparingMax = 16;

/** Where payments are made: the provider hears of each once, when somebody wants it. */
export function createPayAddresses({ store, outbox, log }: Platform, provider: PaymentProvider): PayAddresses {
  const preparing = new Map<string, Promise<string | null>>();

  const ask = async (paymentId: string, signal: AbortSignal): Promise<string | null> => {
    const payment = await rows.findPayment(store.read, paymentId);
    if (payment?.status !== 'pending' || payment.payUrl !== null) return payment?.payUrl ?? null;
    const { payUrl } = await provider.prepare(collectionOf(payment), signal);
    return store.tx(async (q) => {
      if (await rows.keepPayUrl(q, paymentId, payUrl)) return payUrl;
      // Closed while it was being asked for, by somebody who saw nothing to close at the provider.
      await outbox.send(q, 'pay.close', { paymentId }, `pay.close:${paymentId}`);
      return null;
    });
  };
  /** The request that wants the address and the outbox that guarantees it share one call. */
  const prepare = (paymentId: string, signal: AbortSignal): Promise<string | null> => {
    const running = preparing.get(paymentId) ?? ask(paymentId, signal).finally(() => preparing.delete(paymentId));
    preparing.set(paymentId, running);
    return running;
  };

  return {
    prepare,
    async payUrl(paymentId) {
      if (preparing.size >= preparingMax && !preparing.has(paymentId)) return null;
      try {
        return await prepare(paymentId, AbortSignal.timeout(waitMs));
      } catch (err) {
        log.warn({ err, paymentId }, 'the payment provider does not answer; the payment is prepared later');
        return null;
      }
    },
  };
}

const collectionOf = (p: rows.Payment): Collection => ({
  outTradeNo: p.id,
  amountFen: fen(p.amountFen),
  description: p.description,
  expiresAt: p.expiresAt,
  storeId: p.storeId,
  returnUrl: p.returnUrl === null ? null : backTo(p.returnUrl, p.subjectId),
});

/** Whoever asked did not know yet what it would be called: the way back says what was paid for, in any browser. */
function backTo(returnUrl: string, subjectId: string): string {
  const url = new URL(returnUrl);
  url.searchParams.set('paid', subjectId);
  return url.href;
}
