import { createDecipheriv, createHash, generateKeyPairSync, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { instant, systemClock, type Clock } from '@gatecast/firmware-protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { retryAfterSeconds } from '../harness/sandbox/notifier.ts';
import { createSandbox, type Sandbox } from '../harness/sandbox/sandbox.ts';

interface Callback {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const smsToken = 'token-for-sms';
const mchid = '1900000001';
const apiV3Key = 'k'.repeat(32);
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

let dataDir: string;
let sandbox: Sandbox;
let url: string;
let aheadMs: number;
let faults: unknown[];
let merchantServer: Server;
let notifyUrl: string;
let callbacks: Callback[];
/** What the merchant answers to its callbacks, the last one from then on. */
let answers: number[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatecast-sandbox-'));
  aheadMs = 0;
  faults = [];
  callbacks = [];
  answers = [204];
  merchantServer = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      callbacks.push({ headers: request.headers, body });
      const status = answers.length > 1 ? answers.shift() : answers[0];
      response.writeHead(status ?? 500).end();
    });
  });
  merchantServer.listen(0, '127.0.0.1');
  await once(merchantServer, 'listening');
  notifyUrl = `http://127.0.0.1:${(merchantServer.address() as AddressInfo).port}/notify`;
  await startSandbox();
  await post('/sandbox/merchants', {
    mchid,
    serial_no: 'S1',
    publicKeyPem: keys.publicKey.export({ type: 'spki', format: 'pem' }),
    apiV3Key,
    name: '邻里鲜果',
  });
});

afterEach(async () => {
  await sandbox.stop();
  merchantServer.closeAllConnections();
  merchantServer.close();
  await rm(dataDir, { recursive: true });
  expect(faults).toEqual([]);
});

async function startSandbox(): Promise<void> {
  const clock: Clock = { now: () => instant(Date.now() + aheadMs), mono: () => systemClock.mono() };
  sandbox = createSandbox({ port: 0, dataDir, smsToken, clock, onFault: (error) => faults.push(error) });
  url = `http://127.0.0.1:${await sandbox.start()}`;
}

async function post(path: string, body: object | string, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return answerOf(await fetch(url + path, { method: 'POST', body: text, headers, redirect: 'manual' }));
}

async function answerOf(response: Response) {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json')
    ? (JSON.parse(text) as Record<string, unknown>)
    : {};
  return { status: response.status, headers: response.headers, text, json };
}

interface SignedOptions {
  readonly body?: object;
  readonly serialNo?: string;
  readonly atSecond?: number;
  readonly changedBody?: string;
}

/** A request signed as WeChat Pay's API v3 asks. */
async function signed(method: 'GET' | 'POST', path: string, options: SignedOptions = {}) {
  const body = options.body ? JSON.stringify(options.body) : '';
  const timestamp = String(options.atSecond ?? Math.floor((Date.now() + aheadMs) / 1_000));
  const nonce = randomUUID();
  const text = `${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`;
  const signature = sign('sha256', Buffer.from(text), keys.privateKey).toString('base64');
  const parts = { mchid, nonce_str: nonce, timestamp, serial_no: options.serialNo ?? 'S1', signature };
  const authorization = `WECHATPAY2-SHA256-RSA2048 ${Object.entries(parts)
    .map(([key, value]) => `${key}="${value}"`)
    .join(',')}`;
  const sent = options.changedBody ?? body;
  return answerOf(
    await fetch(url + path, { method, headers: { authorization }, ...(method === 'POST' ? { body: sent } : {}) }),
  );
}

const order = (changes: object = {}) => ({
  mchid,
  out_trade_no: `order_${randomBytes(8).toString('hex')}`,
  description: '赣南脐橙 5 斤装',
  amount: { total: 1_990, currency: 'CNY' },
  notify_url: notifyUrl,
  return_url: 'http://127.0.0.1:9/back',
  ...changes,
});

async function prepared(changes: object = {}) {
  const request = order(changes);
  const { status, json } = await signed('POST', '/v3/pay/transactions', { body: request });
  expect(status).toBe(200);
  return { ...request, prepayId: String(json['prepay_id']), payPath: new URL(String(json['pay_url'])).pathname };
}

const query = (tradeNo: string) => signed('GET', `/v3/pay/transactions/out-trade-no/${tradeNo}?mchid=${mchid}`);

async function openCallback({ headers, body }: Callback): Promise<Record<string, unknown>> {
  const { json } = await answerOf(await fetch(`${url}/sandbox/keys`));
  const shown = Object.values(json) as { serial_no: string; publicKeyPem: string }[];
  const key = shown.find(({ serial_no }) => serial_no === headers['wechatpay-serial']);
  const text = `${String(headers['wechatpay-timestamp'])}\n${String(headers['wechatpay-nonce'])}\n${body}\n`;
  const signature = Buffer.from(String(headers['wechatpay-signature']), 'base64');
  expect(verify('sha256', Buffer.from(text), String(key?.publicKeyPem), signature)).toBe(true);
  const { resource } = JSON.parse(body) as { resource: { ciphertext: string; nonce: string; associated_data: string } };
  const sealed = Buffer.from(resource.ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, resource.nonce);
  decipher.setAAD(Buffer.from(resource.associated_data));
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString();
  return JSON.parse(plain) as Record<string, unknown>;
}

describe('paying', () => {
  test('a payment goes from prepared to paid and the merchant is told before the person returns', async () => {
    const { out_trade_no, payPath } = await prepared();
    expect((await query(out_trade_no)).json['trade_state']).toBe('NOTPAY');

    const paid = await post(payPath, '');
    expect([paid.status, paid.headers.get('location')]).toEqual([303, 'http://127.0.0.1:9/back']);
    expect(callbacks).toHaveLength(1);
    const told = await openCallback(callbacks[0] as Callback);
    expect(told).toMatchObject({ mchid, out_trade_no, trade_state: 'SUCCESS', amount: { total: 1_990 } });
    expect((await query(out_trade_no)).json).toMatchObject({
      trade_state: 'SUCCESS',
      transaction_id: told['transaction_id'],
    });
  });

  test('paying twice takes the money once', async () => {
    const { payPath } = await prepared();
    await post(payPath, '');
    expect((await post(payPath, '')).status).toBe(303);
    expect(callbacks).toHaveLength(1);
  });

  test('asking again with the same number gives the same payment, with another amount it is refused', async () => {
    const { prepayId, payPath, ...request } = await prepared();
    expect((await signed('POST', '/v3/pay/transactions', { body: request })).json['prepay_id']).toBe(prepayId);
    const other = await signed('POST', '/v3/pay/transactions', { body: { ...request, amount: { total: 1 } } });
    expect([other.status, other.json['code']]).toEqual([400, 'OUT_TRADE_NO_USED']);
    await post(payPath, '');
    const again = await signed('POST', '/v3/pay/transactions', { body: request });
    expect([again.status, again.json['code']]).toEqual([400, 'ORDERPAID']);
  });

  test('a closed order cannot be paid, a paid one not closed', async () => {
    const closed = await prepared();
    const path = (no: string) => `/v3/pay/transactions/out-trade-no/${no}/close`;
    expect((await signed('POST', path(closed.out_trade_no), { body: { mchid } })).status).toBe(204);
    expect((await signed('POST', path(closed.out_trade_no), { body: { mchid } })).status).toBe(204);
    expect((await post(closed.payPath, '')).json['code']).toBe('ORDER_CLOSED');
    const paid = await prepared();
    await post(paid.payPath, '');
    expect((await signed('POST', path(paid.out_trade_no), { body: { mchid } })).json['code']).toBe('ORDERPAID');
  });

  test('a payment expires after two hours', async () => {
    const { payPath } = await prepared();
    aheadMs = 2 * 3_600_000 + 1;
    expect((await post(payPath, '')).json['code']).toBe('PREPAY_EXPIRED');
  });

  test('a bank may refuse, and the same payment can be tried again', async () => {
    const { out_trade_no, payPath } = await prepared();
    await post('/sandbox/bank', { refuses: true });
    const asPerson = { method: 'POST', headers: { accept: 'text/html' }, redirect: 'manual' } as const;
    const refused = await fetch(`${url}${payPath}`, asPerson);
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain('银行没有通过这笔付款');
    expect((await query(out_trade_no)).json['trade_state']).toBe('NOTPAY');
    await post('/sandbox/bank', { refuses: false });
    await post(payPath, '');
    expect((await query(out_trade_no)).json['trade_state']).toBe('SUCCESS');
  });

  test('what was paid is known after a restart', async () => {
    const { out_trade_no, payPath } = await prepared();
    await post(payPath, '');
    await sandbox.stop();
    await startSandbox();
    expect((await query(out_trade_no)).json['trade_state']).toBe('SUCCESS');
  });
});

describe('callbacks', () => {
  test('are repeated until the merchant takes them, under the same id', async () => {
    answers = [500, 404, 200];
    const { payPath } = await prepared();
    await post(payPath, '');
    await vi.waitFor(() => expect(callbacks).toHaveLength(3), { timeout: 8_000 });
    expect(new Set(callbacks.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size).toBe(1);
  });

  test('go on after a restart', async () => {
    answers = [500, 200];
    const { payPath } = await prepared();
    await post(payPath, '');
    await sandbox.stop();
    await startSandbox();
    await vi.waitFor(() => expect(callbacks).toHaveLength(2), { timeout: 8_000 });
  });

  test('can be kept back, doubled and forged for those who test the other side', async () => {
    await post('/sandbox/callbacks', { mode: 'never' });
    await post((await prepared()).payPath, '');
    expect(callbacks).toHaveLength(0);
    await post('/sandbox/callbacks', { mode: 'twice' });
    await vi.waitFor(() => expect(callbacks).toHaveLength(2), { timeout: 8_000 });
    await post('/sandbox/callbacks', { mode: 'forged' });
    await post((await prepared()).payPath, '');
    expect(String(callbacks[2]?.headers['wechatpay-signature'])).toContain('WECHATPAY/SIGNTEST/');
    await post('/sandbox/callbacks', { mode: 'normal' });
    await vi.waitFor(() => expect(callbacks).toHaveLength(4), { timeout: 8_000 });
    await openCallback(callbacks[3] as Callback);
  });
});

describe('refunds', () => {
  const refund = (out_trade_no: string, out_refund_no: string, fen: number, more: object = {}) =>
    signed('POST', '/v3/refund/domestic/refunds', {
      body: { out_trade_no, out_refund_no, amount: { refund: fen, total: 1_990, currency: 'CNY' }, ...more },
    });

  test('one number refunds once, and never more than was paid', async () => {
    const { out_trade_no, payPath } = await prepared();
    expect((await refund(out_trade_no, 'refund_1', 990)).json['code']).toBe('ORDER_NOT_PAID');
    await post(payPath, '');
    const first = await refund(out_trade_no, 'refund_1', 990);
    expect(first.json).toMatchObject({ status: 'SUCCESS', amount: { refund: 990, total: 1_990 } });
    expect((await refund(out_trade_no, 'refund_1', 990)).json['refund_id']).toBe(first.json['refund_id']);
    expect((await refund(out_trade_no, 'refund_1', 991)).json['code']).toBe('PARAM_ERROR');
    const tooMuch = await refund(out_trade_no, 'refund_2', 1_001);
    expect([tooMuch.status, tooMuch.json['code']]).toEqual([403, 'NOT_ENOUGH']);
    expect((await refund(out_trade_no, 'refund_2', 1_000)).status).toBe(200);
    expect((await query(out_trade_no)).json['trade_state']).toBe('REFUND');
  });

  test('are told to the address that was given for it', async () => {
    const { out_trade_no, payPath } = await prepared();
    await post(payPath, '');
    await refund(out_trade_no, 'refund_1', 1_990, { notify_url: notifyUrl });
    await vi.waitFor(() => expect(callbacks).toHaveLength(2), { timeout: 8_000 });
    expect(await openCallback(callbacks[1] as Callback)).toMatchObject({
      out_refund_no: 'refund_1',
      refund_status: 'SUCCESS',
    });
  });
});

describe('what is refused', () => {
  test.each([
    ['another serial number', { serialNo: 'S2' }],
    ['a time six minutes off', { atSecond: Math.floor(Date.now() / 1_000) - 360 }],
    ['a body changed on the way', { changedBody: JSON.stringify(order({ amount: { total: 1 } })) }],
  ])('%s', async (_name, options) => {
    const { status, json } = await signed('POST', '/v3/pay/transactions', { body: order(), ...options });
    expect([status, json['code']]).toEqual([401, 'SIGN_ERROR']);
  });

  test('a request without a signature', async () => {
    expect((await post('/v3/pay/transactions', order())).json['code']).toBe('SIGN_ERROR');
  });

  test.each([
    ['half a fen', { amount: { total: 0.5 } }],
    ['a notify_url with a query', { notify_url: 'http://127.0.0.1/n?a=1' }],
    ['the name of another merchant', { mchid: '1900000002' }],
    ['a number with blanks', { out_trade_no: 'a b c d e f' }],
  ])('%s', async (_name, changes) => {
    const { status, json } = await signed('POST', '/v3/pay/transactions', { body: order(changes) });
    expect([status, json['code']]).toEqual([400, 'PARAM_ERROR']);
  });

  test.each([
    ['/sandbox/merchants', 'no json', 400, 'PARAM_ERROR'],
    ['/pay/nowhere', '', 404, 'NOT_FOUND'],
    ['/nowhere', '{}', 404, 'NOT_FOUND'],
    ['/sandbox/merchants', 'x'.repeat(70_000), 413, 'BODY_TOO_LARGE'],
  ])('POST %s with what it cannot use', async (path, body, status, code) => {
    const answer = await post(path, body);
    expect([answer.status, answer.json['code']]).toEqual([status, code]);
  });
});

describe('pages and messages', () => {
  test('the pay page says that it is a sandbox, what is paid and to whom, in two languages', async () => {
    const { payPath } = await prepared({ description: '<b>橙</b>' });
    const zh = await answerOf(await fetch(url + payPath));
    expect(zh.text).toContain('沙箱支付');
    expect(zh.text).toContain('19.90');
    expect(zh.text).toContain('邻里鲜果');
    expect(zh.text).toContain('&lt;b&gt;');
    expect((await answerOf(await fetch(`${url}${payPath}?lang=en`))).text).toContain('Pay now');
  });

  test('the list of payments shows their states', async () => {
    const { payPath } = await prepared();
    await post(payPath, '');
    expect((await answerOf(await fetch(url))).text).toContain('已支付');
    expect((await answerOf(await fetch(`${url}/payments.json`))).json).toMatchObject({
      items: [{ trade_state: 'SUCCESS' }],
    });
  });

  test('a text message arrives with the right token only, and the oldest make room', async () => {
    const bearer = { authorization: `Bearer ${smsToken}` };
    expect((await post('/sms', { phone: '19900000001', text: 'x' })).json['code']).toBe('SMS_TOKEN');
    for (let n = 0; n < 205; n += 1) await post('/sms', { phone: '19900000001', text: `验证码 ${n}` }, bearer);
    await post('/sms', { phone: '19900000002', text: '您好' }, bearer);
    const { items } = (await answerOf(await fetch(`${url}/sms.json`))).json as { items: { text: string }[] };
    expect([items.length, items[0]?.text]).toEqual([200, '您好']);
    const own = (await answerOf(await fetch(`${url}/sms.json?phone=19900000002`))).json as { items: unknown[] };
    expect(own.items).toHaveLength(1);
    expect((await answerOf(await fetch(`${url}/sms`))).text).toContain('您好');
  });
});

describe('the provider’s own addresses', () => {
  const appid = 'wx1234567890abcdef';
  const h5 = { scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } } };
  const wanted = (more: object) => {
    const { return_url: _unknown, ...rest } = order();
    return { ...rest, appid, ...more };
  };
  const ask = (path: string, body: object) => signed('POST', path, { body });

  test('each way of paying asks for what it needs and answers with its own', async () => {
    const jsapi = await ask('/v3/pay/transactions/jsapi', wanted({ payer: { openid: 'o_1' } }));
    expect(Object.keys(jsapi.json)).toEqual(['prepay_id']);
    expect(String((await ask('/v3/pay/transactions/h5', wanted(h5))).json['h5_url'])).toContain('/pay/wx');
    expect(String((await ask('/v3/pay/transactions/native', wanted({}))).json['code_url'])).toMatch(/^weixin:/);
    for (const [way, lacking] of [
      ['jsapi', {}],
      ['h5', {}],
      ['native', { appid: '' }],
    ] as const)
      expect((await ask(`/v3/pay/transactions/${way}`, wanted(lacking))).json['code']).toBe('PARAM_ERROR');
  });

  test('an H5 address counts for five minutes, and anew when the same order is asked for again', async () => {
    const body = wanted(h5);
    const path = async () => new URL(String((await ask('/v3/pay/transactions/h5', body)).json['h5_url'])).pathname;
    const first = await path();
    aheadMs = 5 * 60_000 + 1;
    expect((await post(first, '')).json['code']).toBe('H5_EXPIRED');
    expect(await path()).toBe(first);
    expect((await post(first, '')).status).toBe(303);
  });

  test('an order ends when its own time is over', async () => {
    const time_expire = new Date(Date.now() + 60_000).toISOString();
    const { json } = await ask('/v3/pay/transactions/native', wanted({ time_expire }));
    aheadMs = 60_001;
    expect((await post(`/pay/${String(json['code_url']).split('pr=')[1]}`, '')).json['code']).toBe('PREPAY_EXPIRED');
  });

  test('a service provider asks in the name of a merchant, and is told so', async () => {
    const { mchid: _mchid, return_url: _url, ...rest } = order();
    const parties = { sp_appid: appid, sp_mchid: mchid, sub_mchid: '1900000077' };
    const made = await ask('/v3/pay/partner/transactions/h5', { ...rest, ...parties, ...h5 });
    await post(new URL(String(made.json['h5_url'])).pathname, '');
    const told = await openCallback(callbacks[0] as Callback);
    expect(told).toMatchObject(parties);
    const by = `sp_mchid=${mchid}&sub_mchid=1900000077`;
    const base = '/v3/pay/partner/transactions';
    const found = await signed('GET', `${base}/id/${String(told['transaction_id'])}?${by}`);
    expect(found.json).toMatchObject({ out_trade_no: rest.out_trade_no, trade_state: 'SUCCESS' });
    const elsewhere = `${base}/out-trade-no/${rest.out_trade_no}?sp_mchid=${mchid}&sub_mchid=1900000078`;
    expect((await signed('GET', elsewhere)).json['code']).toBe('ORDER_NOT_EXIST');
  });

  test('both keys sign: the one that the caller names, or the one that is set', async () => {
    const keysOf = (await answerOf(await fetch(`${url}/sandbox/keys`))).json as Record<string, { serial_no: string }>;
    expect(keysOf['public-key']?.serial_no).toMatch(/^PUB_KEY_ID_/);
    expect(keysOf['certificate']?.serial_no).toMatch(/^[0-9A-F]{40}$/);
    await post('/sandbox/faults', { signsWith: 'certificate' });
    await post((await prepared()).payPath, '');
    expect(callbacks[0]?.headers['wechatpay-serial']).toBe(keysOf['certificate']?.serial_no);
    await openCallback(callbacks[0] as Callback);
  });
});

describe('faults', () => {
  const faultOf = async (payPath: string, fault: string) => {
    callbacks = [];
    expect((await post(`/sandbox/payments/${payPath.split('/').at(-1) ?? ''}/fault`, { fault })).status).toBe(200);
    return openCallback(callbacks[0] as Callback);
  };

  test('a closed order is paid all the same', async () => {
    const { out_trade_no, payPath } = await prepared();
    await signed('POST', `/v3/pay/transactions/out-trade-no/${out_trade_no}/close`, { body: { mchid } });
    expect(await faultOf(payPath, 'late-success')).toMatchObject({ out_trade_no, trade_state: 'SUCCESS' });
  });

  test('an order is paid twice, and each payment goes back by itself', async () => {
    const { out_trade_no, payPath } = await prepared();
    await post(payPath, '');
    const first = await openCallback(callbacks[0] as Callback);
    const second = await faultOf(payPath, 'pay-twice');
    expect(second).toMatchObject({ out_trade_no });
    for (const [n, one] of [first, second].entries()) {
      const body = {
        transaction_id: one['transaction_id'],
        out_refund_no: `back_${n}_1`,
        amount: { refund: 1_990, total: 1_990 },
      };
      expect((await signed('POST', '/v3/refund/domestic/refunds', { body })).json['status']).toBe('SUCCESS');
    }
    expect(first['transaction_id']).not.toBe(second['transaction_id']);
  });

  test.each([
    ['wrong-amount', { amount: { total: 1_991 } }],
    ['wrong-merchant', { mchid: '1900009999' }],
    ['wrong-app', { appid: 'wx00000000000000ff' }],
  ])('%s', async (fault, told) => {
    expect(await faultOf((await prepared()).payPath, fault)).toMatchObject(told);
  });

  test('callbacks come late, turned round, too old, rewritten or tampered with', async () => {
    await post('/sandbox/faults', { callbacks: 'late' });
    const { payPath } = await prepared();
    await post(payPath, '');
    expect(callbacks).toHaveLength(0);
    aheadMs = 31_000;
    await vi.waitFor(() => expect(callbacks).toHaveLength(1), { timeout: 8_000 });
    await post('/sandbox/faults', { callbacks: 'backwards' });
    const [one, two] = [await prepared(), await prepared()];
    for (const { payPath: path } of [one, two]) await post(path, '');
    await vi.waitFor(() => expect(callbacks).toHaveLength(3), { timeout: 8_000 });
    const order = await Promise.all(callbacks.slice(1).map(async (told) => (await openCallback(told))['out_trade_no']));
    expect(order).toEqual([two.out_trade_no, one.out_trade_no]);
    answers = [401];
    for (const mode of ['stale', 'rewritten', 'tampered']) {
      await post('/sandbox/faults', { callbacks: mode });
      callbacks = [];
      await post((await prepared()).payPath, '');
      await post('/sandbox/faults', { callbacks: 'never' });
      const { headers, body } = callbacks[0] as Callback;
      const isOld = Date.now() + aheadMs - Number(headers['wechatpay-timestamp']) * 1_000 > 300_000;
      expect([isOld, body.includes('\n'), body.includes('parking')]).toEqual([
        mode === 'stale',
        mode === 'rewritten',
        mode === 'tampered',
      ]);
    }
  });

  test('a refund stays under way, comes to nothing, or succeeds when it is asked for again', async () => {
    const { out_trade_no, payPath } = await prepared();
    await post(payPath, '');
    await post('/sandbox/faults', { refunds: 'PROCESSING' });
    const body = {
      out_trade_no,
      out_refund_no: 'refund_9',
      amount: { refund: 1_990, total: 1_990 },
      notify_url: notifyUrl,
    };
    const ask = () => signed('POST', '/v3/refund/domestic/refunds', { body });
    expect((await ask()).json['status']).toBe('PROCESSING');
    callbacks = [];
    await post('/sandbox/refunds/end', { status: 'ABNORMAL' });
    expect(JSON.parse(String(callbacks[0]?.body))).toMatchObject({ event_type: 'REFUND.ABNORMAL' });
    expect((await signed('GET', '/v3/refund/domestic/refunds/refund_9')).json['status']).toBe('ABNORMAL');
    await post('/sandbox/faults', { refunds: 'SUCCESS' });
    expect((await ask()).json['status']).toBe('SUCCESS');
    expect((await signed('GET', '/v3/refund/domestic/refunds/refund_8')).json['code']).toBe('RESOURCE_NOT_EXISTS');
  });

  test('are set by hand on a page in two languages, and put right again', async () => {
    const { payPath } = await prepared({ description: '<b>橙</b>' });
    const form = async (path: string, fields: Record<string, string>) =>
      (await fetch(url + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })).status;
    const fields = {
      callbacks: 'never',
      refunds: 'CLOSED',
      signsWith: 'certificate',
      missing: '1',
      added: '2',
      changed: '3',
    };
    expect(await form('/faults', { ...fields, bankRefuses: 'on' })).toBe(303);
    const said = await answerOf(await fetch(`${url}/sandbox/faults`));
    expect(said.json).toMatchObject({
      callbacks: 'never',
      bankRefuses: true,
      bill: { missing: 1, added: 2, changed: 3 },
    });
    const [zh, en] = [
      await answerOf(await fetch(`${url}/faults`)),
      await answerOf(await fetch(`${url}/faults?lang=en`)),
    ];
    expect(zh.text).toContain('正在出错');
    expect(zh.text).toContain('&lt;b&gt;');
    expect(en.text).toContain('Going wrong now');
    expect(await form('/faults/none', {})).toBe(303);
    expect(await form(`/faults/payments/${payPath.split('/').at(-1) ?? ''}`, { fault: 'late-success' })).toBe(303);
    expect(callbacks).toHaveLength(1);
    expect(await form('/faults/payments/wx1', { fault: 'explode' })).toBe(400);
  });
});

describe('a day’s bill', () => {
  const today = () => new Date(Date.now() + aheadMs + 8 * 3_600_000).toISOString().slice(0, 10);
  const fetchBill = async (query = '') => {
    const { json } = await signed('GET', `/v3/bill/tradebill?bill_date=${today()}${query}`);
    const target = new URL(String(json['download_url']));
    const nonce = randomUUID();
    const timestamp = String(Math.floor((Date.now() + aheadMs) / 1_000));
    const text = `GET\n${target.pathname}${target.search}\n${timestamp}\n${nonce}\n\n`;
    const signature = sign('sha256', Buffer.from(text), keys.privateKey).toString('base64');
    const fields = { mchid, nonce_str: nonce, timestamp, serial_no: 'S1', signature };
    const list = Object.entries(fields).map(([key, value]) => `${key}="${value}"`);
    const authorization = `WECHATPAY2-SHA256-RSA2048 ${list.join(',')}`;
    const bytes = Buffer.from(await (await fetch(target, { headers: { authorization } })).arrayBuffer());
    const whole = query.includes('GZIP') ? gunzipSync(bytes) : bytes;
    expect(createHash('sha1').update(whole).digest('hex')).toBe(json['hash_value']);
    return whole.toString().split('\r\n').filter(Boolean);
  };

  test('has payments and refunds in yuan behind back-ticks, packed or not, and its sums', async () => {
    const { out_trade_no, payPath } = await prepared();
    await prepared();
    await post(payPath, '');
    const body = { out_trade_no, out_refund_no: 'refund_1', amount: { refund: 990, total: 1_990 } };
    await signed('POST', '/v3/refund/domestic/refunds', { body });
    for (const query of ['', '&tar_type=GZIP']) {
      const lines = await fetchBill(query);
      expect(lines).toHaveLength(5);
      expect(lines[1]).toContain(`\`${out_trade_no},`);
      expect(lines[1]).toContain('`SUCCESS,`OTHERS,`CNY,`19.90,');
      expect(lines[2]).toContain('`refund_1,`9.90,');
      expect(lines[4]).toMatch(/^`2,`19\.90,`9\.90,/);
    }
    expect(await fetchBill('&bill_type=REFUND')).toHaveLength(4);
  });

  test('has as many differences as were planted', async () => {
    for (let n = 0; n < 4; n += 1) await post((await prepared()).payPath, '');
    const before = await fetchBill();
    await post('/sandbox/faults', { bill: { missing: 1, added: 2, changed: 1 } });
    const after = await fetchBill();
    const kept = after.filter((line) => before.includes(line));
    expect([before.length, after.length]).toEqual([7, 8]);
    // The two heads and two of four payments are as they were.
    expect(kept).toHaveLength(4);
  });

  test('is not there for a day on which nothing happened', async () => {
    const { json } = await signed('GET', '/v3/bill/tradebill?bill_date=2020-01-01');
    expect(json['code']).toBe('NO_STATEMENT_EXIST');
  });
});

test('callbacks are repeated fifteen times in about a day, as the real ones are', () => {
  expect(retryAfterSeconds).toHaveLength(15);
  const hoursOf = retryAfterSeconds.reduce((sum, wait) => sum + wait, 0) / 3_600;
  expect(hoursOf).toBeGreaterThan(23);
  expect(hoursOf).toBeLessThan(26);
});
