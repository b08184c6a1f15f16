import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sealResource, signedHeaders } from '../harness/sandbox/signature.ts';
import { openStore, ownKey } from '../harness/sandbox/store.ts';
import type { Shot } from './http-load.ts';

interface Waiting {
  readonly id: string;
  readonly store_id: string;
  readonly amount_fen: number;
}

/** What the provider would say of so many orders that wait for their money, in its own hand: each event as one shot. */
export function paidCallbacks(dataDir: string, count: number, now: number): Shot[] {
  const cloud = new Database(join(dataDir, 'cloud', 'cloud.sqlite'), { readonly: true });
  const waiting = cloud
    .prepare<[number], Waiting>("select id, store_id, amount_fen from payments where status = 'pending' limit ?")
    .all(count);
  cloud.close();
  const sandbox = openStore(join(dataDir, 'sandbox'));
  const key = ownKey(sandbox);
  const merchant = sandbox.prepare<[], { api_v3_key: string }>('select api_v3_key from merchants limit 1').get();
  sandbox.close();
  if (!merchant) throw new Error('the provider knows no merchant yet');
  return waiting.map(({ id, store_id, amount_fen }) => {
    const transaction = {
      mchid: store_id,
      out_trade_no: id,
      trade_state: 'SUCCESS',
      transaction_id: randomUUID(),
      amount: { total: amount_fen, currency: 'CNY' },
    };
    const body = JSON.stringify({
      id: randomUUID(),
      event_type: 'TRANSACTION.SUCCESS',
      resource: sealResource(merchant.api_v3_key, 'transaction', JSON.stringify(transaction)),
    });
    const headers = { 'content-type': 'application/json', ...signedHeaders(key, Math.floor(now / 1_000), body) };
    return { method: 'POST', path: '/v1/pay/notify/sandbox', headers, body };
  });
}

/** Each event so often, one event's right after each other, until there are no more. */
export function repeated(events: readonly Shot[], times: number): () => Shot | undefined {
  let at = 0;
  return () => events[Math.floor(at++ / times)];
}

/** What the books say of money: events that have had an effect, and what all entries add up to. */
export function moneyBooks(dataDir: string): {
  readonly receipts: number;
  readonly postings: number;
  readonly sumFen: number;
} {
  const cloud = new Database(join(dataDir, 'cloud', 'cloud.sqlite'), { readonly: true });
  const one = (text: string): number => cloud.prepare<[], { n: number }>(text).get()?.n ?? 0;
  const books = {
    receipts: one('select count(*) n from receipts'),
    postings: one('select count(*) n from ledger_sets'),
    sumFen: one('select coalesce(sum(amount_fen), 0) n from ledger_entries'),
  };
  cloud.close();
  return books;
}

/** Orders that wait for their money. */
export function waitingOrders(dataDir: string): number {
  const cloud = new Database(join(dataDir, 'cloud', 'cloud.sqlite'), { readonly: true });
  const row = cloud.prepare<[], { n: number }>("select count(*) n from orders where status = 'awaiting-payment'").get();
  cloud.close();
  return row?.n ?? 0;
}
