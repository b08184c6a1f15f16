import type { PaymentRow, RefundRow } from './store.ts';

const stateDescriptions = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  CLOSED: '订单已关闭',
  REFUND: '转入退款',
} as const;
const eastEightMs = 8 * 3_600_000;

/** In the zone that the provider writes its times in: `2026-11-23T20:00:00+08:00`. */
export const rfc3339 = (atMs: number): string => `${new Date(atMs + eastEightMs).toISOString().slice(0, 19)}+08:00`;

/** The merchant's number: a second payment of one number is kept under a number of its own. */
export const tradeNoOf = ({ out_trade_no }: PaymentRow): string => out_trade_no.split('~', 1)[0] ?? out_trade_no;

/** Who sold it, as answers and callbacks name them. */
function parties({ mchid, told_mchid, sp_mchid, appid, told_appid }: PaymentRow): object {
  const merchant = told_mchid ?? mchid;
  const app = told_appid ?? appid;
  if (sp_mchid !== null) return { sp_mchid, sub_mchid: merchant, ...(app === null ? {} : { sp_appid: app }) };
  return { mchid: merchant, ...(app === null ? {} : { appid: app }) };
}

/** An order as a query and a callback describe it. */
export function tradeFacts(payment: PaymentRow): object {
  const { trade_state, description, total, transaction_id, paid_at, trade_type, attach } = payment;
  return {
    ...parties(payment),
    out_trade_no: tradeNoOf(payment),
    trade_state,
    trade_state_desc: stateDescriptions[trade_state],
    description,
    ...(attach === null ? {} : { attach }),
    ...(trade_type === null ? {} : { trade_type }),
    ...(transaction_id === null ? {} : { transaction_id, bank_type: 'OTHERS' }),
    ...(paid_at === null ? {} : { success_time: rfc3339(paid_at) }),
    amount: { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' },
  };
}

/** A refund as its callback describes it. */
export function refundFacts(payment: PaymentRow, row: RefundRow, at: string): object {
  const { transaction_id, total } = payment;
  const { refund_id, out_refund_no, refund, status } = row;
  return {
    ...parties(payment),
    out_trade_no: tradeNoOf(payment),
    transaction_id,
    refund_id,
    out_refund_no,
    refund_status: status,
    ...(status === 'SUCCESS' ? { success_time: at } : {}),
    user_received_account: '支付用户零钱',
    amount: { total, refund, payer_total: total, payer_refund: refund },
  };
}

/** The same as an answer, which calls its state otherwise. */
export function refundAnswer(payment: PaymentRow, row: RefundRow): object {
  const { refund_id, out_refund_no, refund, status, created_at } = row;
  const { transaction_id, total } = payment;
  return {
    refund_id,
    out_refund_no,
    transaction_id,
    out_trade_no: tradeNoOf(payment),
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    create_time: rfc3339(created_at),
    ...(status === 'SUCCESS' ? { success_time: rfc3339(created_at) } : {}),
    status,
    amount: { total, refund, payer_total: total, payer_refund: refund, currency: 'CNY' },
  };
}
