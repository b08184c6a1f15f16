import { createCipheriv, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  authorization,
  messageFault,
  messageText,
  openEnvelope,
  requestText,
  signRsa,
  verifyRsa,
} from './wechat-crypto.ts';

const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
const provider = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = randomBytes(32);
const now = 1_795_000_000;

function seal(text: string, aad: string): { ciphertext: string; nonce: string; associated_data: string } {
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.from('nonce-of-12b'));
  cipher.setAAD(Buffer.from(aad));
  const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { ciphertext: bytes.toString('base64'), nonce: 'nonce-of-12b', associated_data: aad };
}

describe('a request to the provider', () => {
  it('is signed over method, target, time, nonce and body', () => {
    const request = { method: 'POST', target: '/v3/pay?x=1', timestampSeconds: now, nonce: 'abc', body: '{"a":1}' };
    const header = authorization({ mchid: '1900', serial: 'S1', key: merchant.privateKey }, request);
    const fields = Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1], m[2]]));
    expect(header.startsWith('WECHATPAY2-SHA256-RSA2048 mchid="1900",')).toBe(true);
    expect(verifyRsa(merchant.publicKey, requestText(request), fields['signature'] ?? '')).toBe(true);
    expect(verifyRsa(merchant.publicKey, requestText({ ...request, body: '{}' }), fields['signature'] ?? '')).toBe(
      false,
    );
  });
});

describe('a callback', () => {
  const body = '{"id":"1","resource":{}}';
  const signed = (over: object = {}, text = body) => ({
    timestamp: String(now),
    nonce: 'n',
    serial: 'PUB_KEY_ID_1',
    signature: signRsa(provider.privateKey, messageText(String(now), 'n', text)),
    ...over,
  });
  const fault = (headers: ReturnType<typeof signed>, raw = body, at = now) =>
    messageFault(headers, raw, { serial: 'PUB_KEY_ID_1', key: provider.publicKey }, at);

  it('is believed if the provider signed exactly this body a moment ago', () => {
    expect(fault(signed())).toBeUndefined();
  });

  it.each([
    ['wrong-signature', signed(), `${body} `, now],
    [
      'wrong-signature',
      signed({ signature: signRsa(merchant.privateKey, messageText(String(now), 'n', body)) }),
      body,
      now,
    ],
    ['wrong-signature', signed({ signature: 'no base64 at all' }), body, now],
    ['probe', signed({ signature: 'WECHATPAY/SIGNTEST/abc' }), body, now],
    ['unknown-serial', signed({ serial: 'PUB_KEY_ID_2' }), body, now],
    ['missing-header', signed({ nonce: undefined }), body, now],
    ['stale', signed(), body, now + 301],
    ['stale', signed({ timestamp: 'soon' }), body, now],
  ] as const)('is refused: %s', (expected, headers, raw, at) => {
    expect(fault(headers, raw, at)).toBe(expected);
  });

  it('gives its content to the holder of the key only, and not when it was changed', () => {
    const sealed = seal('{"amount":1}', 'transaction');
    expect(openEnvelope(key, sealed)).toBe('{"amount":1}');
    for (const changed of [
      { ...sealed, associated_data: 'refund' },
      { ...sealed, ciphertext: 'AAAA' },
      { ...sealed, nonce: '' },
    ]) {
      expect(() => openEnvelope(key, changed)).toThrow(expect.objectContaining({ code: 'payment-notice-unreadable' }));
    }
    expect(() => openEnvelope(randomBytes(32), sealed)).toThrow(
      expect.objectContaining({ code: 'payment-notice-unreadable' }),
    );
  });
});
