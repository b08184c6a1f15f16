import { createCipheriv, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fen, instant, manualClock } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandboxProvider } from './sandbox.ts';
import { messageText, requestText, signRsa, verifyRsa } from './wechat-crypto.ts';

/** The other side of the wire, on a real socket: checks every request's signature and signs its answers. */
const clock = manualClock(instant(1_795_000_000_000));
const seconds = String(clock.now() / 1_000);
const theirs = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ours = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pem = (key: typeof ours.publicKey) => key.export({ type: 'spki', format: 'pem' }).toString();
const apiV3Key = 'k'.repeat(32);
const signal = AbortSignal.timeout(20_000);

let server: Server;
let provider: ReturnType<typeof createSandboxProvider>;
let seen: { target: string; mchid: string; signed: boolean; body: Record<string, unknown> }[];
let answer: { status: number; body: unknown; forged?: boolean };

const field = (request: IncomingMessage, name: string) =>
  new RegExp(`${name}="([^"]*)"`).exec(request.headers.authorization ?? '')?.[1] ?? '';

async function handle(request: IncomingMessage): Promise<{ status: number; body: string; signature?: string }> {
  const body = await text(request);
  if (request.url === '/v3/certificates') {
    return { status: 200, body: JSON.stringify({ serial_no: 'THEIRS', publicKeyPem: pem(theirs.publicKey) }) };
  }
  if (request.url === '/sandbox/merchants') return { status: 200, body: '{}' };
  const { method = '', url: target = '' } = request;
  const signing = { method, target, body, nonce: field(request, 'nonce_str') };
  const said = requestText({ ...signing, timestampSeconds: Number(field(request, 'timestamp')) });
  const signed = verifyRsa(createPublicKey(pem(ours.publicKey)), said, field(request, 'signature'));
  seen.push({ target, mchid: field(request, 'mchid'), signed, body: body === '' ? {} : JSON.parse(body) });
  const reply = answer.body === null ? '' : JSON.stringify(answer.body);
  const key = answer.forged ? ours.privateKey : theirs.privateKey;
  return { status: answer.status, body: reply, signature: signRsa(key, messageText(seconds, 'n', reply)) };
}

beforeAll(async () => {
  server = createServer((request, response) => {
    void handle(request).then(({ status, body, signature = '' }) => {
      response.writeHead(status, {
        'wechatpay-timestamp': seconds,
        'wechatpay-nonce': 'n',
        'wechatpay-serial': 'THEIRS',
        'wechatpay-signature': signature,
      });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider = createSandboxProvider({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock,
    key: async () => ({ privateKey: ours.privateKey, publicKeyPem: pem(ours.publicKey), apiV3Key }),
    notifyUrl: () => 'http://gatecast.test/v1/pay/notify/sandbox',
    nameOf: async () => '水果店',
  });
});
afterAll(() => server.close());
beforeEach(() => {
  seen = [];
});

const collection = {
  outTradeNo: 'pay_1',
  amountFen: fen(3_990),
  description: '草莓',
  expiresAt: clock.now(),
  storeId: 'stor_1',
  returnUrl: null,
};

describe('asking the provider for money', () => {
  it('is signed, in the name of the store that sells', async () => {
    answer = { status: 200, body: { pay_url: 'http://pay.test/1' } };
    await expect(provider.prepare(collection, signal)).resolves.toEqual({ payUrl: 'http://pay.test/1' });
    expect(seen).toMatchObject([
      {
        target: '/v3/pay/transactions',
        mchid: 'stor_1',
        signed: true,
        body: { mchid: 'stor_1', amount: { total: 3_990 } },
      },
    ]);
  });

  it('believes no answer that the provider did not sign', async () => {
    answer = { status: 200, body: { pay_url: 'http://elsewhere.test/1' }, forged: true };
    await expect(provider.prepare(collection, signal)).rejects.toThrow('wrong-signature');
  });

  it('asks what became of it: nothing yet, nothing known, or the money', async () => {
    const trade = { mchid: 'gatecast', out_trade_no: 'pay_1', amount: { total: 200 } };
    answer = { status: 200, body: { ...trade, trade_state: 'NOTPAY' } };
    await expect(provider.query('pay_1', null, signal)).resolves.toBeUndefined();
    answer = { status: 404, body: { code: 'ORDER_NOT_EXIST' } };
    await expect(provider.query('pay_1', null, signal)).resolves.toBeUndefined();
    answer = { status: 200, body: { ...trade, trade_state: 'SUCCESS', transaction_id: 'tx1' } };
    await expect(provider.query('pay_1', null, signal)).resolves.toEqual({
      kind: 'paid',
      outTradeNo: 'pay_1',
      transactionId: 'tx1',
      amountFen: 200,
      storeId: null,
    });
  });

  it('passes on why it was refused', async () => {
    answer = { status: 403, body: { code: 'NOT_ENOUGH' } };
    const request = {
      outTradeNo: 'pay_1',
      transactionId: 'tx1',
      outRefundNo: 'r1',
      amountFen: fen(1),
      totalFen: fen(3),
      storeId: null,
    };
    await expect(provider.refund(request, signal)).resolves.toEqual({ stuck: 'NOT_ENOUGH' });
    answer = { status: 500, body: { code: 'SYSTEM_ERROR' } };
    await expect(provider.refund(request, signal)).rejects.toMatchObject({ code: 'SYSTEM_ERROR' });
    for (const [status, expected] of [
      ['SUCCESS', 'done'],
      ['PROCESSING', 'processing'],
      ['ABNORMAL', { stuck: 'ABNORMAL' }],
      ['CLOSED', { stuck: 'CLOSED' }],
    ] as const) {
      answer = { status: 200, body: { status } };
      await expect(provider.refund(request, signal)).resolves.toEqual(expected);
    }
  });
});

describe('a callback', () => {
  const notice = (type: string, content: object, aad: string) => {
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from('nonce-of-12b'));
    cipher.setAAD(Buffer.from(aad));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final(), cipher.getAuthTag()]);
    const ciphertext = sealed.toString('base64');
    const resource = { algorithm: 'AEAD_AES_256_GCM', ciphertext, nonce: 'nonce-of-12b', associated_data: aad };
    return JSON.stringify({ id: '1', event_type: type, resource });
  };
  const read = (body: string, over: Record<string, string> = {}) => {
    const headers: Record<string, string> = {
      'wechatpay-timestamp': seconds,
      'wechatpay-nonce': 'n',
      'wechatpay-serial': 'THEIRS',
      'wechatpay-signature': signRsa(theirs.privateKey, messageText(seconds, 'n', body)),
      ...over,
    };
    return provider.readNotice((name) => headers[name], body);
  };

  it('tells of money and of refunds, and of nothing else', async () => {
    const money = {
      mchid: 'stor_1',
      out_trade_no: 'pay_1',
      trade_state: 'SUCCESS',
      transaction_id: 't',
      amount: { total: 5 },
    };
    await expect(read(notice('TRANSACTION.SUCCESS', money, 'transaction'))).resolves.toMatchObject({
      kind: 'paid',
      storeId: 'stor_1',
      amountFen: 5,
    });
    const refund = { out_refund_no: 'r1', refund_status: 'SUCCESS' };
    await expect(read(notice('REFUND.SUCCESS', refund, 'refund'))).resolves.toEqual({
      kind: 'refunded',
      outRefundNo: 'r1',
    });
    const stuck = { out_refund_no: 'r1', refund_status: 'ABNORMAL' };
    await expect(read(notice('REFUND.ABNORMAL', stuck, 'refund'))).resolves.toEqual({
      kind: 'refund-stuck',
      outRefundNo: 'r1',
      reason: 'ABNORMAL',
    });
    await expect(read(notice('PARKING.ENTERED', {}, 'x'))).resolves.toBeUndefined();
  });

  it.each([
    ['payment-notice-refused', '{}', { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/x' }],
    ['payment-notice-refused', '{}', { 'wechatpay-timestamp': '1' }],
    ['payment-notice-unreadable', 'not json', {}],
    ['payment-notice-unreadable', '{"event_type":"TRANSACTION.SUCCESS"}', {}],
  ])('is refused: %s', async (code, body, over) => {
    await expect(read(body, over)).rejects.toMatchObject({ code });
  });

  it('that was sealed for somebody else is not read', async () => {
    const body = notice('TRANSACTION.SUCCESS', {}, 'transaction').replace('nonce-of-12b', 'nonce-of-12c');
    await expect(read(body)).rejects.toMatchObject({ code: 'payment-notice-unreadable' });
    await expect(read(notice('TRANSACTION.SUCCESS', { wrong: 1 }, 'transaction'))).rejects.toMatchObject({
      code: 'payment-notice-unreadable',
    });
  });
});
