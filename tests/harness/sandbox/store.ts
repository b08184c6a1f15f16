import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { newSandboxKey, type SandboxKey } from './signature.ts';

export type SandboxStore = Database.Database;

export interface MerchantRow {
  readonly mchid: string;
  readonly serial_no: string;
  readonly public_key_pem: string;
  readonly api_v3_key: string;
  readonly name: string;
}

export type TradeState = 'NOTPAY' | 'SUCCESS' | 'CLOSED' | 'REFUND';

/** Times are milliseconds since 1970, amounts fen. */
export interface PaymentRow {
  readonly prepay_id: string;
  readonly mchid: string;
  readonly out_trade_no: string;
  readonly description: string;
  readonly total: number;
  readonly notify_url: string;
  readonly return_url: string | null;
  readonly trade_state: TradeState;
  readonly transaction_id: string | null;
  readonly created_at: number;
  readonly paid_at: number | null;
  /** Who asked for it in the name of `mchid`; null: itself. */
  readonly sp_mchid: string | null;
  readonly appid: string | null;
  /** How it is paid; null: on the sandbox's own page, which is no way of the real one's. */
  readonly trade_type: TradeType | null;
  /** Since when its H5 address counts. */
  readonly h5_at: number | null;
  readonly time_expire: number | null;
  readonly attach: string | null;
  /** What is said in place of the truth, where a fault was planted. */
  readonly told_mchid: string | null;
  readonly told_appid: string | null;
}
export type TradeType = 'JSAPI' | 'MWEB' | 'NATIVE';
export type RefundState = 'SUCCESS' | 'PROCESSING' | 'ABNORMAL' | 'CLOSED';

export interface RefundRow {
  readonly refund_id: string;
  readonly prepay_id: string;
  readonly out_refund_no: string;
  readonly refund: number;
  readonly created_at: number;
  readonly status: RefundState;
  /** Where its end is told. */
  readonly notify_url: string | null;
}

export interface CallbackRow {
  readonly id: string;
  readonly prepay_id: string;
  readonly url: string;
  readonly event_type: string;
  /** What will be encrypted anew at each attempt. */
  readonly plaintext: string;
  readonly attempts: number;
  /** Null once it has been taken or given up. */
  readonly due_at: number | null;
  readonly last_answer: string | null;
}

export interface SmsRow {
  readonly id: number;
  readonly phone: string;
  readonly text: string;
  readonly at: number;
}

const tables = `
  create table if not exists own_key (serial_no text primary key, private_key_pem text not null) strict;
  create table if not exists merchants (
    mchid text primary key, serial_no text not null, public_key_pem text not null, api_v3_key text not null, name text not null
  ) strict;
  create table if not exists payments (
    prepay_id text primary key, mchid text not null, out_trade_no text not null, description text not null,
    total integer not null, notify_url text not null, return_url text, trade_state text not null,
    transaction_id text, created_at integer not null, paid_at integer, unique (mchid, out_trade_no)
  ) strict;
  create table if not exists refunds (
    refund_id text primary key, prepay_id text not null references payments, out_refund_no text not null,
    refund integer not null, created_at integer not null, unique (prepay_id, out_refund_no)
  ) strict;
  create table if not exists callbacks (
    id text primary key, prepay_id text not null references payments, url text not null, event_type text not null,
    plaintext text not null, attempts integer not null default 0, due_at integer, last_answer text
  ) strict;
  create index if not exists callbacks_due on callbacks (due_at) where due_at is not null;
  create table if not exists sms (id integer primary key autoincrement, phone text not null, text text not null, at integer not null) strict;
`;

/** Opens or creates the sandbox's database; FULL, as payments must survive a power cut like the real ones. */
export function openStore(dataDir: string): SandboxStore {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const store = new Database(join(dataDir, 'sandbox.db'));
  store.pragma('journal_mode = WAL');
  store.pragma('synchronous = FULL');
  store.pragma('foreign_keys = ON');
  store.exec(tables);
  addColumns(store);
  return store;
}

/** Columns that stores of before do not have. */
function addColumns(store: SandboxStore): void {
  const added = {
    payments: [
      'sp_mchid text',
      'appid text',
      'trade_type text',
      'h5_at integer',
      'time_expire integer',
      'attach text',
      'told_mchid text',
      'told_appid text',
    ],
    refunds: ["status text not null default 'SUCCESS'", 'notify_url text'],
  };
  for (const [table, columns] of Object.entries(added)) {
    const known = store.prepare<[string], { name: string }>('select name from pragma_table_info(?)').all(table);
    const names = new Set(known.map(({ name }) => name));
    for (const column of columns.filter((one) => !names.has(one.split(' ', 1)[0] ?? '')))
      store.exec(`alter table ${table} add column ${column}`);
  }
}

/** What the sandbox signs with: a key with an id of its own, as merchants of today have it, or a certificate with a serial number, as those of before. */
export type KeyMode = 'public-key' | 'certificate';

/** The sandbox's key pair of a mode, made when it is first asked for. */
export function ownKey(store: SandboxStore, mode: KeyMode = 'public-key'): SandboxKey {
  const row = store
    .prepare<[number], { serial_no: string; private_key_pem: string }>(
      `select serial_no, private_key_pem from own_key where (serial_no like 'PUB_KEY_ID_%') = ?`,
    )
    .get(mode === 'public-key' ? 1 : 0);
  if (row) return { serialNo: row.serial_no, privateKeyPem: row.private_key_pem };
  const key = newSandboxKey(mode);
  store.prepare('insert into own_key values (?, ?)').run(key.serialNo, key.privateKeyPem);
  return key;
}
