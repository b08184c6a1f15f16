import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  after,
  days,
  halfHourMs,
  halfHourOf,
  hours,
  localTime,
  minutes,
  seconds,
  zonedInstant,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { plan as planSchema } from '@gatecast/firmware-protocol/messages';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readyCampaign } from '../campaigns/ready-campaign.fixture.ts';
import { planned } from '../delivery/planned.fixture.ts';
import { auditBundle } from '../journal-audit/bundle.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { balanceOf, ledgerTotal } from '../settlement/ledger.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, pay, residentAt, type TestMerchant, type TestResident } from '../test-market.ts';
import { neighbourhood, signInTerminal, type Neighbourhood } from '../test-neighbourhood.ts';
import { doorAt, type Door, type Fate } from './histories-town.fixture.ts';

const never = new AbortController().signal;
const zone = 'Asia/Shanghai';
const aMoment = { timeout: 60_000, interval: 50 };
const evenings = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 18 * 60, toMinute: 20 * 60 };
/** Of the owners' decision that every community of these tests begins with, in percent: the cost of managing it, and what is the owners' of the rest. */
const managementPercent = 10;
const ownersPercent = 70;

/** By hand: what so many touches out of those that were bought are worth, whole fen only. */
const worthOf = (priceFen: number, touches: number, verified: number): number =>
  Math.floor((priceFen * verified) / touches);
/** By hand: whose an income is. */
function partsOf(incomeFen: number): { readonly managementFen: number; readonly ownersFen: number } {
  const managementFen = Math.floor((incomeFen * managementPercent) / 100);
  return { managementFen, ownersFen: Math.floor(((incomeFen - managementFen) * ownersPercent) / 100) };
}
const total = <R>(rows: readonly R[], of: (row: R) => number): number => rows.reduce((sum, row) => sum + of(row), 0);

describeStores('what was paid for a place that is taken off sale', (its) => {
  const provider = memoryProvider();
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-off-sale-test-'));
  let world: TestApp;

  beforeAll(async () => {
    // A bundle is read from beside, by the address of the database.
    const env = { FFMPEG_PATH: 'none', GATECAST_DATABASE_URL: its.url };
    world = await testApp({ store: its.store, paymentProvider: provider, env });
  }, 60_000);
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true });
  });

  interface Town extends Neighbourhood {
    readonly door: Door;
    readonly resident: TestResident;
  }
  const town = async (): Promise<Town> => {
    const here = await neighbourhood(world);
    const door = await doorAt(world, here);
    await isOnline(door, true);
    return { ...here, door, resident: await residentAt(world, here, '住户') };
  };
  /** Nothing of these tests goes through a broker: as if the screen were on the line from now on, or had not been for three hours. */
  const isOnline = ({ terminal }: Door, online: boolean) =>
    its.store.tx(async (q) => {
      const t = q.t.terminalPresence;
      const lastSeenAt = after(world.clock.now(), online ? days(3_000) : hours(-3));
      await q.update(t).set({ online, lastSeenAt }).where(eq(t.terminalId, terminal.id));
    });
  /** Quarters go by in these tests. */
  const foreverSignedIn = () => {
    const expiresAt = after(world.clock.now(), days(3_000));
    return its.store.tx(async (q) => void (await q.update(q.t.sessions).set({ expiresAt })));
  };
  const asOperator = (method: string, path: string, body?: object) =>
    world.call(method, path, { token: world.operator, ...(body && { body }) });
  const advanceTo = (at: InstantMs) => world.clock.advance(seconds((at - world.clock.now()) / 1_000));
  const dayAhead = (ahead: number) => localTime(after(world.clock.now(), days(ahead)), zone).date;
  const onDay = (date: string, minute: number) => zonedInstant(date, minute, zone);
  /** When the first evening begins that is whole from then on. */
  const eveningFrom = (at: InstantMs): InstantMs => {
    const today = onDay(localTime(at, zone).date, 18 * 60);
    return today >= at ? today : after(today, days(1));
  };

  interface Bought {
    readonly id: string;
    readonly paymentId: string;
    readonly campaignId: string;
    readonly touches: number;
    readonly priceFen: number;
    readonly shop: TestMerchant;
  }
  /** Held and paid as a merchant does it, at two prices: so that of some days a touch is no whole number of fen. */
  async function buy(
    places: readonly Town[],
    touches: number,
    when: { readonly firstDay: string; readonly lastDay: string } | { readonly at: InstantMs },
  ): Promise<Bought> {
    const [first] = places;
    if (!first) throw new Error('a line item plays somewhere');
    const shop = await merchantAt(world, first);
    await foreverSignedIn();
    const campaignId = await readyCampaign(world, shop, 'food');
    for (const { communityId } of places) {
      const early = { communityId, fromMinute: 18 * 60, toMinute: 19 * 60, touchPriceFen: 37 };
      expect((await asOperator('POST', '/v1/rate-lines', early)).status).toBe(201);
    }
    const communityIds = places.map(({ communityId }) => communityId);
    const place = 'at' in when ? { communityId: first.communityId } : { communityIds, dayparts: [evenings] };
    const body = { campaignId, ...place, ...when, touches };
    const held = await world.call('POST', '/v1/bookings', { token: shop.token, body });
    expect(held.body).toMatchObject({ status: 'held', touches });
    await pay(world, provider, held);
    const paymentId = String(held.body.payUrl).split('/').at(-1) ?? '';
    const priceFen = provider.collections.get(paymentId)?.amountFen ?? 0;
    expect(priceFen % touches > 0).toBe('firstDay' in when);
    return { id: held.body.id, paymentId, campaignId, touches, priceFen, shop };
  }

  const cellsOf = ({ id }: Bought) => {
    const t = its.store.read.t.bookingCells;
    return its.store.read.select().from(t).where(eq(t.bookingId, id)).orderBy(asc(t.at));
  };
  const plannedAhead = async (bought: Bought, communityId: string): Promise<number> => {
    const ahead = (await cellsOf(bought)).filter((cell) => cell.at > world.clock.now());
    return total(
      ahead.filter((cell) => cell.communityId === communityId),
      ({ plannedMilli }) => plannedMilli,
    );
  };
  /** Whether a screen that asks now gets anything of it to play. */
  async function isOnScreen({ door }: Town, { campaignId }: Bought): Promise<boolean> {
    const { id, epoch, identity } = door.terminal;
    const { body } = await signInTerminal(world, id, epoch, identity);
    const plan = await world.call('GET', `/v1/terminals/${id}/documents/plan`, { token: body.token });
    const { cells } = planSchema.parse(plan.body.body);
    return cells.some(({ entries }) => entries.some(({ campaign }) => campaign === campaignId));
  }
  const progress = async ({ id, shop }: Bought) =>
    (await world.call('GET', `/v1/bookings/${id}/progress`, { token: shop.token })).body;

  /** So many plays that count, and one of each of the others. */
  function played({ door }: Town, { campaignId }: Bought, counting: number, others: readonly Fate[] = []): void {
    const play = (fate: Fate) => ({ campaignId, fate, milli: 1_000, reached: null });
    door.play([...Array.from({ length: counting }, () => play('counts')), ...others.map(play)]);
  }
  /** The half-hour that runs goes to its end, and the screen tells of it. */
  async function over({ door }: Town): Promise<void> {
    const at = halfHourOf(world.clock.now());
    advanceTo(after(at, halfHourMs));
    door.close(at);
    await door.send();
  }

  /** The owners take their word back, as their property manager tells. */
  async function takeBack({ communityId, manager }: Town): Promise<void> {
    const { decision } = (await asOperator('GET', `/v1/communities/${communityId}/selling`)).body;
    const path = `/v1/owner-decisions/${decision.id}/revoke`;
    const { status } = await world.call('POST', path, { token: manager, body: { note: '业主大会撤销' } });
    expect(status).toBe(200);
  }

  /** Their property manager closes days. */
  async function dark({ communityId, manager }: Town, firstDay: string, lastDay: string): Promise<void> {
    const body = { communityId, firstDay, lastDay, reason: '小区检修' };
    expect((await world.call('POST', '/v1/blackouts', { token: manager, body })).status).toBe(201);
  }

  /** Lets the jobs do what is due, until the line item is settled and its bill closed. */
  const settled = (bought: Bought) =>
    vi.waitFor(async () => {
      world.clock.advance(minutes(10));
      expect(await progress(bought)).toMatchObject({ state: 'ended' });
    }, aMoment);
  async function billed({ id, campaignId, shop }: Bought) {
    const t = its.store.read.t.bookingBills;
    await vi.waitFor(async () => {
      world.clock.advance(seconds(1));
      await world.app.billing.run(never);
      const [bill] = await its.store.read.select().from(t).where(eq(t.bookingId, id));
      expect(bill?.closedAt).not.toBeNull();
    }, aMoment);
    const { items } = (await world.call('GET', `/v1/invoices?campaignId=${campaignId}`, { token: shop.token })).body;
    return items as { readonly id: string; readonly status: string; readonly totalFen: number }[];
  }
  const sentBack = ({ paymentId }: Bought): number =>
    total(
      provider.refunds.filter(({ outTradeNo }) => outTradeNo === paymentId),
      ({ amountFen }) => amountFen,
    );

  /** An auditor with nothing but the file: what it proves was earned. */
  async function audited(
    invoiceId: string,
    { door }: Town,
  ): Promise<{ readonly earnedFen: number; readonly touches: number }> {
    const headers = { authorization: `Bearer ${world.operator}` };
    const path = join(folder, `${invoiceId}.tar`);
    const answer = await world.app.fetch(
      new Request(`http://gatecast.test/v1/invoices/${invoiceId}/bundle`, { headers }),
    );
    expect(answer.status).toBe(200);
    const bytes = Buffer.from(await answer.arrayBuffer());
    writeFileSync(path, bytes);
    const { kid, publicKey } = door.terminal.claim['timeKey'] as { readonly kid: string; readonly publicKey: string };
    const { bundleFaults, findings } = await auditBundle(path, new Map([[kid, publicKey]]));
    expect({ bundleFaults, findings }).toEqual({ bundleFaults: [], findings: [] });
    const said = bytes.toString('utf8').split('\n');
    const lines = said.filter((row) => row.includes('"touchPriceMilliFen"'));
    const sum = (name: string) => total(lines, (row) => Number(new RegExp(`"${name}":(-?\\d+)`).exec(row)?.[1]));
    return { earnedFen: sum('amountFen'), touches: sum('verifiedMilliTouches') / 1_000 };
  }

  const accountOf = async ({ communityId, manager }: Town) =>
    (await world.call('GET', `/v1/communities/${communityId}/ad-income`, { token: manager })).body;
  /** Gives the name of the one that was. */
  async function quarterIsOver(): Promise<string> {
    const [year, month] = dayAhead(0).split('-').map(Number);
    const quarter = `${year}-Q${Math.ceil((month ?? 1) / 3)}`;
    world.clock.advance(days(95));
    await world.app.billing.owners.publish(never);
    return quarter;
  }
  /** What residents read of a quarter. */
  async function published({ resident }: Town, quarter: string) {
    const { body } = await world.call('GET', '/v1/me/ad-income', { token: resident.token });
    return body.quarters.find((one: { readonly quarter: string }) => one.quarter === quarter);
  }

  /** All the way from the bill to what an auditor and a resident read: so many touches were verified, and so much was earned in each place. */
  async function isPaidFor(bought: Bought, touches: number, incomes: ReadonlyMap<Town, number>): Promise<void> {
    const earnedFen = worthOf(bought.priceFen, bought.touches, touches);
    expect(total([...incomes.values()], (incomeFen) => incomeFen)).toBe(earnedFen);
    const [first] = incomes.keys();
    if (!first) throw new Error('it is earned somewhere');
    const invoices = await billed(bought);
    expect(invoices).toMatchObject([{ status: 'issued', totalFen: earnedFen }]);
    const back = bought.priceFen - earnedFen;
    await vi.waitFor(async () => expect(await progress(bought)).toMatchObject({ refundedFen: back }), aMoment);
    expect(sentBack(bought)).toBe(back);
    expect(await ledgerTotal(its.store.read)).toBe(0);
    expect(await balanceOf(its.store.read, 'deferred-income')).toBe(0);
    for (const [place, incomeFen] of incomes) {
      const { ownersFen, managementFen } = partsOf(incomeFen);
      expect(await accountOf(place)).toMatchObject({ owedOwnersFen: ownersFen, owedManagementFen: managementFen });
    }
    expect(await audited(invoices[0]?.id ?? '', first)).toEqual({ earnedFen, touches });
    const quarter = await quarterIsOver();
    for (const [place, incomeFen] of incomes)
      expect(await published(place, quarter)).toMatchObject({ incomeFen, ...partsOf(incomeFen) });
  }

  it(
    'goes back to the fen where the owners take their decision back and nothing comes in its place',
    { timeout: 120_000 },
    async () => {
      const here = await town();
      const bought = await buy([here], 31, { firstDay: dayAhead(1), lastDay: dayAhead(2) });
      await planned(world);
      expect(await plannedAhead(bought, here.communityId)).toBeGreaterThanOrEqual(31_000);

      advanceTo(onDay(dayAhead(1), 18 * 60));
      played(here, bought, 4, ['repeat', 'staff', 'too-short']);
      await over(here);
      played(here, bought, 3, ['unknown-touch']);
      await over(here);
      played(here, bought, 2);
      world.clock.advance(minutes(10));
      expect(await isOnScreen(here, bought)).toBe(true);
      await takeBack(here);
      expect(await isOnScreen(here, bought)).toBe(false);
      await over(here);

      await planned(world);
      expect(await plannedAhead(bought, here.communityId)).toBe(0);
      expect(await progress(bought)).toMatchObject({ state: 'behind', verifiedTouches: 9 });
      const behind = (await asOperator('GET', '/v1/delivery/behind')).body.items;
      expect(behind).toMatchObject([{ bookingId: bought.id, reasons: ['not-for-sale', 'fewer-people'] }]);

      // It is nobody's to give more days there.
      advanceTo(onDay(dayAhead(1), 20 * 60));
      world.clock.advance(hours(29));
      await settled(bought);
      expect(await progress(bought)).toMatchObject({ makeGoods: [], verifiedTouches: 9 });

      await isPaidFor(bought, 9, new Map([[here, worthOf(bought.priceFen, 31, 9)]]));
    },
  );

  it(
    'is made good after a black-out, and what falls short again goes back to the fen',
    { timeout: 120_000 },
    async () => {
      const here = await town();
      const bought = await buy([here], 29, { firstDay: dayAhead(1), lastDay: dayAhead(3) });
      await planned(world);
      const [first, second, last] = [dayAhead(1), dayAhead(2), dayAhead(3)];
      advanceTo(onDay(first, 18 * 60));
      played(here, bought, 3);
      await over(here);
      await dark(here, second, last);
      await planned(world);
      // All of what is still owed finds its place on the evening that is left.
      const left = (await cellsOf(bought)).filter(({ at, plannedMilli }) => at > world.clock.now() && plannedMilli > 0);
      expect(left.map(({ at }) => localTime(at, zone).date)).toEqual(left.map(() => first));
      expect(total(left, ({ plannedMilli }) => plannedMilli)).toBeGreaterThan(15_000);
      for (const counting of [4, 2, 0]) {
        played(here, bought, counting, ['repeat']);
        await over(here);
      }

      advanceTo(onDay(last, 21 * 60));
      await vi.waitFor(async () => {
        world.clock.advance(minutes(10));
        expect((await progress(bought)).makeGoods).toHaveLength(1);
      }, aMoment);
      const [madeGood] = (await progress(bought)).makeGoods;
      expect(madeGood).toMatchObject({ no: 1, reason: 'not-for-sale', missingTouches: 20 });
      await planned(world);
      advanceTo(eveningFrom(madeGood.fromAt));
      played(here, bought, 5);
      await over(here);
      // Nothing is to be had in any of the days that could still be added.
      await dark(here, dayAhead(1), dayAhead(9));
      world.clock.advance(hours(30));
      await settled(bought);
      expect(await progress(bought)).toMatchObject({ makeGoods: [madeGood], verifiedTouches: 14 });
      await isPaidFor(bought, 14, new Map([[here, worthOf(bought.priceFen, 29, 14)]]));
    },
  );

  it(
    'is made good where others still sell, and who took their decision back have their part of what a screen without a line showed',
    { timeout: 120_000 },
    async () => {
      const [here, there] = [await town(), await town()];
      const bought = await buy([here, there], 31, { firstDay: dayAhead(1), lastDay: dayAhead(2) });
      await planned(world);
      const [first, last] = [dayAhead(1), dayAhead(2)];
      advanceTo(onDay(first, 18 * 60));
      // The screen here has no line for three hours: it hears nothing of what follows, and plays on by what it has.
      await isOnline(here.door, false);
      for (const [counting, beside] of [
        [3, 4],
        [2, 3],
        [0, 2],
        [0, 0],
      ] as const) {
        const at = halfHourOf(world.clock.now());
        played(here, bought, counting);
        played(there, bought, beside);
        if (counting === 3) {
          world.clock.advance(minutes(10));
          await takeBack(here);
          await planned(world);
          expect(await plannedAhead(bought, here.communityId)).toBeGreaterThan(0);
        }
        await over(there);
        here.door.close(at);
      }
      await isOnline(here.door, true);
      await here.door.send();
      await planned(world);
      expect(await plannedAhead(bought, here.communityId)).toBe(0);
      expect(await plannedAhead(bought, there.communityId)).toBeGreaterThan(15_000);

      advanceTo(onDay(last, 18 * 60));
      for (const counting of [0, 0, 2, 0]) {
        played(there, bought, counting);
        await over(there);
      }

      advanceTo(onDay(last, 23 * 60));
      await vi.waitFor(async () => {
        world.clock.advance(minutes(10));
        expect((await progress(bought)).makeGoods).toMatchObject([{ reason: 'not-for-sale', missingTouches: 15 }]);
      }, aMoment);
      const [madeGood] = (await progress(bought)).makeGoods;
      await planned(world);
      expect(await plannedAhead(bought, here.communityId)).toBe(0);
      advanceTo(eveningFrom(madeGood.fromAt));
      for (const counting of [8, 7]) {
        played(there, bought, counting);
        await over(there);
      }
      world.clock.advance(hours(30));
      await settled(bought);

      // What is told first is billed first: nine there, and then the five here.
      const worth = (verified: number) => worthOf(bought.priceFen, 31, verified);
      const hereFen = worth(14) - worth(9);
      const incomes = new Map([
        [here, hereFen],
        [there, bought.priceFen - hereFen],
      ]);
      await isPaidFor(bought, 31, incomes);
      expect(sentBack(bought)).toBe(0);
    },
  );

  it(
    'goes back wholly where its only half-hour is blacked out in the whole network, and nothing is published of it',
    { timeout: 120_000 },
    async () => {
      const here = await town();
      const at = onDay(dayAhead(1), 18 * 60);
      const bought = await buy([here], 7, { at });
      expect(bought.priceFen).toBe(7 * 37);
      const network = { communityId: null, firstDay: dayAhead(1), lastDay: dayAhead(10), reason: '公祭日' };
      const closed = await asOperator('POST', '/v1/blackouts', network);
      await vi.waitFor(async () => {
        world.clock.advance(seconds(1));
        expect(await isOnScreen(here, bought)).toBe(false);
      }, aMoment);
      advanceTo(at);
      await over(here);
      await settled(bought);
      expect(await progress(bought)).toMatchObject({ makeGoods: [], verifiedTouches: 0 });
      await vi.waitFor(async () => expect(await progress(bought)).toMatchObject({ refundedFen: 7 * 37 }), aMoment);
      expect(sentBack(bought)).toBe(7 * 37);
      expect((await billed(bought)).map(({ totalFen }) => totalFen)).toEqual([0]);
      expect(await ledgerTotal(its.store.read)).toBe(0);
      expect(await balanceOf(its.store.read, 'deferred-income')).toBe(0);
      expect(await accountOf(here)).toMatchObject({ owedOwnersFen: 0, owedManagementFen: 0 });
      expect(await published(here, await quarterIsOver())).toBeUndefined();
      expect((await asOperator('POST', `/v1/blackouts/${closed.body.id}/lift`)).status).toBe(200);
    },
  );
});
