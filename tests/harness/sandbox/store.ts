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
}

export interface RefundRow {
  readonly refund_id: string;
  readonly prepay_id: string;
  readonly out_refund_no: string;
  readonly refund: number;
  readonly created_at: number;
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
  return store;
}

/** The sandbox's key pair, made at the first start. */
export function ownKey(store: SandboxStore): SandboxKey {
  const row = store
    .prepare<[], { serial_no: string; private_key_pem: string }>('select serial_no, private_key_pem from own_key')
    .get();
  if (row) return { serialNo: row.serial_no, privateKeyPem: row.private_key_pem };
  const key = newSandboxKey();
  store.prepare('insert into own_key values (?, ?)').run(key.serialNo, key.privateKeyPem);
  return key;
}
