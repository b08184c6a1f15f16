import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { instant } from '@gatecast/firmware-protocol';
import { found, merchantLogin, signedIn } from '../harness/founding.ts';
import { Neighbourhood } from '../harness/neighbourhood.ts';
import type { Bench } from './bench.ts';
import { load, type Shot } from './http-load.ts';
import { moneyBooks, paidCallbacks, repeated, waitingOrders } from './order-callbacks.ts';
import { moreBuyers } from './many-buyers.ts';
import { rounded } from './median.ts';

const buyers = 4_000;
const askers = 200;
const secondsDefault = 60;
const soldOutSeconds = 15;
const soldOutStock = 50;
/** So many events of the provider, each so often. */
const callbackEvents = 500;
const callbackRepeats = 20;
/** Orders are kept for a quarter of an hour. */
const payWithinMs = 15 * 60_000;
/** What one deal may have: a minute at full speed needs more than one. */
const stockMax = 100_000;
const expireWithinMs = 60_000;
const day = 86_400_000;

/**
 * Orders through HTTP into an fsynced SQLite file, from the same machine: so many buyers who ask again at once, first for a deal that has enough, then for one
 * that is sold out at once; then the provider tells of money, each event twenty times at once, and what is left unpaid runs out. `oversold` is what the books say afterwards: units beyond the stock, orders that nobody was told of and told that are not there.
 * `--seconds N` for another length.
 */
export const run: Bench = async (say, flags) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const neighbourhood = new Neighbourhood({ dataDir, portBase: 0, env: { GATECAST_LOG_LEVEL: 'warn' } });
  try {
    await neighbourhood.start();
    const founded = await found(neighbourhood, 0);
    const tokens = moreBuyers(dataDir, buyers);
    const newDeal = dealMaker(neighbourhood, founded.merchants);
    const seconds = flags.includes('--seconds') ? Number(flags[flags.indexOf('--seconds') + 1]) : secondsDefault;
    const open = [await newDeal(stockMax), await newDeal(stockMax), await newDeal(stockMax)];
    const shots = shotsAt(tokens);
    await load(neighbourhood.cloudUrl, { askers, seconds: 2, wanted: 201 }, () => shots(open));
    const before = books(dataDir, open);
    const accepted = await load(neighbourhood.cloudUrl, { askers, seconds, wanted: 201 }, () => shots(open));
    const after = books(dataDir, open);
    say(`enough for all: ${told(accepted)}`);
    const scarce = [await newDeal(soldOutStock)];
    const soldOut = await load(neighbourhood.cloudUrl, { askers, seconds: soldOutSeconds, wanted: 409 }, () =>
      shots(scarce),
    );
    say(`sold out: ${told(soldOut)}`);
    const kept = books(dataDir, scarce);
    const unheard = after.orders - before.orders - (accepted.answers.get(201) ?? 0);
    const beyond = Math.max(0, kept.units - soldOutStock) + Math.abs(kept.units - (soldOut.answers.get(201) ?? 0));
    const paid = await payments(neighbourhood, dataDir);
    say(`callbacks: ${told(paid)}`);
    const expiry = await expired(neighbourhood, dataDir);
    say(`let go: ${expiry.count} in ${Math.round(expiry.ms)} ms`);
    return {
      acceptedPerSecond: Math.round(accepted.perSecond),
      p50Ms: rounded(accepted.p50Ms),
      p99Ms: rounded(accepted.p99Ms),
      soldOutPerSecond: Math.round(soldOut.perSecond),
      soldOutP99Ms: rounded(soldOut.p99Ms),
      oversold: beyond + Math.abs(unheard) + Math.abs(after.units - after.orders),
      callbacksPerSecond: Math.round(paid.perSecond),
      callbacksP99Ms: rounded(paid.p99Ms),
      effectsMissingOrDoubled: paid.wrong,
      expiredPerSecond: Math.round((expiry.count * 1_000) / expiry.ms),
      ledgerSumFen: moneyBooks(dataDir).sumFen,
    };
  } finally {
    await neighbourhood.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

/** Money for some of the orders, told of again and again at the same time. */
async function payments(neighbourhood: Neighbourhood, dataDir: string) {
  const before = moneyBooks(dataDir);
  const events = paidCallbacks(dataDir, callbackEvents, neighbourhood.clock.now());
  const how = { askers, seconds: 60, wanted: 204 };
  const done = await load(neighbourhood.cloudUrl, how, repeated(events, callbackRepeats));
  const after = moneyBooks(dataDir);
  const wrong =
    Math.abs(after.receipts - before.receipts - events.length) +
    Math.abs(after.postings - before.postings - events.length);
  return { ...done, wrong };
}

/** The time of all that waits for money is over: from the first that is let go until none waits. */
async function expired(
  { clock }: Neighbourhood,
  dataDir: string,
): Promise<{ readonly count: number; readonly ms: number }> {
  const count = waitingOrders(dataDir);
  const until = performance.now() + expireWithinMs;
  clock.moveTo(instant(clock.now() + payWithinMs + 1_000));
  let [left, started] = [count, performance.now()];
  while (left > 0 && performance.now() < until) {
    await delay(10);
    if (left === count) started = performance.now();
    left = waitingOrders(dataDir);
  }
  return { count: count - left, ms: performance.now() - started };
}

function dealMaker(
  { cloudUrl, clock }: Neighbourhood,
  merchants: Parameters<typeof merchantLogin>[0],
): (stock: number) => Promise<string> {
  return async (stock) => {
    const [key = ''] = Object.keys(merchants);
    const owner = merchantLogin(merchants, key);
    const client = await signedIn(cloudUrl, owner);
    const opensAt = clock.now();
    const deal = await client('POST /v1/deals', {
      body: {
        storeId: owner.store,
        title: '当季草莓 1 斤',
        description: '现摘现到',
        singlePriceFen: 2_990,
        groupPriceFen: 1_990,
        groupSize: 3,
        groupHours: 24,
        stock,
        perPersonMax: 100,
        opensAt,
        closesAt: instant(opensAt + day),
      },
    });
    return deal.id;
  };
}

/** Each buyer in turn, each call with a key of its own. */
function shotsAt(tokens: readonly string[]): (dealIds: readonly string[]) => Shot {
  let at = 0;
  return (dealIds) => ({
    method: 'POST',
    path: '/v1/orders',
    headers: {
      authorization: `Bearer ${tokens[(at += 1) % tokens.length]}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ dealId: dealIds[at % dealIds.length], quantity: 1, visitId: null }),
  });
}

/** What the database holds of these deals. */
function books(dataDir: string, dealIds: readonly string[]): { readonly orders: number; readonly units: number } {
  const file = new Database(join(dataDir, 'cloud', 'cloud.sqlite'), { readonly: true });
  const sum = (text: string) =>
    dealIds.reduce((all, id) => all + (file.prepare<[string], { n: number }>(text).get(id)?.n ?? 0), 0);
  const orders = sum('select count(*) n from orders where deal_id = ?');
  const units = sum('select reserved + sold n from deals where id = ?');
  file.close();
  return { orders, units };
}

const told = ({ perSecond, p50Ms, p99Ms, answers }: Awaited<ReturnType<typeof load>>): string =>
  `${Math.round(perSecond)}/s, p50 ${Math.round(p50Ms)} ms, p99 ${Math.round(p99Ms)} ms, answers ${JSON.stringify(Object.fromEntries(answers))}`;
