import { Hono, type Context } from 'hono';
import type { Clock } from '@gatecast/firmware-protocol';
import { SandboxFault } from './faults.ts';
import { rfc3339, type Payments } from './payments.ts';
import { closeRequest, merchantRequest, parseBody, payRequest, refundRequest } from './requests.ts';
import {
  checkRequest,
  parseAuthorization,
  publicPemOf,
  requestText,
  signedHeaders,
  type SandboxKey,
} from './signature.ts';
import type { MerchantRow, PaymentRow, SandboxStore } from './store.ts';

export interface PaymentParts {
  readonly store: SandboxStore;
  readonly payments: Payments;
  readonly key: SandboxKey;
  readonly clock: Clock;
}

const stateDescriptions = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  CLOSED: '订单已关闭',
  REFUND: '转入退款',
} as const;

/** The merchant's side: what WeChat Pay's API v3 asks and answers, in thin form. */
export function paymentRoutes({ store, payments, key, clock }: PaymentParts): Hono {
  const app = new Hono();
  const nowSecond = () => Math.floor(clock.now() / 1_000);

  /** Checks the request's signature and that it speaks for the merchant that it names. */
  async function signedBody(c: Context): Promise<{ mchid: string; body: string }> {
    const body = await c.req.text();
    const signed = parseAuthorization(c.req.header('authorization'));
    const merchant = store.prepare<[string], MerchantRow>('select * from merchants where mchid = ?').get(signed.mchid);
    if (!merchant || merchant.serial_no !== signed.serialNo) {
      throw new SandboxFault('SIGN_ERROR', 'unknown mchid or serial_no');
    }
    const { pathname, search } = new URL(c.req.url);
    const text = requestText(c.req.method, pathname + search, signed.timestamp, signed.nonce, body);
    checkRequest(text, signed, merchant.public_key_pem, nowSecond());
    return { mchid: signed.mchid, body };
  }

  function mustBe(mchid: string, named: string | undefined): void {
    if (named !== mchid) throw new SandboxFault('PARAM_ERROR', 'mchid is not who signed');
  }

  function answer(c: Context, value: object): Response {
    const body = JSON.stringify(value);
    return c.body(body, 200, { ...signedHeaders(key, nowSecond(), body), 'content-type': 'application/json' });
  }

  app.post('/sandbox/merchants', async (c) => {
    const { mchid, serial_no, publicKeyPem, apiV3Key, name } = parseBody(await c.req.text(), merchantRequest);
    store
      .prepare('insert or replace into merchants values (?, ?, ?, ?, ?)')
      .run(mchid, serial_no, publicKeyPem, apiV3Key, name ?? mchid);
    return c.json({ mchid });
  });

  app.get('/v3/certificates', (c) => c.json({ serial_no: key.serialNo, publicKeyPem: publicPemOf(key) }));

  app.post('/v3/pay/transactions', async (c) => {
    const { mchid, body } = await signedBody(c);
    const request = parseBody(body, payRequest);
    mustBe(mchid, request.mchid);
    const { prepay_id } = payments.prepare(request);
    return answer(c, { prepay_id, pay_url: new URL(`/pay/${prepay_id}`, c.req.url).href });
  });

  app.get('/v3/pay/transactions/out-trade-no/:no', async (c) => {
    const { mchid } = await signedBody(c);
    mustBe(mchid, c.req.query('mchid'));
    return answer(c, described(payments.byTradeNo(mchid, c.req.param('no'))));
  });

  app.post('/v3/pay/transactions/out-trade-no/:no/close', async (c) => {
    const { mchid, body } = await signedBody(c);
    mustBe(mchid, parseBody(body, closeRequest).mchid);
    payments.close(mchid, c.req.param('no'));
    return c.body(null, 204, signedHeaders(key, nowSecond(), ''));
  });

  app.post('/v3/refund/domestic/refunds', async (c) => {
    const { mchid, body } = await signedBody(c);
    const { refund_id, out_refund_no, refund, prepay_id, created_at } = payments.refund(
      mchid,
      parseBody(body, refundRequest),
    );
    const { out_trade_no, transaction_id, total } = payments.byPrepayId(prepay_id);
    const amount = { refund, total, currency: 'CNY' };
    const success_time = rfc3339(created_at);
    return answer(c, {
      refund_id,
      out_refund_no,
      out_trade_no,
      transaction_id,
      status: 'SUCCESS',
      amount,
      success_time,
    });
  });

  return app;
}

function described({
  mchid,
  out_trade_no,
  trade_state,
  description,
  total,
  transaction_id,
  paid_at,
}: PaymentRow): object {
  return {
    mchid,
    out_trade_no,
    trade_state,
    trade_state_desc: stateDescriptions[trade_state],
    description,
    amount: { total, currency: 'CNY' },
    ...(transaction_id === null ? {} : { transaction_id }),
    ...(paid_at === null ? {} : { success_time: rfc3339(paid_at) }),
  };
}
