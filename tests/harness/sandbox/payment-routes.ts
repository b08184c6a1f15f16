import { randomBytes } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { minutes, type Clock } from '@gatecast/firmware-protocol';
import { billOf, type Bill } from './bill.ts';
import { SandboxFault } from './faults.ts';
import { refundAnswer, tradeFacts } from './payment-words.ts';
import type { NewPayment, Payments } from './payments.ts';
import type { ProviderState } from './provider-state.ts';
import {
  billQuery,
  closeRequest,
  merchantRequest,
  orderRequests,
  parseBody,
  parseValue,
  partnerCloseRequest,
  partnerRequests,
  payRequest,
  refundRequest,
} from './requests.ts';
import { checkRequest, parseAuthorization, publicPemOf, requestText, signedHeaders } from './signature.ts';
import { ownKey, type KeyMode, type MerchantRow, type PaymentRow, type SandboxStore, type TradeType } from './store.ts';

export interface PaymentParts {
  readonly store: SandboxStore;
  readonly payments: Payments;
  readonly state: ProviderState;
  readonly clock: Clock;
}

const tradeTypes = { jsapi: 'JSAPI', h5: 'MWEB', native: 'NATIVE' } as const satisfies Record<string, TradeType>;
type Way = keyof typeof tradeTypes;
const ways: readonly Way[] = ['jsapi', 'h5', 'native'];
const billLifeMs = minutes(5);

/** The merchant's side: what WeChat Pay's API v3 asks and answers, in thin form. */
export function paymentRoutes(parts: PaymentParts): Hono {
  const app = new Hono();
  const wire = createWire(parts);
  merchantRoutes(app, parts, wire);
  orderRoutes(app, parts, wire);
  partnerRoutes(app, parts, wire);
  refundRoutes(app, parts, wire);
  billRoutes(app, parts, wire);
  return app;
}

interface Wire {
  /** Checks the request's signature; tells who made it. */
  readonly signedBody: (c: Context) => Promise<{ readonly mchid: string; readonly body: string }>;
  readonly answer: (c: Context, value: object) => Response;
  readonly noContent: (c: Context) => Response;
}

function createWire({ store, state, clock }: PaymentParts): Wire {
  const nowSecond = (): number => Math.floor(clock.now() / 1_000);
  /** Whoever names the key that it knows is answered with that one. */
  const keyFor = (c: Context) => {
    const named = c.req.header('wechatpay-serial');
    const modes: readonly KeyMode[] = ['public-key', 'certificate'];
    const keys = modes.map((mode) => ownKey(store, mode));
    return keys.find(({ serialNo }) => serialNo === named) ?? ownKey(store, state.signsWith);
  };
  return {
    async signedBody(c) {
      const body = await c.req.text();
      const signed = parseAuthorization(c.req.header('authorization'));
      const merchant = store
        .prepare<[string], MerchantRow>('select * from merchants where mchid = ?')
        .get(signed.mchid);
      if (!merchant || merchant.serial_no !== signed.serialNo) {
        throw new SandboxFault('SIGN_ERROR', 'unknown mchid or serial_no');
      }
      const { pathname, search } = new URL(c.req.url);
      const text = requestText(c.req.method, pathname + search, signed.timestamp, signed.nonce, body);
      checkRequest(text, signed, merchant.public_key_pem, nowSecond());
      return { mchid: signed.mchid, body };
    },
    answer(c, value) {
      const body = JSON.stringify(value);
      return c.body(body, 200, { ...signedHeaders(keyFor(c), nowSecond(), body), 'content-type': 'application/json' });
    },
    noContent: (c) => c.body(null, 204, signedHeaders(keyFor(c), nowSecond(), '')),
  };
}

/** A request speaks for the merchant that it names. */
function mustBe(mchid: string, named: string | undefined): void {
  if (named !== mchid) throw new SandboxFault('PARAM_ERROR', 'mchid is not who signed');
}

function merchantRoutes(app: Hono, { store, state }: PaymentParts, { answer }: Wire): void {
  app.post('/sandbox/merchants', async (c) => {
    const { mchid, serial_no, publicKeyPem, apiV3Key, name } = parseBody(await c.req.text(), merchantRequest);
    store
      .prepare('insert or replace into merchants values (?, ?, ?, ?, ?)')
      .run(mchid, serial_no, publicKeyPem, apiV3Key, name ?? mchid);
    return c.json({ mchid });
  });
  const shown = (mode: KeyMode) => {
    const key = ownKey(store, mode);
    return { serial_no: key.serialNo, publicKeyPem: publicPemOf(key) };
  };
  app.get('/v3/certificates', (c) => answer(c, shown(state.signsWith)));
  app.get('/sandbox/keys', (c) => c.json({ 'public-key': shown('public-key'), certificate: shown('certificate') }));
}

/** What a way of paying answers with. */
function prepared(c: Context, way: Way, { prepay_id }: PaymentRow): object {
  if (way === 'jsapi') return { prepay_id };
  const url = new URL(`/pay/${prepay_id}`, c.req.url);
  if (way === 'h5') return { h5_url: url.href };
  return { code_url: `weixin://wxpay/bizpayurl?pr=${prepay_id}` };
}

function orderRoutes(app: Hono, { payments }: PaymentParts, { signedBody, answer, noContent }: Wire): void {
  const own = { sp_mchid: null, trade_type: null, appid: null } as const;
  app.post('/v3/pay/transactions', async (c) => {
    const { mchid, body } = await signedBody(c);
    const request = parseBody(body, payRequest);
    mustBe(mchid, request.mchid);
    const { prepay_id } = payments.prepare({ ...own, ...request });
    return answer(c, { prepay_id, pay_url: new URL(`/pay/${prepay_id}`, c.req.url).href });
  });
  for (const way of ways)
    app.post(`/v3/pay/transactions/${way}`, async (c) => {
      const { mchid, body } = await signedBody(c);
      const request = parseBody(body, orderRequests[way]);
      mustBe(mchid, request.mchid);
      const asked: NewPayment = { ...request, sp_mchid: null, trade_type: tradeTypes[way] };
      return answer(c, prepared(c, way, payments.prepare(asked)));
    });
  app.get('/v3/pay/transactions/out-trade-no/:no', async (c) => {
    const { mchid } = await signedBody(c);
    mustBe(mchid, c.req.query('mchid'));
    return answer(c, tradeFacts(payments.byTradeNo(mchid, c.req.param('no'))));
  });
  app.get('/v3/pay/transactions/id/:id', async (c) => {
    const { mchid } = await signedBody(c);
    mustBe(mchid, c.req.query('mchid'));
    return answer(c, tradeFacts(payments.byTransactionId(mchid, c.req.param('id'))));
  });
  app.post('/v3/pay/transactions/out-trade-no/:no/close', async (c) => {
    const { mchid, body } = await signedBody(c);
    mustBe(mchid, parseBody(body, closeRequest).mchid);
    payments.close(mchid, c.req.param('no'));
    return noContent(c);
  });
}

/** The same for a service provider, who signs, and a merchant of its, whose money it is. */
function partnerRoutes(app: Hono, { payments }: PaymentParts, { signedBody, answer, noContent }: Wire): void {
  const base = '/v3/pay/partner/transactions';
  for (const way of ways)
    app.post(`${base}/${way}`, async (c) => {
      const { mchid, body } = await signedBody(c);
      const { sp_appid: appid, sp_mchid, sub_mchid, ...order } = parseBody(body, partnerRequests[way]);
      mustBe(mchid, sp_mchid);
      const asked: NewPayment = { ...order, appid, sp_mchid, mchid: sub_mchid, trade_type: tradeTypes[way] };
      return answer(c, prepared(c, way, payments.prepare(asked)));
    });
  const ofPartner = (payment: PaymentRow, sp: string): PaymentRow => {
    if (payment.sp_mchid !== sp) throw new SandboxFault('ORDER_NOT_EXIST', 'there is no such order');
    return payment;
  };
  app.get(`${base}/out-trade-no/:no`, async (c) => {
    const { mchid } = await signedBody(c);
    mustBe(mchid, c.req.query('sp_mchid'));
    return answer(
      c,
      tradeFacts(ofPartner(payments.byTradeNo(c.req.query('sub_mchid') ?? '', c.req.param('no')), mchid)),
    );
  });
  app.get(`${base}/id/:id`, async (c) => {
    const { mchid } = await signedBody(c);
    mustBe(mchid, c.req.query('sp_mchid'));
    const found = payments.byTransactionId(c.req.query('sub_mchid') ?? '', c.req.param('id'));
    return answer(c, tradeFacts(ofPartner(found, mchid)));
  });
  app.post(`${base}/out-trade-no/:no/close`, async (c) => {
    const { mchid, body } = await signedBody(c);
    const { sp_mchid, sub_mchid } = parseBody(body, partnerCloseRequest);
    mustBe(mchid, sp_mchid);
    payments.close(ofPartner(payments.byTradeNo(sub_mchid, c.req.param('no')), mchid).mchid, c.req.param('no'));
    return noContent(c);
  });
}

function refundRoutes(app: Hono, { payments }: PaymentParts, { signedBody, answer }: Wire): void {
  app.post('/v3/refund/domestic/refunds', async (c) => {
    const { mchid, body } = await signedBody(c);
    const request = parseBody(body, refundRequest);
    const row = payments.refund(request.sub_mchid ?? mchid, request);
    return answer(c, refundAnswer(payments.byPrepayId(row.prepay_id), row));
  });
  app.get('/v3/refund/domestic/refunds/:no', async (c) => {
    const { mchid } = await signedBody(c);
    const row = payments.refundByNo(c.req.query('sub_mchid') ?? mchid, c.req.param('no'));
    return answer(c, refundAnswer(payments.byPrepayId(row.prepay_id), row));
  });
}

/** A bill is asked for, and fetched within five minutes; the file itself is not signed, its hash is. */
function billRoutes(app: Hono, { store, state, clock }: PaymentParts, { signedBody, answer }: Wire): void {
  const files = new Map<string, { readonly mchid: string; readonly bill: Bill; readonly until: number }>();
  app.get('/v3/bill/tradebill', async (c) => {
    const { mchid } = await signedBody(c);
    const query = parseValue(c.req.query(), billQuery);
    const bill = billOf(store, mchid, query, state.bill);
    for (const [token, { until }] of files) if (until < clock.now()) files.delete(token);
    const token = randomBytes(16).toString('hex');
    files.set(token, { mchid, bill, until: clock.now() + billLifeMs });
    const url = new URL(`/v3/billdownload/file?token=${token}`, c.req.url);
    return answer(c, { hash_type: 'SHA1', hash_value: bill.sha1, download_url: url.href });
  });
  app.get('/v3/billdownload/file', async (c) => {
    const { mchid } = await signedBody(c);
    const file = files.get(c.req.query('token') ?? '');
    if (!file || file.mchid !== mchid || file.until < clock.now())
      throw new SandboxFault('NOT_FOUND', 'there is no such file, or not any more');
    return c.body(new Uint8Array(file.bill.bytes), 200, { 'content-type': 'application/octet-stream' });
  });
}
