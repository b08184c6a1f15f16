import { randomBytes, randomUUID } from 'node:crypto';
import { minutes, type Clock } from '@gatecast/firmware-protocol';
import { SandboxFault } from './faults.ts';
import type { PayRequest, RefundRequest } from './requests.ts';
import type { PaymentRow, RefundRow, SandboxStore } from './store.ts';

const prepayLifeMs = minutes(120);
const maxRefunds = 50;

const digits = (count: number): string => Array.from(randomBytes(count), (byte) => byte % 10).join('');

export const rfc3339 = (atMs: number): string => new Date(atMs).toISOString();

/** Payments and refunds, each change in one transaction with the callback that tells of it. */
export class Payments {
  readonly #store: SandboxStore;
  readonly #clock: Clock;
  /** A person's bank lets nothing through. */
  refuses = false;

  constructor(store: SandboxStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Throws SandboxFault NOT_FOUND. */
  byPrepayId(prepayId: string): PaymentRow {
    const row = this.#store.prepare<[string], PaymentRow>('select * from payments where prepay_id = ?').get(prepayId);
    if (!row) throw new SandboxFault('NOT_FOUND', 'there is no such payment');
    return row;
  }

  /** Throws SandboxFault ORDER_NOT_EXIST. */
  byTradeNo(mchid: string, tradeNo: string): PaymentRow {
    const row = this.#find(mchid, tradeNo);
    if (!row) throw new SandboxFault('ORDER_NOT_EXIST', 'there is no such order');
    return row;
  }

  /** The prepared payment: the same one for the same number and amount. Throws OUT_TRADE_NO_USED, ORDERPAID, ORDER_CLOSED. */
  prepare(request: PayRequest): PaymentRow {
    const old = this.#find(request.mchid, request.out_trade_no);
    if (old) return reusable(old, request);
    const prepayId = `wx${randomUUID().replaceAll('-', '')}`;
    const { mchid, out_trade_no, description, amount, notify_url, return_url } = request;
    this.#store
      .prepare(
        `insert into payments (prepay_id, mchid, out_trade_no, description, total, notify_url, return_url, trade_state, created_at)
         values (?, ?, ?, ?, ?, ?, ?, 'NOTPAY', ?)`,
      )
      .run(prepayId, mchid, out_trade_no, description, amount.total, notify_url, return_url ?? null, this.#clock.now());
    return this.byPrepayId(prepayId);
  }

  /** Takes the person's money once. Returns the callback that is now due, or undefined if it was paid before. Throws PAY_REFUSED, and it can be paid again. */
  pay(prepayId: string): string | undefined {
    return this.#store
      .transaction(() => {
        const payment = this.byPrepayId(prepayId);
        if (payment.trade_state === 'SUCCESS' || payment.trade_state === 'REFUND') return undefined;
        if (payment.trade_state === 'CLOSED') throw new SandboxFault('ORDER_CLOSED', 'the order is closed');
        const now = this.#clock.now();
        if (now - payment.created_at > prepayLifeMs) {
          throw new SandboxFault('PREPAY_EXPIRED', 'the payment was not made within two hours');
        }
        if (this.refuses) throw new SandboxFault('PAY_REFUSED', 'the bank refused; nothing was charged');
        this.#store
          .prepare(
            `update payments set trade_state = 'SUCCESS', transaction_id = ?, paid_at = ? where prepay_id = ? and trade_state = 'NOTPAY'`,
          )
          .run(`42000${digits(23)}`, now, prepayId);
        const paid = this.byPrepayId(prepayId);
        return this.#callback(paid, 'TRANSACTION.SUCCESS', paid.notify_url, {
          trade_state: 'SUCCESS',
          amount: { total: paid.total, currency: 'CNY' },
          success_time: rfc3339(now),
        });
      })
      .immediate();
  }

  /** Closing twice is harmless. Throws ORDERPAID. */
  close(mchid: string, tradeNo: string): void {
    const payment = this.byTradeNo(mchid, tradeNo);
    const { changes } = this.#store
      .prepare(`update payments set trade_state = 'CLOSED' where prepay_id = ? and trade_state in ('NOTPAY', 'CLOSED')`)
      .run(payment.prepay_id);
    if (changes === 0) throw new SandboxFault('ORDERPAID', 'the order is paid; refund it instead');
  }

  /** One refund a number, however often it is asked for. Throws PARAM_ERROR, NOT_ENOUGH, ORDER_NOT_PAID, ORDER_NOT_EXIST. */
  refund(mchid: string, request: RefundRequest): RefundRow {
    return this.#store
      .transaction(() => {
        const payment = this.byTradeNo(mchid, request.out_trade_no);
        if (payment.paid_at === null) throw new SandboxFault('ORDER_NOT_PAID', 'the order is not paid');
        const earlier = this.refundsOf(payment.prepay_id);
        const same = earlier.find(({ out_refund_no }) => out_refund_no === request.out_refund_no);
        const { refund, total } = request.amount;
        if (total !== payment.total || (same && same.refund !== refund)) {
          throw new SandboxFault('PARAM_ERROR', 'the amounts differ from those of before');
        }
        if (same) return same;
        const refunded = earlier.reduce((sum, row) => sum + row.refund, 0);
        if (refunded + refund > payment.total || earlier.length >= maxRefunds) {
          throw new SandboxFault('NOT_ENOUGH', 'more than what was paid, or more than 50 refunds');
        }
        return this.#insertRefund(payment, request);
      })
      .immediate();
  }

  refundsOf(prepayId: string): RefundRow[] {
    return this.#store
      .prepare<[string], RefundRow>('select * from refunds where prepay_id = ? order by created_at')
      .all(prepayId);
  }

  newest(limit: number): (PaymentRow & { readonly refunded: number })[] {
    return this.#store
      .prepare<[number], PaymentRow & { refunded: number }>(
        `select p.*, coalesce((select sum(refund) from refunds r where r.prepay_id = p.prepay_id), 0) as refunded
         from payments p order by created_at desc, rowid desc limit ?`,
      )
      .all(limit);
  }

  #insertRefund(payment: PaymentRow, request: RefundRequest): RefundRow {
    const now = this.#clock.now();
    const { refund, total } = request.amount;
    const row: RefundRow = {
      refund_id: `50300${digits(23)}`,
      prepay_id: payment.prepay_id,
      out_refund_no: request.out_refund_no,
      refund,
      created_at: now,
    };
    this.#store
      .prepare('insert into refunds (refund_id, prepay_id, out_refund_no, refund, created_at) values (?, ?, ?, ?, ?)')
      .run(row.refund_id, row.prepay_id, row.out_refund_no, refund, now);
    this.#store.prepare(`update payments set trade_state = 'REFUND' where prepay_id = ?`).run(payment.prepay_id);
    if (request.notify_url !== undefined) {
      const { refund_id, out_refund_no } = row;
      const told = {
        refund_id,
        out_refund_no,
        refund_status: 'SUCCESS',
        amount: { total, refund },
        success_time: rfc3339(now),
      };
      this.#callback(payment, 'REFUND.SUCCESS', request.notify_url, told);
    }
    return row;
  }

  #callback(payment: PaymentRow, event: string, url: string, facts: object): string {
    const id = randomUUID();
    const { mchid, out_trade_no, transaction_id, prepay_id } = payment;
    const plaintext = JSON.stringify({ mchid, out_trade_no, transaction_id, ...facts });
    this.#store
      .prepare('insert into callbacks (id, prepay_id, url, event_type, plaintext, due_at) values (?, ?, ?, ?, ?, ?)')
      .run(id, prepay_id, url, event, plaintext, this.#clock.now());
    return id;
  }

  #find(mchid: string, tradeNo: string): PaymentRow | undefined {
    return this.#store
      .prepare<[string, string], PaymentRow>('select * from payments where mchid = ? and out_trade_no = ?')
      .get(mchid, tradeNo);
  }
}

function reusable(old: PaymentRow, request: PayRequest): PaymentRow {
  if (old.total !== request.amount.total) {
    throw new SandboxFault('OUT_TRADE_NO_USED', 'this out_trade_no was used with another amount');
  }
  if (old.trade_state === 'CLOSED') throw new SandboxFault('ORDER_CLOSED', 'the order is closed');
  if (old.trade_state !== 'NOTPAY') throw new SandboxFault('ORDERPAID', 'the order is paid');
  return old;
}
