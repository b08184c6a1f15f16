import {
  after,
  days,
  halfHourMs,
  halfHourOf,
  hours,
  instant,
  localTime,
  minutes,
  seconds,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { and, eq, gte, inArray, isNull, like, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { putCells } from '../campaigns/cells.ts';
import { readyCampaign } from '../campaigns/ready-campaign.fixture.ts';
import { soldProducts, type SoldProduct } from '../inventory/products.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { balanceOf, ledgerTotal } from '../settlement/ledger.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, type TestMerchant } from '../test-market.ts';
import { neighbourhood, ownersDecision, type Neighbourhood } from '../test-neighbourhood.ts';
import { doorAt, fates, type Door, type Fate } from './histories-town.fixture.ts';
import { paidLineItem, type PaidLineItem } from './paid-line-item.fixture.ts';

const never = new AbortController().signal;
const runs = Number(process.env['HISTORIES'] ?? 12);
const spanHalfHours = 6;

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Fate>('counts') },
  { weight: 3, arbitrary: fc.constantFrom(...fates.filter((one) => one !== 'impossible-rate')) },
);
const anyPlay = fc.record({
  door: fc.nat({ max: 2 }),
  fate: fc.oneof({ weight: 60, arbitrary: fate }, { weight: 1, arbitrary: fc.constant<Fate>('impossible-rate') }),
  milli: fc.oneof(fc.constant(1_000), fc.integer({ min: 1, max: 999 })),
  toPeople: fc.boolean(),
});
const anyTerms = fc.record({
  product: fc.constantFrom(...soldProducts),
  touches: fc.integer({ min: 1, max: 8 }),
  touchFen: fc.integer({ min: 0, max: 40 }),
  extraFen: fc.integer({ min: 1, max: 99 }),
  isInBoth: fc.boolean(),
});
const anyHalfHour = fc.record({
  do: fc.constant('half-hour' as const),
  played: fc.array(anyPlay, { maxLength: 7 }),
  /** Doors without a line. */
  away: fc.subarray([0, 1, 2]),
});
const anyChange = fc.record({
  do: fc.constantFrom('pause' as const, 'resume' as const, 'move' as const, 'cancel' as const),
  item: fc.nat(),
  hours: fc.integer({ min: 1, max: 40 }),
});
const anyDispute = fc.record({
  do: fc.constant('dispute' as const),
  line: fc.nat(),
  part: fc.nat(),
  ends: fc.constantFrom(
    'uphold' as const,
    'uphold' as const,
    'refuse' as const,
    'withdraw' as const,
    'silence' as const,
  ),
});
const anyDoor = fc.record({
  /** `tests`: it turns out that somebody tested the door, so that less is verified than was told. */
  do: fc.constantFrom('back' as const, 'tests' as const),
  door: fc.nat({ max: 2 }),
  cell: fc.nat(),
});
const anyDecision = fc.record({
  do: fc.constant('owners' as const),
  sharePpm: fc.nat(1_000_000),
  costPpm: fc.nat(999_999),
});
/** The owners take their decision back, or their property manager closes some days. */
const anyOffSale = fc.record({
  do: fc.constantFrom('withdraw' as const, 'blackout' as const),
  isThere: fc.boolean(),
  days: fc.integer({ min: 1, max: 4 }),
});
const anyJob = <const D extends string>(...jobs: readonly D[]) => fc.record({ do: fc.constantFrom(...jobs) });
const anyStep = fc.oneof(
  { weight: 6, arbitrary: anyHalfHour },
  { weight: 3, arbitrary: anyDoor },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('plan' as const), seed: fc.nat() }) },
  { weight: 3, arbitrary: anyChange },
  { weight: 3, arbitrary: anyJob('silence', 'settle', 'bill') },
  { weight: 2, arbitrary: anyJob('weeks', 'publish') },
  { weight: 1, arbitrary: anyDecision },
  { weight: 2, arbitrary: anyOffSale },
  { weight: 3, arbitrary: anyDispute },
);
/** What still happens once all is settled. */
const anyLaterStep = fc.oneof(
  { weight: 4, arbitrary: anyDoor },
  { weight: 4, arbitrary: anyDispute },
  { weight: 1, arbitrary: anyJob('bill', 'publish') },
  { weight: 1, arbitrary: anyDecision },
  { weight: 1, arbitrary: anyOffSale },
);
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;
type Terms = typeof anyTerms extends fc.Arbitrary<infer T> ? T : never;

interface Item extends PaidLineItem {
  readonly product: SoldProduct;
  readonly priceFen: number;
  readonly touches: number;
  /** Verified when it was settled; null: it is not. */
  settledMilli: number | null;
  /** Of each half-hour what it may still be charged for once its bill is closed: what is told higher after that is a present. */
  chargedMilli: Map<string, number> | null;
  /** What disputes have given back. */
  givenFen: number;
}

/** What so many verified thousandths cost: whole touches, no more than were bought. */
const worth = ({ priceFen, touches }: Item, milli: number): number =>
  Math.floor((priceFen * Math.min(touches, Math.floor(milli / 1_000))) / touches);
const total = <R>(rows: readonly R[], of: (row: R) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
/** Towards nothing, which has no sign: of what is taken back as of what is earned. */
const partOf = (fen: number, ppm: number): number => Math.trunc((fen * ppm) / 1_000_000) + 0;
const halfHours = (n: number) => minutes(30 * n);
const dateOf = (at: InstantMs): string => localTime(at, 'Asia/Shanghai').date;
const key = ({ communityId, at }: { readonly communityId: string; readonly at: InstantMs }) => `${communityId}|${at}`;

describeStores('the money of line items before and after they are settled, whatever happens', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let here: Neighbourhood;
  let there: Neighbourhood;
  let shop: TestMerchant;
  let doors: Door[];
  /** What the owners decided, by community, oldest first. */
  const decided = new Map<
    string,
    { readonly from: InstantMs; to: InstantMs | null; readonly owners: number; readonly management: number }[]
  >();
  /** Days that are closed. */
  let blackouts: {
    readonly id: string;
    readonly communityId: string;
    readonly firstDay: string;
    readonly lastDay: string;
  }[] = [];
  /** Doors that tell of nothing before all is settled. */
  let late: readonly number[] = [];
  const seen = new Map<string, number>();
  const note = (what: string) => void seen.set(what, (seen.get(what) ?? 0) + 1);

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider, env: { FFMPEG_PATH: 'none' } });
    [here, there] = [await neighbourhood(world), await neighbourhood(world)];
    const yard = await world.call('POST', `/v1/communities/${here.communityId}/entrances`, {
      token: world.operator,
      body: { name: 'Yard', placement: 'gate' },
    });
    for (const { communityId } of [here, there])
      decided.set(communityId, [{ from: world.clock.now(), to: null, owners: 700_000, management: 100_000 }]);
    doors = [await doorAt(world, here), await doorAt(world, here, yard.body.id), await doorAt(world, there)];
    shop = await merchantAt(world, here);
    await foreverSignedIn();
  }, 60_000);
  afterAll(() => world.close());

  /** Decades go by in these tests. */
  const foreverSignedIn = () => {
    const expiresAt = after(world.clock.now(), days(30_000));
    return its.store.tx(async (q) => void (await q.update(q.t.sessions).set({ expiresAt })));
  };
  /** Each job is run by a step, or not at all: what is planned is the test's own. */
  const stopJobs = () =>
    its.store.tx(async (q) => {
      const t = q.t.jobs;
      await q
        .update(t)
        .set({ runAt: after(world.clock.now(), days(30_000)) })
        .where(like(t.id, 'every:%'));
    });

  const rowOf = async ({ id }: Item) => {
    const t = its.store.read.t.bookings;
    const [row] = await its.store.read.select().from(t).where(eq(t.id, id));
    if (!row) throw new Error('a line item stays');
    return row;
  };
  const linesOf = ({ id }: Item) => {
    const t = its.store.read.t.invoiceLines;
    return its.store.read.select().from(t).where(eq(t.bookingId, id));
  };
  const cellsOf = ({ id }: Item) => {
    const t = its.store.read.t.bookingCells;
    return its.store.read.select().from(t).where(eq(t.bookingId, id));
  };
  const patch = (item: Item, body: unknown) =>
    world.call('PATCH', `/v1/bookings/${item.id}`, { token: shop.token, body });
  const nextHalfHour = () => after(halfHourOf(world.clock.now()), halfHourMs);
  const advanceTo = (at: InstantMs) => world.clock.advance(seconds((at - world.clock.now()) / 1_000));

  async function buy(campaignId: string, { product, touches, touchFen, extraFen, isInBoth }: Terms): Promise<Item> {
    const priceFen = touches * touchFen + extraFen;
    const communityIds = isInBoth ? [here.communityId, there.communityId] : [here.communityId];
    const from = nextHalfHour();
    const span = { from, to: after(from, halfHours(spanHalfHours)) };
    const terms = { merchantId: shop.id, campaignId, priceFen, touches, cells: [], product, span, communityIds };
    const settled = { settledMilli: null, chargedMilli: null, givenFen: 0 };
    return { ...(await paidLineItem(world, terms)), product, priceFen, touches, ...settled };
  }

  /** A plan at random, as the hourly one writes it: what has begun stays. */
  async function plan(items: readonly Item[], seed: number): Promise<void> {
    const from = nextHalfHour();
    await its.store.tx(async (q) => {
      const t = q.t.bookingCells;
      const ids = items.map(({ id }) => id);
      await q.delete(t).where(and(inArray(t.bookingId, ids), gte(t.at, from), isNull(t.deliveredMilli)));
      for (const [n, { id, campaignId, merchantId, product }] of items.entries()) {
        const [row] = await q.select().from(q.t.bookings).where(eq(q.t.bookings.id, id));
        const isRunning = row?.status === 'paid' && !row.pausedAt && !row.cancelledAt && !row.settledAt;
        if (!isRunning || product === 'ten-people') continue;
        const p = q.t.bookingPlaces;
        const places = await q.select().from(p).where(eq(p.bookingId, id));
        const cells = places.flatMap(({ communityId }, place) =>
          Array.from({ length: 4 }, (_, ahead) => {
            const at = after(from, halfHours(ahead));
            const plannedMilli = Math.abs(Math.imul(seed + n * 7 + place * 31 + ahead, 2_654_435_761)) % 4_000;
            const cell = { bookingId: id, campaignId, merchantId, communityId, at, plannedMilli };
            return { ...cell, placement: 'gate' as const, sharePpm: 200_000, keptPpm: null, deliveredMilli: null };
          }).filter(
            ({ at, plannedMilli }) =>
              at >= row.at && at < (row.toAt ?? at) && plannedMilli > 300 && isForSale(communityId, at),
          ),
        );
        await putCells(q, cells);
      }
    });
  }

  /** Reports of half-hours that are a day old, whoever has told of them. */
  async function silence(campaignId: string): Promise<void> {
    world.clock.advance(hours(26));
    const { status } = await world.call('GET', `/v1/exposures?campaignId=${campaignId}&limit=100`, {
      token: shop.token,
    });
    expect(status).toBe(200);
  }

  async function settle(items: readonly Item[]): Promise<void> {
    await world.app.delivery.settle(never);
    for (const item of items) {
      const row = await rowOf(item);
      if (row.settledAt !== null && item.settledMilli === null) {
        item.settledMilli = row.deliveredMilli;
        note('settled');
        const g = its.store.read.t.makeGoods;
        for (const { reason } of await its.store.read.select().from(g).where(eq(g.bookingId, item.id)))
          note(`made good: ${reason}`);
        if (row.toAt !== null && row.toAt > after(row.at, days(1)) && row.cancelledAt === null)
          note('prolonged or moved');
      }
    }
  }

  async function dispute(items: readonly Item[], { line: n, part, ends }: Step & { do: 'dispute' }): Promise<void> {
    const lines = (await Promise.all(items.map(linesOf))).flat().filter(({ kind }) => kind !== 'closing');
    const worthIt = lines.filter(({ amountFen, kind }) => amountFen !== 0 && kind !== 'credit');
    const about = worthIt.length > 0 && n % 5 > 0 ? worthIt : lines;
    const line = about.toSorted((a, b) => (a.id < b.id ? -1 : 1))[n % Math.max(1, about.length)];
    const item = items.find(({ id }) => id === line?.bookingId);
    if (!line || !item) return;
    const body = { lineId: line.id, reason: '没有那么多人' };
    const made = await world.call('POST', `/v1/invoices/${line.invoiceId}/disputes`, { token: shop.token, body });
    note(`dispute:${made.status === 201 ? ends : made.body.code}`);
    if (made.status !== 201) {
      expect(['nothing-to-credit', 'dispute-too-late']).toContain(made.body.code);
      return;
    }
    const path = `/v1/disputes/${made.body.id}`;
    if (ends === 'silence') {
      world.clock.advance(days(15));
      await world.app.billing.disputes.endSilent(never);
    } else if (ends === 'uphold') {
      const said = { note: '屏幕黑着', amountFen: 1 + (part % 50) };
      const done = await world.call('POST', `${path}/uphold`, { token: world.operator, body: said });
      if (done.status !== 200) {
        // Less is billed than was asked for: all of it then.
        expect(done.body).toMatchObject({ code: 'nothing-to-credit' });
        const all = await world.call('POST', `${path}/uphold`, { token: world.operator, body: { note: '全退' } });
        expect(all.status).toBe(200);
      }
    } else {
      const token = ends === 'refuse' ? world.operator : shop.token;
      const done = await world.call('POST', `${path}/${ends}`, {
        token,
        body: ends === 'refuse' ? { note: '播放记录完整' } : {},
      });
      expect(done.status).toBe(200);
    }
    const ended = (await world.call('GET', path, { token: shop.token })).body;
    if (ended.credit) item.givenFen += ended.credit.amountFen;
    expect(ended.status).not.toBe('open');
  }

  async function take(items: readonly Item[], campaignId: string, step: Step): Promise<void> {
    if (step.do === 'half-hour') {
      const at = halfHourOf(world.clock.now());
      const people = items.find(({ product }) => product === 'ten-people')?.id ?? null;
      for (const [n, door] of doors.entries())
        door.play(
          step.played
            .filter((one) => one.door === n)
            .map(({ toPeople, ...one }) => ({ ...one, campaignId, reached: toPeople ? people : null })),
        );
      advanceTo(after(at, halfHourMs));
      for (const [n, door] of doors.entries()) {
        door.close(at);
        if (!step.away.includes(n) && !late.includes(n)) await door.send();
      }
    } else if (step.do === 'back') {
      if (!late.includes(step.door)) await doors[step.door]?.send();
    } else if (step.do === 'tests') await tests(items, step);
    else if (step.do === 'plan') await plan(items, step.seed);
    else if (step.do === 'silence') await silence(campaignId);
    else if (step.do === 'settle') await settle(items);
    else if (step.do === 'weeks') world.clock.advance(days(12));
    else if (step.do === 'publish') await world.app.billing.owners.publish(never);
    else if (step.do === 'owners') await decide(here.communityId, step);
    else if (step.do === 'withdraw') await withdraw(step.isThere ? there : here);
    else if (step.do === 'blackout') await close(step.isThere ? there : here, step.days);
    else if (step.do === 'dispute') await dispute(items, step);
    else if ('item' in step) await change(items, step);
    if (step.do === 'bill' || step.do === 'dispute') await bill(items);
  }

  async function tests(items: readonly Item[], { door: n, cell }: Step & { do: 'back' | 'tests' }): Promise<void> {
    const door = doors[n];
    const cells = (await Promise.all(items.map(cellsOf))).flat();
    const over = cells.filter(
      ({ communityId, at }) => communityId === door?.communityId && after(at, halfHourMs) <= world.clock.now(),
    );
    const ats = [...new Set(over.map(({ at }) => at))].toSorted((a, b) => a - b);
    const at = ats[cell % Math.max(1, ats.length)];
    if (!door || at === undefined || late.includes(n)) return;
    await door.prove(at);
    note('tests');
  }

  async function decide(
    communityId: string,
    { sharePpm, costPpm }: { readonly sharePpm: number; readonly costPpm: number },
  ): Promise<void> {
    world.clock.advance(hours(1));
    const terms = { ownersSharePpm: String(sharePpm), managementPpm: String(costPpm) };
    const { path, body } = ownersDecision(communityId, terms);
    expect((await world.call('POST', path, { token: world.operator, body })).status).toBe(201);
    decided.get(communityId)?.push({ from: world.clock.now(), to: null, owners: sharePpm, management: costPpm });
  }

  /** In the middle of a half-hour. */
  async function withdraw({ communityId, manager }: Neighbourhood): Promise<void> {
    const last = decided.get(communityId)?.at(-1);
    if (!last || last.to !== null) return;
    world.clock.advance(minutes(7));
    const { decision } = (await world.call('GET', `/v1/communities/${communityId}/selling`, { token: manager })).body;
    const body = { note: '业主大会撤销' };
    const done = await world.call('POST', `/v1/owner-decisions/${decision.id}/revoke`, { token: manager, body });
    expect(done.status).toBe(200);
    last.to = world.clock.now();
    note('withdrawn');
  }

  async function close({ communityId, manager }: Neighbourhood, count: number): Promise<void> {
    const [firstDay, lastDay] = [dateOf(world.clock.now()), dateOf(after(world.clock.now(), days(count)))];
    const body = { communityId, firstDay, lastDay, reason: '检修' };
    const done = await world.call('POST', '/v1/blackouts', { token: manager, body });
    expect(done.status).toBe(201);
    blackouts.push({ id: done.body.id, communityId, firstDay, lastDay });
    note('blacked out');
  }

  const isForSale = (communityId: string, at: InstantMs): boolean =>
    decided.get(communityId)?.at(-1)?.to === null &&
    !blackouts.some(
      (one) => one.communityId === communityId && one.firstDay <= dateOf(at) && dateOf(at) <= one.lastDay,
    );

  /** All is for sale again. */
  async function reopen(): Promise<void> {
    for (const { id } of blackouts)
      expect((await world.call('POST', `/v1/blackouts/${id}/lift`, { token: world.operator })).status).toBe(200);
    blackouts = [];
    for (const { communityId } of [here, there])
      if (decided.get(communityId)?.at(-1)?.to !== null)
        await decide(communityId, { sharePpm: 600_000, costPpm: 50_000 });
  }

  async function change(
    items: readonly Item[],
    step: { readonly do: 'pause' | 'resume' | 'move' | 'cancel'; readonly item: number; readonly hours: number },
  ): Promise<void> {
    const item = items[step.item % items.length];
    if (!item) return;
    const { paymentId } = item;
    const refunded = async () => {
      const t = its.store.read.t.payments;
      const [row] = await its.store.read.select().from(t).where(eq(t.id, paymentId));
      return row?.refundedFen ?? 0;
    };
    const before = await refunded();
    if (step.do === 'cancel') {
      const done = await world.call('POST', `/v1/bookings/${item.id}/cancel`, { token: shop.token });
      note(`cancel:${done.status === 200 ? (done.body.refundFen === null ? 'midway' : 'whole') : done.body.code}`);
      if (done.status !== 200) expect(done.body.code).toBe('booking-over');
      // What has not begun goes back wholly and at once; what has, once all is known.
      else expect(await refunded()).toBe(done.body.refundFen === null ? before : item.priceFen);
      return;
    }
    const moved = after(world.clock.now(), hours(step.hours));
    const targeting = { communityIds: [here.communityId], firstDay: dateOf(world.clock.now()), lastDay: dateOf(moved) };
    const body = step.do === 'move' ? { targeting } : { paused: step.do === 'pause' };
    const done = await patch(item, body);
    note(`${step.do}:${done.status === 200 ? 'done' : done.body.code}`);
    expect(done.status).toBeLessThan(500);
    // No change moves money.
    expect(await refunded()).toBe(before);
  }

  /** Bills, and holds what is billed against what was told. */
  async function bill(items: readonly Item[]): Promise<void> {
    await world.app.billing.run(never);
    for (const item of items) await isRight(item);
  }

  async function isRight(item: Item): Promise<void> {
    const lines = await linesOf(item);
    const earned = total(lines, ({ amountFen }) => amountFen);
    const cells = Map.groupBy(await cellsOf(item), key);
    const { bookingBills: t } = its.store.read.t;
    const [its_] = await its.store.read.select().from(t).where(eq(t.bookingId, item.id));
    const told = (name: string) => total(cells.get(name) ?? [], ({ deliveredMilli }) => deliveredMilli ?? 0);
    const billed = Map.groupBy(
      lines.filter(({ kind }) => kind !== 'closing'),
      key,
    );
    const billedMilli = (name: string) => total(billed.get(name) ?? [], ({ verifiedMilli }) => verifiedMilli);
    if (!its_?.closedAt) for (const name of cells.keys()) expect(billedMilli(name)).toBe(told(name));
    else if (!item.chargedMilli)
      item.chargedMilli = new Map([...billed.keys()].map((name) => [name, billedMilli(name)]));
    else
      for (const [name, milli] of item.chargedMilli)
        if (cells.has(name)) item.chargedMilli.set(name, Math.min(milli, told(name)));
    const milli = item.chargedMilli
      ? total([...item.chargedMilli.values()], (one) => one)
      : total([...cells.keys()], (name) => told(name));
    const most = Math.min(worth(item, milli), worth(item, item.settledMilli ?? Infinity));
    expect(earned).toBeLessThanOrEqual(most);
    expect(earned).toBeGreaterThanOrEqual(Math.max(0, most - item.givenFen));
    if (its_?.closedAt) {
      const p = its.store.read.t.payments;
      const [payment] = await its.store.read.select().from(p).where(eq(p.id, item.paymentId));
      expect(earned + (payment?.refundedFen ?? 0)).toBe(item.priceFen);
    }
  }

  /** What must be true after every step. */
  async function isWhole(items: readonly Item[], campaignId: string): Promise<void> {
    const { read } = its.store;
    expect(await ledgerTotal(read)).toBe(0);
    await toldIsWhatHappened(items, campaignId);
    for (const item of items) {
      const lines = await linesOf(item);
      const earned = total(lines, ({ amountFen }) => amountFen);
      const { payments: p, partRefunds: r, invoices: i, creditNotes: c } = read.t;
      const [payment] = await read.select().from(p).where(eq(p.id, item.paymentId));
      const refundedFen = payment?.refundedFen ?? 0;
      expect(earned).toBeGreaterThanOrEqual(0);
      expect(refundedFen).toBeGreaterThanOrEqual(0);
      expect(earned + refundedFen).toBeLessThanOrEqual(item.priceFen);
      const parts = await read.select().from(r).where(eq(r.paymentId, item.paymentId));
      expect(total(parts, ({ amountFen }) => amountFen)).toBe(refundedFen);

      // No half-hour is begun twice, no report billed twice.
      const begun = lines.filter(({ kind }) => kind === 'exposure').map(key);
      expect(new Set(begun).size).toBe(begun.length);

      const notes = await read.select().from(c).where(eq(c.bookingId, item.id));
      for (const invoice of await read.select().from(i).where(eq(i.bookingId, item.id))) {
        const own = lines.filter(({ invoiceId }) => invoiceId === invoice.id);
        const credits = own.filter(({ kind }) => kind === 'credit');
        const billedFen = total(own, ({ amountFen }) => amountFen) - total(credits, ({ amountFen }) => amountFen);
        if (invoice.issuedFen !== null) expect(billedFen).toBe(invoice.issuedFen);
        expect(0 - total(credits, ({ amountFen }) => amountFen)).toBe(invoice.creditedFen);
        const given = notes.filter(({ invoiceId }) => invoiceId === invoice.id);
        expect(total(given, ({ amountFen }) => amountFen)).toBe(invoice.creditedFen);
        // Nobody is given back by a bill what it never billed.
        expect(invoice.creditedFen).toBeLessThanOrEqual(Math.max(0, billedFen));
      }
      ownersHaveTheirs(lines);
    }
  }

  /** The newest report of each half-hour is what its doors have told; each line item has its own part of it, and all of them together all. */
  async function toldIsWhatHappened(items: readonly Item[], campaignId: string): Promise<void> {
    const { read } = its.store;
    const t = read.t.exposureReports;
    const reports = await read.select().from(t).where(eq(t.campaignId, campaignId)).orderBy(t.version);
    const newest = new Map(reports.map((report) => [key(report), report]));
    const cells = Map.groupBy((await Promise.all(items.map(cellsOf))).flat(), key);
    const gone = (await Promise.all(items.map(rowOf))).some(({ status }) => status === 'refunded');
    for (const [name, own] of cells) {
      const report = newest.get(name);
      const [{ communityId, at } = { communityId: '', at: instant(0) }] = own;
      const around = doors.filter((door) => door.communityId === communityId);
      if (!report) {
        expect(around.every((door) => door.hasClosed(at))).toBe(false);
        continue;
      }
      const played = around.flatMap((door) => door.sent(campaignId, at));
      const ofAll = played.filter(({ reached }) => reached === null);
      expect(report.verifiedMilliTouches).toBe(total(ofAll, ({ milli }) => milli));
      expect(report.missing).toBe(around.filter((door) => !door.hasClosed(at)).length);
      const deliveredTo = (mine: (item: Item) => boolean) =>
        total(
          own.filter(({ bookingId }) => items.some((item) => item.id === bookingId && mine(item))),
          ({ deliveredMilli }) => deliveredMilli ?? 0,
        );
      const ofTouches = items.filter(
        ({ id, product }) => product !== 'ten-people' && own.some((c) => c.bookingId === id),
      );
      const delivered = deliveredTo(({ product }) => product !== 'ten-people');
      if (ofTouches.length > 0 && !gone) expect(delivered).toBe(report.verifiedMilliTouches);
      expect(delivered).toBeLessThanOrEqual(report.verifiedMilliTouches);
      for (const { id } of items.filter(({ product }) => product === 'ten-people'))
        if (own.some(({ bookingId }) => bookingId === id))
          expect(deliveredTo((item) => item.id === id)).toBe(
            1_000 * played.filter(({ reached }) => reached === id).length,
          );
    }
  }

  function ownersHaveTheirs(lines: Awaited<ReturnType<typeof linesOf>>): void {
    const then = ({ communityId, at }: { communityId: string; at: InstantMs }) => {
      const all = decided.get(communityId) ?? [];
      const before = all.findLastIndex(({ from }) => from <= at);
      const isOver = (all[before]?.to ?? Infinity) <= at;
      const within = all.findIndex(({ from }) => from > at && from < at + halfHourMs);
      return isOver && within >= 0 ? within : before;
    };
    // Let off: not of any one half-hour.
    if (lines.some(({ kind }) => kind === 'closing')) {
      note('let off');
      return;
    }
    for (const own of Map.groupBy(lines, (line) => `${line.communityId}|${then(line)}`).values()) {
      const [first] = own;
      const decision = first && decided.get(first.communityId)?.[then(first)];
      if (!decision) throw new Error('nothing is earned without a decision');
      const income = total(own, ({ amountFen }) => amountFen);
      // Lines are priced together: where several are told lower, one can take back what another one earned.
      if (income < 0) note('takes back what another community earned');
      const management = partOf(income, decision.management);
      expect(total(own, ({ managementFen }) => managementFen)).toBe(management);
      expect(total(own, ({ ownersFen }) => ownersFen)).toBe(partOf(income - management, decision.owners));
    }
  }

  /** All that is still to come, until everything is settled and has gone back. */
  async function end(items: readonly Item[], campaignId: string): Promise<void> {
    for (let round = 0; ; round += 1) {
      const rows = await Promise.all(items.map(rowOf));
      if (rows.every(({ settledAt, status }) => settledAt !== null || status === 'refunded')) break;
      expect(round).toBeLessThan(8);
      if (rows.some(({ toAt }) => (toAt ?? 0) > world.clock.now())) {
        await plan(items, round);
        advanceTo(nextHalfHour());
        const played = [{ door: round % 3, fate: 'counts' as const, milli: 1_000, toPeople: round % 2 === 1 }];
        await take(items, campaignId, { do: 'half-hour', played, away: [] });
      }
      world.clock.advance(days(5));
      await silence(campaignId);
      await settle(items);
      await bill(items);
      await isWhole(items, campaignId);
    }
  }

  /** Nothing is under way any more. */
  async function isOver(items: readonly Item[]): Promise<void> {
    const { payments: p, partRefunds: r } = its.store.read.t;
    for (const { paymentId, id, priceFen } of items)
      await vi.waitFor(async () => {
        const parts = await its.store.read.select().from(r).where(eq(r.paymentId, paymentId));
        const [payment] = await its.store.read.select().from(p).where(eq(p.id, paymentId));
        const lines = await its.store.read
          .select()
          .from(its.store.read.t.invoiceLines)
          .where(eq(its.store.read.t.invoiceLines.bookingId, id));
        const back = provider.refunds.filter(({ outTradeNo }) => outTradeNo === paymentId);
        expect(parts.every(({ status }) => status === 'done')).toBe(true);
        expect(total(back, ({ amountFen }) => amountFen)).toBe(payment?.refundedFen);
        expect(priceFen - total(back, ({ amountFen }) => amountFen)).toBe(total(lines, (line) => line.amountFen));
      }, 10_000);
    // Of what was paid in advance nothing is left: it is somebody's, or has gone back.
    expect(await balanceOf(its.store.read, 'deferred-income')).toBe(0);
  }

  it('is earned and sent back as what was verified is worth, after every step', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyTerms, { minLength: 1, maxLength: 3 }),
        fc.array(anyStep, { minLength: 4, maxLength: 16 }),
        fc.subarray([0, 1, 2], { maxLength: 2 }),
        fc.array(anyLaterStep, { maxLength: 8 }),
        async (terms, steps, away, later) => {
          await stopJobs();
          await reopen();
          late = away;
          advanceTo(nextHalfHour());
          const campaignId = await readyCampaign(world, shop, 'food');
          const items: Item[] = [];
          for (const one of terms) items.push(await buy(campaignId, one));
          await plan(items, steps.length);
          for (const step of steps) {
            await take(items, campaignId, step);
            await isWhole(items, campaignId);
          }
          await end(items, campaignId);
          late = [];
          for (const step of later) {
            await take(items, campaignId, step);
            await isWhole(items, campaignId);
          }
          for (const door of doors) await door.send();
          await bill(items);
          await isWhole(items, campaignId);
          await isOver(items);
        },
      ),
      // What one history leaves undone would be another's: none is tried in a shorter form.
      { numRuns: runs, endOnFailure: true },
    );
    if (process.env['HISTORIES']) console.log(its.dialect, Object.fromEntries(seen));
  });

  it('is in the accounts of the owners, and in what was published of their quarters', async () => {
    const { read } = its.store;
    const { invoiceLines: t, ownerStatements: s } = read.t;
    world.clock.advance(days(100));
    await world.app.billing.owners.publish(never);
    for (const { communityId } of [here, there]) {
      const lines = await read.select().from(t).where(eq(t.communityId, communityId));
      for (const party of ['owners', 'management'] as const) {
        const owed = 0 - (await balanceOf(read, `${party}-payable:${communityId}`));
        expect(owed).toBe(total(lines, (line) => line[`${party}Fen`]));
      }
      const quarter = ({ madeAt }: { readonly madeAt: InstantMs }) => {
        const [year, month] = localTime(madeAt, 'Asia/Shanghai').date.split('-').map(Number);
        return `${year}-Q${Math.ceil((month ?? 1) / 3)}`;
      };
      const byQuarter = Map.groupBy(lines, quarter);
      const published = await read.select().from(s).where(eq(s.communityId, communityId));
      for (const one of published) {
        const own = byQuarter.get(one.quarter) ?? [];
        expect(one.incomeFen).toBe(total(own, ({ amountFen }) => amountFen));
        expect(one.ownersFen).toBe(total(own, ({ ownersFen }) => ownersFen));
      }
    }
    const all = await read.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(t);
    expect(all[0]?.n).toBeGreaterThan(0);
  });
});
