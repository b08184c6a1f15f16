import { randomBytes, type KeyObject } from 'node:crypto';
import type { Clock } from '@gatecast/firmware-protocol';
import type { RefundAnswer } from './provider.ts';
import { failure } from './sandbox-messages.ts';
import { authorization, messageFault, type SignedHeaders } from './wechat-crypto.ts';

/** The provider said no. `code` is its own, such as `ORDERPAID`. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
  readonly code: string;

  constructor(code: string, status: number) {
    super(`the payment provider refused: ${code} (HTTP ${status})`);
    this.code = code;
  }
}

/** Refusals of a refund that asking again does not change: the payer's account is gone, there is too little money, or it was never so. */
const finalRefusals: ReadonlySet<string> = new Set([
  'INVALID_REQUEST',
  'MCH_NOT_EXISTS',
  'NOT_ENOUGH',
  'NO_AUTH',
  'ORDER_NOT_EXIST',
  'ORDER_NOT_PAID',
  'PARAM_ERROR',
  'RESOURCE_NOT_EXISTS',
  'USER_ACCOUNT_ABNORMAL',
]);

/** How far a refund is by the provider's word for it. */
export function refundAnswerOf(status: 'SUCCESS' | 'PROCESSING' | 'ABNORMAL' | 'CLOSED'): RefundAnswer {
  if (status === 'ABNORMAL' || status === 'CLOSED') return { stuck: status };
  return status === 'SUCCESS' ? 'done' : 'processing';
}

/** The same of a refusal. Throws it where asking again may help. */
export function stuckBy(error: unknown): RefundAnswer {
  if (error instanceof ProviderRefusal && finalRefusals.has(error.code)) return { stuck: error.code };
  throw error;
}

export interface Signing {
  readonly mchid: string;
  readonly serial: string;
  readonly key: KeyObject;
}

export interface ProviderKey {
  readonly serial: string;
  readonly key: KeyObject;
}

/** One signed request and its signed answer; the signature of the answer is checked over its raw body. Null for 204. */
export async function signedCall(
  base: string,
  clock: Clock,
  request: { readonly method: 'GET' | 'POST'; readonly target: string; readonly body?: unknown },
  keys: { readonly ours: Signing; readonly theirs: ProviderKey },
  signal: AbortSignal,
): Promise<unknown> {
  const { method, target } = request;
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  const timestampSeconds = secondsOf(clock);
  const nonce = randomBytes(16).toString('hex');
  const answer = await fetch(`${base}${target}`, {
    method,
    signal,
    headers: {
      authorization: authorization(keys.ours, { method, target, timestampSeconds, nonce, body }),
      accept: 'application/json',
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === '' ? {} : { body }),
  });
  const text = await answer.text();
  if (!answer.ok) throw refusalOf(text, answer.status);
  const fault = messageFault(
    signedHeaders((name) => answer.headers.get(name) ?? undefined),
    text,
    keys.theirs,
    secondsOf(clock),
  );
  if (fault) throw new Error(`the provider's answer is not its own: ${fault}`);
  return text === '' ? null : JSON.parse(text);
}

const secondsOf = (clock: Clock): number => Math.floor(clock.now() / 1_000);

export const signedHeaders = (header: (name: string) => string | undefined): SignedHeaders => ({
  timestamp: header('wechatpay-timestamp'),
  nonce: header('wechatpay-nonce'),
  signature: header('wechatpay-signature'),
  serial: header('wechatpay-serial'),
});

function refusalOf(text: string, status: number): ProviderRefusal {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // Not the provider's own words, a proxy's perhaps: the status is all there is.
    return new ProviderRefusal('UNREADABLE', status);
  }
  const parsed = failure.safeParse(body);
  return new ProviderRefusal(parsed.success ? parsed.data.code : 'UNREADABLE', status);
}
