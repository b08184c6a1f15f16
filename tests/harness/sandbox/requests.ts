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

export const closeRequest = z.object({ mchid: z.string() });

export const refundRequest = z.object({
  out_trade_no: tradeNo,
  out_refund_no: tradeNo,
  amount: z.object({ refund: fen, total: fen, currency: z.literal('CNY').default('CNY') }),
  reason: z.string().max(80).optional(),
  notify_url: notifyUrl.optional(),
});
export type RefundRequest = z.infer<typeof refundRequest>;

export const callbackModes = z.enum(['normal', 'never', 'twice', 'forged']);
export type CallbackMode = z.infer<typeof callbackModes>;
export const callbackModeRequest = z.object({ mode: callbackModes });
/** What a person's bank says to payments. */
export const bankRequest = z.object({ refuses: z.boolean() });

export const smsRequest = z.object({ phone: z.string().regex(/^\+?\d{6,15}$/), text: z.string().min(1).max(500) });

/** Throws SandboxFault PARAM_ERROR that names the field. */
export function parseBody<T>(body: string, shape: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw new SandboxFault('PARAM_ERROR', 'the body is not JSON', {}, { cause });
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw new SandboxFault('PARAM_ERROR', z.prettifyError(parsed.error));
  return parsed.data;
}
