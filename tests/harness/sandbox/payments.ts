import { randomBytes, randomUUID } from 'node:crypto';
import { hours, minutes, type Clock } from '@gatecast/firmware-protocol';
import { SandboxFault } from './faults.ts';
import { refundFacts, rfc3339, tradeFacts, tradeNoOf } from './payment-words.ts';
import type { ProviderState } from './provider-state.ts';
import type { PaymentFault, RefundRequest } from './requests.ts';
import type { CallbackRow, PaymentRow, RefundRow, RefundState, SandboxStore, TradeType } from './store.ts';

const prepayLifeMs = hours(2);
const h5LifeMs = minutes(5);
const maxRefunds = 50;
const foreignMchid = '1900009999';
const foreignAppid = 'wx00000000000000ff';

const digits = (count: number): string => Array.from(randomBytes(count), (byte) => byte % 10).join('');

/** An order of a payment, whichever way it was asked for. */
export interface NewPayment {
  readonly mchid: string;
  readonly sp_mchid: string | null;
  readonly appid: string | null;
  readonly trade_type: TradeType | null;
  readonly out_trade_no: string;
  readonly description: string;
  readonly amount: { readonly total: number };
  readonly notify_url: string;
  readonly return_url?: string | undefined;
  readonly time_expire?: string | undefined;
  readonly attach?: string | undefined;
}

/** Payments and refunds, each change in one transaction with the callback that tells of it. */
export class Payments {
  readonly #store: SandboxStore;
  readonly #clock: Clock;
  readonly #state: ProviderState;

  constructor(store: SandboxStore, clock: Clock, state: ProviderState) {
    this.#store = store;
    this.#clock = clock;
    this.#state = state;
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

  /** Money lies with whom it is said to lie with. Throws SandboxFault ORDER_NOT_EXIST. */
  byTransactionId(mchid: string, transactionId: string): PaymentRow {
    const row = this.#store
      .prepare<[string, string], PaymentRow>(
        'select * from payments where transaction_id = ? and coalesce(told_mchid, mchid) = ?',
      )
      .get(transactionId, mchid);
    if (!row) throw new SandboxFault('ORDER_NOT_EXIST', 'there is no such order');
    return row;
  }

  /** The prepared payment: the same one for the same number and amount; its H5 address counts anew. Throws OUT_TRADE_NO_USED, ORDERPAID, ORDER_CLOSED. */
  prepare(asked: NewPayment): PaymentRow {
    const now = this.#clock.now();
    const h5At = asked.trade_type === 'MWEB' ? now : null;
    const old = this.#find(asked.mchid, asked.out_trade_no);
    if (old) {
      const { prepay_id } = reusable(old, asked);
      this.#store.prepare('update payments set h5_at = ? where prepay_id = ?').run(h5At, prepay_id);
      return this.byPrepayId(prepay_id);
    }
    const row: PaymentRow = {
      prepay_id: `wx${randomUUID().replaceAll('-', '')}`,
      mchid: asked.mchid,
      sp_mchid: asked.sp_mchid,
      appid: asked.appid,
      out_trade_no: asked.out_trade_no,
      description: asked.description,
      total: asked.amount.total,
      notify_url: asked.notify_url,
      return_url: asked.return_url ?? null,
      trade_state: 'NOTPAY',
      trade_type: asked.trade_type,
      transaction_id: null,
      created_at: now,
      paid_at: null,
      h5_at: h5At,
      time_expire: asked.time_expire === undefined ? null : Date.parse(asked.time_expire),
      attach: asked.attach ?? null,
      told_mchid: null,
      told_appid: null,
    };
    this.#insert(row);
    return row;
  }

  /** Whether its page may still be opened. Throws PREPAY_EXPIRED, H5_EXPIRED. */
  mustBeOpen({ created_at, time_expire, h5_at, trade_state }: PaymentRow): void {
    const now = this.#clock.now();
    if (trade_state !== 'NOTPAY') return;
    if (now - created_at > prepayLifeMs || (time_expire !== null && now >= time_expire))
      throw new SandboxFault('PREPAY_EXPIRED', 'the payment was not made in time');
    if (h5_at !== null && now - h5_at > h5LifeMs)
      throw new SandboxFault('H5_EXPIRED', 'the address counts for five minutes; ask for the order again');
  }

  /** Takes the person's money once. Returns the callback that is now due, or undefined if it was paid before. Throws PAY_REFUSED, and it can be paid again. */
  pay(prepayId: string): string | undefined {
    return this.#store
      .transaction(() => {
        const payment = this.byPrepayId(prepayId);
        if (payment.trade_state === 'SUCCESS' || payment.trade_state === 'REFUND') return undefined;
        if (payment.trade_state === 'CLOSED') throw new SandboxFault('ORDER_CLOSED', 'the order is closed');
        this.mustBeOpen(payment);
        if (this.#state.bankRefuses) throw new SandboxFault('PAY_REFUSED', 'the bank refused; nothing was charged');
        return this.#succeed(prepayId);
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

  /** Does to one payment what should not happen. Returns the callback that is now due. Throws PARAM_ERROR where the payment is past it. */
  plant(prepayId: string, fault: PaymentFault): string {
    return this.#store
      .transaction(() => {
        const payment = this.byPrepayId(prepayId);
        if (fault === 'tell-again') return this.#tellAgain(payment);
        if (fault === 'pay-twice') return this.#payTwice(payment);
        if (payment.paid_at !== null) throw new SandboxFault('PARAM_ERROR', 'it is paid already');
        const set = (column: 'total' | 'told_mchid' | 'told_appid', value: string | number) =>
          this.#store.prepare(`update payments set ${column} = ? where prepay_id = ?`).run(value, prepayId);
        if (fault === 'wrong-amount') set('total', payment.total + 1);
        if (fault === 'wrong-merchant') set('told_mchid', this.#otherMerchant(payment.mchid));
        if (fault === 'wrong-app') set('told_appid', foreignAppid);
        return this.#succeed(prepayId);
      })
      .immediate();
  }

  /** One refund a number, however often it is asked for. Throws PARAM_ERROR, NOT_ENOUGH, ORDER_NOT_PAID, ORDER_NOT_EXIST. */
  refund(mchid: string, request: RefundRequest): RefundRow {
    return this.#store
      .transaction(() => {
        const payment =
          request.transaction_id === undefined
            ? this.byTradeNo(mchid, request.out_trade_no ?? '')
            : this.byTransactionId(mchid, request.transaction_id);
        if (payment.paid_at === null) throw new SandboxFault('ORDER_NOT_PAID', 'the order is not paid');
        const earlier = this.refundsOf(payment.prepay_id);
        const same = earlier.find(({ out_refund_no }) => out_refund_no === request.out_refund_no);
        const { refund, total } = request.amount;
        if (total !== payment.total || (same && same.refund !== refund)) {
          throw new SandboxFault('PARAM_ERROR', 'the amounts differ from those of before');
        }
        if (same) return this.#triedAgain(payment, same);
        const refunded = earlier.filter(({ status }) => status !== 'CLOSED').reduce((sum, row) => sum + row.refund, 0);
        if (refunded + refund > payment.total || earlier.length >= maxRefunds) {
          throw new SandboxFault('NOT_ENOUGH', 'more than what was paid, or more than 50 refunds');
        }
        return this.#insertRefund(payment, request);
      })
      .immediate();
  }

  /** Throws RESOURCE_NOT_EXISTS. */
  refundByNo(mchid: string, refundNo: string): RefundRow {
    const row = this.#store
      .prepare<[string, string], RefundRow>(
        `select r.* from refunds r join payments p using (prepay_id)
         where r.out_refund_no = ? and coalesce(p.told_mchid, p.mchid) = ?`,
      )
      .get(refundNo, mchid);
    if (!row) throw new SandboxFault('RESOURCE_NOT_EXISTS', 'there is no such refund');
    return row;
  }

  /** All refunds that are under way come to this end. Returns the callbacks that are now due. */
  endRefunds(status: Exclude<RefundState, 'PROCESSING'>): string[] {
    return this.#store
      .transaction(() => {
        const open = this.#store.prepare<[], RefundRow>(`select * from refunds where status = 'PROCESSING'`).all();
        return open.flatMap((row) => {
          this.#store.prepare('update refunds set status = ? where refund_id = ?').run(status, row.refund_id);
          return this.#tellRefund(this.byPrepayId(row.prepay_id), { ...row, status }) ?? [];
        });
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
        `select p.*, coalesce((select sum(refund) from refunds r where r.prepay_id = p.prepay_id and r.status = 'SUCCESS'), 0) as refunded
         from payments p order by created_at desc, rowid desc limit ?`,
      )
      .all(limit);
  }

  #succeed(prepayId: string): string {
    const now = this.#clock.now();
    this.#store
      .prepare(
        `update payments set trade_state = 'SUCCESS', transaction_id = ?, paid_at = ? where prepay_id = ? and paid_at is null`,
      )
      .run(`42000${digits(23)}`, now, prepayId);
    const paid = this.byPrepayId(prepayId);
    return this.#callback(paid, 'TRANSACTION.SUCCESS', paid.notify_url, tradeFacts(paid));
  }

  /** A second transaction under the same number, which the real one would not take; two of its ways have been seen to. */
  #payTwice(payment: PaymentRow): string {
    if (payment.paid_at === null) this.#succeed(payment.prepay_id);
    const prepay_id = `wx${randomUUID().replaceAll('-', '')}`;
    const out_trade_no = `${payment.out_trade_no}~${digits(4)}`;
    this.#insert({ ...payment, prepay_id, out_trade_no, trade_state: 'NOTPAY', transaction_id: null, paid_at: null });
    return this.#succeed(prepay_id);
  }

  #tellAgain({ prepay_id }: PaymentRow): string {
    const last = this.#store
      .prepare<[string], CallbackRow>('select * from callbacks where prepay_id = ? order by rowid desc')
      .get(prepay_id);
    if (!last) throw new SandboxFault('PARAM_ERROR', 'nothing was told of it yet');
    this.#store.prepare('update callbacks set due_at = ? where id = ?').run(this.#clock.now(), last.id);
    return last.id;
  }

  #otherMerchant(mchid: string): string {
    const other = this.#store
      .prepare<[string], { mchid: string }>('select mchid from merchants where mchid <> ? order by mchid limit 1')
      .get(mchid);
    return other?.mchid ?? foreignMchid;
  }

  #insert(row: PaymentRow): void {
    const columns = Object.keys(row);
    this.#store
      .prepare(`insert into payments (${columns.join(', ')}) values (${columns.map((name) => `@${name}`).join(', ')})`)
      .run(row);
  }

  /** A refund that had not come through is tried once more when it is asked for again. */
  #triedAgain(payment: PaymentRow, row: RefundRow): RefundRow {
    const status = this.#state.refunds;
    if (row.status !== 'ABNORMAL' && row.status !== 'CLOSED') return row;
    if (status === row.status) return row;
    this.#store.prepare('update refunds set status = ? where refund_id = ?').run(status, row.refund_id);
    const now = { ...row, status };
    this.#tellRefund(payment, now);
    return now;
  }

  #insertRefund(payment: PaymentRow, request: RefundRequest): RefundRow {
    const row: RefundRow = {
      refund_id: `50300${digits(23)}`,
      prepay_id: payment.prepay_id,
      out_refund_no: request.out_refund_no,
      refund: request.amount.refund,
      created_at: this.#clock.now(),
      status: this.#state.refunds,
      notify_url: request.notify_url ?? null,
    };
    this.#store
      .prepare(
        `insert into refunds (refund_id, prepay_id, out_refund_no, refund, created_at, status, notify_url)
         values (@refund_id, @prepay_id, @out_refund_no, @refund, @created_at, @status, @notify_url)`,
      )
      .run(row);
    this.#store.prepare(`update payments set trade_state = 'REFUND' where prepay_id = ?`).run(payment.prepay_id);
    this.#tellRefund(payment, row);
    return row;
  }

  #tellRefund(payment: PaymentRow, row: RefundRow): string | undefined {
    if (row.notify_url === null || row.status === 'PROCESSING') return undefined;
    const at = rfc3339(this.#clock.now());
    return this.#callback(payment, `REFUND.${row.status}`, row.notify_url, refundFacts(payment, row, at));
  }

  #callback({ prepay_id }: PaymentRow, event: string, url: string, facts: object): string {
    const id = randomUUID();
    this.#store
      .prepare('insert into callbacks (id, prepay_id, url, event_type, plaintext, due_at) values (?, ?, ?, ?, ?, ?)')
      .run(id, prepay_id, url, event, JSON.stringify(facts), this.#clock.now());
    return id;
  }

  #find(mchid: string, tradeNo: string): PaymentRow | undefined {
    return this.#store
      .prepare<[string, string], PaymentRow>('select * from payments where mchid = ? and out_trade_no = ?')
      .get(mchid, tradeNo);
  }
}

function reusable(old: PaymentRow, { amount, trade_type, out_trade_no }: NewPayment): PaymentRow {
  const isSame = old.total === amount.total && old.trade_type === trade_type;
  if (!isSame || tradeNoOf(old) !== out_trade_no) {
    throw new SandboxFault('OUT_TRADE_NO_USED', 'this out_trade_no was used with another amount or way');
  }
  if (old.trade_state === 'CLOSED') throw new SandboxFault('ORDER_CLOSED', 'the order is closed');
  if (old.trade_state !== 'NOTPAY') throw new SandboxFault('ORDERPAID', 'the order is paid');
  return old;
}
