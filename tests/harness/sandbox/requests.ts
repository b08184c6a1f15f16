import { z } from 'zod';
import { SandboxFault } from './faults.ts';

const tradeNo = z.string().regex(/^[0-9A-Za-z_*-]{6,64}$/);
const fen = z.int().min(1).max(100_000_000);
const httpUrl = z.url({ protocol: /^https?$/ }).max(256);
/** WeChat Pay refuses a notify_url with a query. */
const notifyUrl = httpUrl.refine((url) => !url.includes('?'), 'no query allowed');

export const merchantRequest = z.object({
  mchid: z.string().min(1).max(32),
  serial_no: z.string().min(1).max(64),
  publicKeyPem: z.string().max(4_096).startsWith('-----BEGIN PUBLIC KEY-----'),
  apiV3Key: z.string().regex(/^[\x21-\x7e]{32}$/),
  name: z.string().min(1).max(60).optional(),
});

export const payRequest = z.object({
  mchid: z.string(),
  out_trade_no: tradeNo,
  description: z.string().min(1).max(127),
  amount: z.object({ total: fen, currency: z.literal('CNY').default('CNY') }),
  notify_url: notifyUrl,
  return_url: httpUrl.optional(),
});
export type PayRequest = z.infer<typeof payRequest>;

const merchantNo = z.string().min(1).max(32);
const appid = z.string().min(1).max(32);
/** What the orders of all ways have. */
const orderFields = {
  description: z.string().min(1).max(127),
  out_trade_no: tradeNo,
  time_expire: z.iso.datetime({ offset: true }).optional(),
  attach: z.string().max(128).optional(),
  notify_url: notifyUrl,
  amount: z.object({ total: fen, currency: z.literal('CNY').default('CNY') }),
};
const ways = {
  jsapi: { payer: z.object({ openid: z.string().min(1).max(128) }) },
  h5: {
    scene_info: z.object({
      payer_client_ip: z.union([z.ipv4(), z.ipv6()]),
      h5_info: z.object({ type: z.string().min(1).max(32) }),
    }),
  },
  native: {},
};
/** A merchant's own orders, by their way. */
export const orderRequests = {
  jsapi: z.object({ appid, mchid: merchantNo, ...orderFields, ...ways.jsapi }),
  h5: z.object({ appid, mchid: merchantNo, ...orderFields, ...ways.h5 }),
  native: z.object({ appid, mchid: merchantNo, ...orderFields, ...ways.native }),
};
const partnerFields = { sp_appid: appid, sp_mchid: merchantNo, sub_mchid: merchantNo };
/** The orders that a service provider makes in a merchant's name. */
export const partnerRequests = {
  jsapi: z.object({
    ...partnerFields,
    ...orderFields,
    payer: z.object({ sp_openid: z.string().min(1).max(128) }),
  }),
  h5: z.object({ ...partnerFields, ...orderFields, ...ways.h5 }),
  native: z.object({ ...partnerFields, ...orderFields, ...ways.native }),
};

export const closeRequest = z.object({ mchid: z.string() });
export const partnerCloseRequest = z.object({ sp_mchid: z.string(), sub_mchid: z.string() });

const refundFields = z.object({
  sub_mchid: merchantNo.optional(),
  transaction_id: z.string().min(1).max(32).optional(),
  out_trade_no: tradeNo.optional(),
  out_refund_no: tradeNo,
  amount: z.object({ refund: fen, total: fen, currency: z.literal('CNY').default('CNY') }),
  reason: z.string().max(80).optional(),
  notify_url: notifyUrl.optional(),
});
export const refundRequest = refundFields.refine(
  (asked) => asked.transaction_id !== undefined || asked.out_trade_no !== undefined,
  'transaction_id or out_trade_no',
);
export type RefundRequest = z.infer<typeof refundRequest>;

export const callbackModes = z.enum([
  'normal',
  /** None goes out. */
  'never',
  'twice',
  /** A probe: a wrong signature of the form that the provider tries receivers with. */
  'forged',
  /** Half a minute late. */
  'late',
  /** The newest first. */
  'backwards',
  /** Signed six minutes ago. */
  'stale',
  /** The body written anew on the way: the same facts, other bytes. */
  'rewritten',
  /** Another associated_data than it was sealed with. */
  'tampered',
]);
export type CallbackMode = z.infer<typeof callbackModes>;
export const callbackModeRequest = z.object({ mode: callbackModes });
/** What a person's bank says to payments. */
export const bankRequest = z.object({ refuses: z.boolean() });

/** Of one payment. */
export const paymentFaults = z.enum([
  'late-success',
  'pay-twice',
  'wrong-amount',
  'wrong-merchant',
  'wrong-app',
  'tell-again',
]);
export type PaymentFault = z.infer<typeof paymentFaults>;
export const paymentFaultRequest = z.object({ fault: paymentFaults });
export const refundOutcomes = z.enum(['SUCCESS', 'PROCESSING', 'ABNORMAL', 'CLOSED']);
/** How the provider stands to others until somebody says otherwise. */
export const providerFaultsRequest = z.object({
  callbacks: callbackModes.optional(),
  bankRefuses: z.boolean().optional(),
  /** What becomes of refunds from now on. */
  refunds: refundOutcomes.optional(),
  signsWith: z.enum(['public-key', 'certificate']).optional(),
  /** How many differences of each kind the bills have. */
  bill: z
    .object({
      missing: z.int().min(0).max(50),
      added: z.int().min(0).max(50),
      changed: z.int().min(0).max(50),
    })
    .optional(),
});
export type ProviderFaultsRequest = z.infer<typeof providerFaultsRequest>;
export const billQuery = z.object({
  bill_date: z.iso.date(),
  bill_type: z.enum(['ALL', 'SUCCESS', 'REFUND']).default('ALL'),
  sub_mchid: merchantNo.optional(),
  tar_type: z.literal('GZIP').optional(),
});
export type BillQuery = z.infer<typeof billQuery>;

export const smsRequest = z.object({ phone: z.string().regex(/^\+?\d{6,15}$/), text: z.string().min(1).max(500) });

/** Throws SandboxFault PARAM_ERROR that names the field. */
export function parseBody<T>(body: string, shape: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw new SandboxFault('PARAM_ERROR', 'the body is not JSON', {}, { cause });
  }
  return parseValue(value, shape);
}

/** Throws SandboxFault PARAM_ERROR that names the field. */
export function parseValue<T>(value: unknown, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw new SandboxFault('PARAM_ERROR', z.prettifyError(parsed.error));
  return parsed.data;
}
