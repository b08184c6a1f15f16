import { randomBytes, type KeyObject } from 'node:crypto';
import type { Clock } from '@gatecast/firmware-protocol';
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
