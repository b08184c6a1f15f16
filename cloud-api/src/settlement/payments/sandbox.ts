import { refusal } from '../../platform/errors.ts';
import type { Notice, PaidNotice, PaymentProvider } from './provider.ts';
import { createCaller, mchidOf, storeOf, type SandboxParts } from './sandbox-caller.ts';
import * as messages from './sandbox-messages.ts';
import { ProviderRefusal, refundAnswerOf, signedHeaders, stuckBy } from './signed-http.ts';
import { messageFault, openEnvelope } from './wechat-crypto.ts';

/** The payment sandbox, over the wire rules of WeChat Pay API v3: signatures both ways, sealed callbacks. */
export function createSandboxProvider(parts: SandboxParts): PaymentProvider {
  const { clock } = parts;
  const { call, ours, theirs } = createCaller(parts);
  const query = async (
    outTradeNo: string,
    storeId: string | null,
    signal: AbortSignal,
  ): Promise<PaidNotice | undefined> => {
    const target = `${tradePath(outTradeNo)}?mchid=${mchidOf(storeId)}`;
    try {
      return paidOf(messages.transaction.parse(await call(storeId, 'GET', target, undefined, signal)));
    } catch (error) {
      if (error instanceof ProviderRefusal && error.code === 'ORDER_NOT_EXIST') return undefined;
      throw error;
    }
  };

  return {
    name: 'sandbox',
    query,
    async prepare({ outTradeNo, amountFen, description, storeId, returnUrl }, signal) {
      const body = {
        mchid: mchidOf(storeId),
        out_trade_no: outTradeNo,
        description: description.slice(0, descriptionMax),
        amount: { total: amountFen, currency: 'CNY' },
        notify_url: parts.notifyUrl(),
        ...(returnUrl === null ? {} : { return_url: returnUrl }),
      };
      const answer = await call(storeId, 'POST', '/v3/pay/transactions', body, signal);
      return { payUrl: messages.prepared.parse(answer).pay_url };
    },
    async close(outTradeNo, storeId, signal) {
      try {
        await call(storeId, 'POST', `${tradePath(outTradeNo)}/close`, { mchid: mchidOf(storeId) }, signal);
        return undefined;
      } catch (error) {
        if (error instanceof ProviderRefusal && error.code === 'ORDER_NOT_EXIST') return undefined;
        if (error instanceof ProviderRefusal && error.code === 'ORDERPAID') return query(outTradeNo, storeId, signal);
        throw error;
      }
    },
    async refund({ transactionId, outRefundNo, amountFen, totalFen, storeId }, signal) {
      const body = {
        // Two payments may have come by one number: each goes back by its own.
        transaction_id: transactionId,
        out_refund_no: outRefundNo,
        amount: { refund: amountFen, total: totalFen, currency: 'CNY' },
        notify_url: parts.notifyUrl(),
      };
      try {
        const answer = await call(storeId, 'POST', '/v3/refund/domestic/refunds', body, signal);
        return refundAnswerOf(messages.refundAnswer.parse(answer).status);
      } catch (error) {
        return stuckBy(error);
      }
    },
    async readNotice(header, rawBody) {
      const fault = messageFault(signedHeaders(header), rawBody, await theirs(), Math.floor(clock.now() / 1_000));
      if (fault) throw refusal('payment-notice-refused', 'this is not from the payment provider', { fault });
      return openNotice(rawBody, Buffer.from((await ours()).apiV3Key));
    },
  };
}

const descriptionMax = 127;
const tradePath = (outTradeNo: string): string => `/v3/pay/transactions/out-trade-no/${encodeURIComponent(outTradeNo)}`;

function paidOf({
  mchid,
  out_trade_no,
  trade_state,
  transaction_id,
  amount,
}: messages.Transaction): PaidNotice | undefined {
  if (transaction_id === undefined || (trade_state !== 'SUCCESS' && trade_state !== 'REFUND')) return undefined;
  return {
    kind: 'paid',
    outTradeNo: out_trade_no,
    transactionId: transaction_id,
    amountFen: amount.total,
    storeId: storeOf(mchid),
  };
}

function openNotice(rawBody: string, apiV3Key: Buffer): Notice | undefined {
  const { event_type, resource } = readAs(messages.callback, rawBody);
  const text = openEnvelope(apiV3Key, resource);
  if (event_type === 'TRANSACTION.SUCCESS') return paidOf(readAs(messages.transaction, text));
  if (!event_type.startsWith('REFUND.')) return undefined;
  return refundNoticeOf(readAs(messages.refundNotice, text));
}

function refundNoticeOf({ out_refund_no, refund_status, amount }: messages.RefundNotice): Notice | undefined {
  const answer = refundAnswerOf(refund_status);
  if (answer === 'processing') return undefined;
  if (answer !== 'done') return { kind: 'refund-stuck', outRefundNo: out_refund_no, reason: answer.stuck };
  return { kind: 'refunded', outRefundNo: out_refund_no, ...(amount ? { amountFen: amount.refund } : {}) };
}

function readAs<T>(schema: { parse(value: unknown): T }, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw refusal('payment-notice-unreadable', 'the payment notice is not as described', {
      cause: String(cause).slice(0, 200),
    });
  }
}
