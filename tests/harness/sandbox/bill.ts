import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { days } from '@gatecast/firmware-protocol';
import { SandboxFault } from './faults.ts';
import { rfc3339, tradeNoOf } from './payment-words.ts';
import type { BillFaults } from './provider-state.ts';
import type { BillQuery } from './requests.ts';
import type { PaymentRow, RefundRow, SandboxStore } from './store.ts';

/** In the order of the real bill of trades; each value has a back-tick in front, so that a spreadsheet leaves long numbers alone. */
const columns = [
  '交易时间',
  '公众账号ID',
  '商户号',
  '特约商户号',
  '设备号',
  '微信订单号',
  '商户订单号',
  '用户标识',
  '交易类型',
  '交易状态',
  '付款银行',
  '货币种类',
  '应结订单金额',
  '代金券金额',
  '微信退款单号',
  '商户退款单号',
  '退款金额',
  '充值券退款金额',
  '退款类型',
  '退款状态',
  '商品名称',
  '商户数据包',
  '手续费',
  '费率',
  '订单金额',
  '申请退款金额',
  '费率备注',
];
const totalColumns = [
  '总交易单数',
  '应结订单总金额',
  '退款总金额',
  '充值券退款总金额',
  '手续费总金额',
  '订单总金额',
  '申请退款总金额',
];
const feePerMille = 6;

interface Entry {
  readonly payment: PaymentRow;
  /** Undefined: the payment itself. */
  readonly refund?: RefundRow;
  readonly at: number;
  readonly amountFen: number;
}

export interface Bill {
  /** As it is downloaded. */
  readonly bytes: Buffer;
  /** SHA-1 of the text, which is not that of its gzip. */
  readonly sha1: string;
}

/** Yuan with two places. */
const yuan = (fen: number): string => (fen / 100).toFixed(2);
const ticked = (values: readonly (string | number)[]): string => values.map((value) => `\`${value}`).join(',');

/** A day's bill in the zone +08:00. Throws NO_STATEMENT_EXIST for a day on which nothing happened. */
export function billOf(store: SandboxStore, mchid: string, query: BillQuery, faults: BillFaults): Bill {
  const entries = planted(entriesOf(store, mchid, query), faults);
  if (entries.length === 0) throw new SandboxFault('NO_STATEMENT_EXIST', 'nothing happened on that day');
  const lines = [columns.join(','), ...entries.map(lineOf), totalColumns.join(','), totalsOf(entries)];
  const text = `\uFEFF${lines.join('\r\n')}\r\n`;
  const sha1 = createHash('sha1').update(text).digest('hex');
  return { bytes: query.tar_type === 'GZIP' ? gzipSync(text) : Buffer.from(text), sha1 };
}

function entriesOf(store: SandboxStore, mchid: string, { bill_date, bill_type, sub_mchid }: BillQuery): Entry[] {
  const from = Date.parse(`${bill_date}T00:00:00+08:00`);
  const until = from + days(1);
  // A service provider's bill has all its merchants in it, or the one that it names.
  const whose = `coalesce(p.told_mchid, p.mchid) = @mchid or (p.sp_mchid = @sp and (@sub is null or p.mchid = @sub))`;
  const by = { mchid: sub_mchid ?? mchid, sp: mchid, sub: sub_mchid ?? null, from, until };
  const paid = store
    .prepare<[typeof by], PaymentRow>(
      `select p.* from payments p where (${whose}) and p.paid_at >= @from and p.paid_at < @until`,
    )
    .all(by)
    .map((payment): Entry => ({ payment, at: payment.paid_at ?? 0, amountFen: payment.total }));
  const back = store
    .prepare<[typeof by], RefundRow & { readonly id: string }>(
      `select r.* from refunds r join payments p using (prepay_id)
       where (${whose}) and r.created_at >= @from and r.created_at < @until and r.status = 'SUCCESS'`,
    )
    .all(by)
    .flatMap((refund): Entry[] => {
      const payment = store
        .prepare<[string], PaymentRow>('select * from payments where prepay_id = ?')
        .get(refund.prepay_id);
      return payment ? [{ payment, refund, at: refund.created_at, amountFen: refund.refund }] : [];
    });
  const wanted = [...(bill_type === 'REFUND' ? [] : paid), ...(bill_type === 'SUCCESS' ? [] : back)];
  return wanted.toSorted((a, b) => a.at - b.at);
}

/** Leaves the first ones out, tells other amounts of the next ones, and adds some that never were: as many as are asked for, as far as there are any. */
function planted(entries: readonly Entry[], { missing, added, changed }: BillFaults): Entry[] {
  const told = entries
    .slice(missing)
    .map((entry, n) => (n < changed ? { ...entry, amountFen: entry.amountFen + 1 } : entry));
  const [like] = entries;
  if (!like) return told;
  const invented = Array.from({ length: added }, (_, n): Entry => {
    const transaction_id = `4200099${String(n).padStart(21, '0')}`;
    const { refund: _refund, ...rest } = like;
    return { ...rest, payment: { ...like.payment, transaction_id, out_trade_no: `pay_never_${n}` }, amountFen: 100 };
  });
  return [...told, ...invented];
}

function lineOf({ payment, refund, at, amountFen }: Entry): string {
  const fee = Math.round((amountFen * feePerMille) / 1_000);
  const merchant = payment.told_mchid ?? payment.mchid;
  return ticked([
    rfc3339(at).slice(0, 19).replace('T', ' '),
    payment.told_appid ?? payment.appid ?? '',
    payment.sp_mchid ?? merchant,
    payment.sp_mchid === null ? 0 : merchant,
    '',
    payment.transaction_id ?? '',
    tradeNoOf(payment),
    'sandbox-payer',
    payment.trade_type ?? 'MWEB',
    refund ? 'REFUND' : 'SUCCESS',
    'OTHERS',
    'CNY',
    refund ? '0.00' : yuan(amountFen),
    '0.00',
    refund?.refund_id ?? '0',
    refund?.out_refund_no ?? '0',
    refund ? yuan(amountFen) : '0.00',
    '0.00',
    refund ? 'ORIGINAL' : '',
    refund ? 'SUCCESS' : '',
    payment.description.replaceAll(/[`,\r\n]/g, ' '),
    payment.attach ?? '',
    refund ? `-${(fee / 100).toFixed(5)}` : (fee / 100).toFixed(5),
    '0.60%',
    refund ? '0.00' : yuan(amountFen),
    refund ? yuan(amountFen) : '0.00',
    '',
  ]);
}

function totalsOf(entries: readonly Entry[]): string {
  const sum = (some: readonly Entry[]): number => some.reduce((total, { amountFen }) => total + amountFen, 0);
  const paid = sum(entries.filter(({ refund }) => !refund));
  const back = sum(entries.filter(({ refund }) => refund));
  const fee = ((paid - back) * feePerMille) / 100_000;
  return ticked([entries.length, yuan(paid), yuan(back), '0.00', fee.toFixed(5), yuan(paid), yuan(back)]);
}
