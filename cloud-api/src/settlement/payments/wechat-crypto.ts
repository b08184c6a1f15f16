import { createDecipheriv, createSign, createVerify, timingSafeEqual, type KeyObject } from 'node:crypto';
import { DomainError } from '@gatecast/firmware-protocol';

/**
 * The signatures and the envelope of WeChat Pay API v3 («签名与验签规则», «回调通知处理»), which the sandbox speaks too.
 * A request is signed over METHOD, path with query, seconds, nonce and body; an answer or callback over seconds, nonce and the raw body;
 * each line ends with a line feed; RSA-SHA256 in base64.
 */
const authorizationScheme = 'WECHATPAY2-SHA256-RSA2048';

export interface RequestToSign {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly timestampSeconds: number;
  readonly nonce: string;
  readonly body: string;
}

export const requestText = (r: RequestToSign): string =>
  `${r.method}\n${r.target}\n${r.timestampSeconds}\n${r.nonce}\n${r.body}\n`;

export const messageText = (timestamp: string, nonce: string, body: string): string =>
  `${timestamp}\n${nonce}\n${body}\n`;

export const signRsa = (key: KeyObject, text: string): string =>
  createSign('RSA-SHA256').update(text).sign(key, 'base64');

export const verifyRsa = (key: KeyObject, text: string, signature: string): boolean =>
  createVerify('RSA-SHA256').update(text).verify(key, signature, 'base64');

/** The Authorization header of a signed request. */
export function authorization(
  merchant: { readonly mchid: string; readonly serial: string; readonly key: KeyObject },
  r: RequestToSign,
): string {
  const signature = signRsa(merchant.key, requestText(r));
  const fields = {
    mchid: merchant.mchid,
    nonce_str: r.nonce,
    timestamp: r.timestampSeconds,
    serial_no: merchant.serial,
    signature,
  };
  const list = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return `${authorizationScheme} ${list.join(',')}`;
}

/** Headers of a callback or answer, as received. */
export interface SignedHeaders {
  readonly timestamp: string | undefined;
  readonly nonce: string | undefined;
  readonly signature: string | undefined;
  readonly serial: string | undefined;
}

/** Older messages are replays. */
const messageAgeSecondsMax = 300;

/** WeChat probes receivers with wrong signatures of this form; whoever accepts one checks nothing. */
const probe = 'WECHATPAY/SIGNTEST/';

/** Why a message is not the provider's. */
export type SignatureFault = 'missing-header' | 'stale' | 'unknown-serial' | 'probe' | 'wrong-signature';

/** Checks who sent a message, over the body exactly as it came; undefined if it is the provider's. */
export function messageFault(
  headers: SignedHeaders,
  rawBody: string,
  provider: { readonly serial: string; readonly key: KeyObject },
  nowSeconds: number,
): SignatureFault | undefined {
  const { timestamp, nonce, signature, serial } = headers;
  if (!timestamp || !nonce || !signature || !serial) return 'missing-header';
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowSeconds - Number(timestamp)) > messageAgeSecondsMax) return 'stale';
  if (!sameText(serial, provider.serial)) return 'unknown-serial';
  if (signature.startsWith(probe)) return 'probe';
  return verifyRsa(provider.key, messageText(timestamp, nonce, rawBody), signature) ? undefined : 'wrong-signature';
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The encrypted part of a callback. */
export interface Envelope {
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associated_data?: string | undefined;
}

const tagBytes = 16;

/** Opens AES-256-GCM text whose tag is its last 16 bytes. Throws DomainError `payment-notice-unreadable` if it was changed. */
export function openEnvelope(apiV3Key: Buffer, { ciphertext, nonce, associated_data }: Envelope): string {
  try {
    const bytes = Buffer.from(ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', apiV3Key, Buffer.from(nonce), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(associated_data ?? ''));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new DomainError('payment-notice-unreadable', 'the payment notice cannot be decrypted', {}, { cause });
  }
}
