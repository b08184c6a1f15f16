import { z } from 'zod';

/** What the sandbox says, as far as we read it. Field names are WeChat Pay's. */
export const certificate = z.object({ serial_no: z.string().max(64), publicKeyPem: z.string().max(4_096) });

export const prepared = z.object({ pay_url: z.url() });

const amount = z.object({ total: z.int().positive() });

export const transaction = z.object({
  mchid: z.string(),
  out_trade_no: z.string(),
  trade_state: z.enum(['NOTPAY', 'SUCCESS', 'CLOSED', 'REFUND']),
  transaction_id: z.string().max(64).optional(),
  amount,
});
export type Transaction = z.infer<typeof transaction>;

const refundStatus = z.enum(['SUCCESS', 'PROCESSING', 'ABNORMAL', 'CLOSED']);
export const refundAnswer = z.object({ status: refundStatus });

export const failure = z.object({ code: z.string().max(60), message: z.string().max(300).optional() });

/** A callback before its resource is opened. */
export const callback = z.object({
  event_type: z.string().max(64),
  resource: z.object({
    algorithm: z.literal('AEAD_AES_256_GCM'),
    ciphertext: z.string().max(65_536),
    nonce: z.string().max(32),
    associated_data: z.string().max(64).optional(),
  }),
});

export const refundNotice = z.object({
  out_refund_no: z.string().max(64),
  refund_status: refundStatus,
  amount: z.object({ refund: z.int().positive() }).optional(),
});
export type RefundNotice = z.infer<typeof refundNotice>;
