import { instant, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedSoldTown, type SoldTown } from '../campaigns/sold-town.fixture.ts';
import { analyzed, wholeReads } from '../platform/db/query-plans.fixture.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { wheres } from './week-cells.ts';

/** The app's clock stands in the week of that Monday. */
const week = '2026-11-23';
const many = 4_000;
/** Tuesday, 18:00 in Shanghai. */
const evening = instant(Date.parse('2026-11-24T18:00:00+08:00'));
const eveningHalfHour = 48 + 36;

describeStores('what is sold of all that comes by', (its) => {
  let world: TestApp;
  let town: SoldTown;
  const get = async (path: string) => {
    const { status, body } = await world.call('GET', `/v1/sell-through/${path}`, { token: world.operator });
    expect(status, path).toBe(200);
    return body;
  };
  /** What the newest plan owes a line item at the gates of a community. */
  const owe = async (communityId: string, cell: { plannedMilli: number; sharePpm: number | null }) => {
    const q = its.store.read;
    const [line] = await q.select().from(q.t.bookings).where(eq(q.t.bookings.communityId, communityId)).limit(1);
    const id = line?.id ?? newId('booking');
    await its.store.tx(async (tx) => {
      await tx.update(tx.t.bookings).set({ touches: 100, priceFen: 3_000 }).where(eq(tx.t.bookings.id, id));
      const about = { bookingId: id, campaignId: line?.campaignId ?? '', merchantId: line?.merchantId ?? '' };
      const there = { communityId, at: evening, placement: 'gate' as const };
      await tx.insert(tx.t.bookingCells).values({ ...about, ...there, ...cell });
    });
  };

  beforeAll(async () => {
    world = await testApp({ store: its.store });
    town = await seedSoldTown(its.store, { communities: 4, lineItems: 40, sold: 0.1 }, world.clock.now());
    const unsold = town.communityIds[3] ?? '';
    await its.store.tx(async (q) => {
      await q.delete(q.t.ownerDecisions).where(eq(q.t.ownerDecisions.communityId, unsold));
    });
    await owe(town.communityIds[0] ?? '', { plannedMilli: 3_600, sharePpm: 500_000 });
    await world.app.sellThrough.sum(AbortSignal.timeout(60_000));
  }, 90_000);
  afterAll(() => world.close());

  it('is told by half-hour of the week: expected, open for sale and taken in whole touches', async () => {
    const all = await get(`heat-map?week=${week}&place=gate`);
    const here = await get(`heat-map?week=${week}&place=gate&communityId=${town.communityIds[0]}`);
    expect(here.cells).toHaveLength(336);
    const cell = here.cells[eveningHalfHour];
    // It plays at half of all touches, whatever part of each counts for it.
    expect(cell.soldPpm).toBe(500_000);
    expect(cell.soldTouches).toBe(Math.floor(cell.expectedTouches / 2));
    expect(here.cells[eveningHalfHour + 1]).toMatchObject({ soldTouches: 0, soldPpm: 0 });
    // 3.6 of 100 touches that cost 30 yuan together.
    expect(here.incomeFen).toBe(108);
    // Three of four communities sell.
    expect(all.cells[eveningHalfHour].openTouches / all.cells[eveningHalfHour].expectedTouches).toBeCloseTo(0.75, 1);
    expect(all.soldTouches).toBe(here.soldTouches);
  });

  it('says of a community of which nothing is for sale why, and leaves it out where others are compared', async () => {
    const unsold = town.communityIds[3];
    expect(await get(`heat-map?week=${week}&communityId=${unsold}`)).toMatchObject({
      unsold: 'no-owner-decision',
      openTouches: 0,
      soldPpm: null,
    });
    const { items } = await get(`communities?week=${week}`);
    expect(items.map(({ communityId }: { communityId: string }) => communityId)).not.toContain(unsold);
    expect(items).toHaveLength(3);
  });

  it('puts the communities first that sell least, or earn most', async () => {
    const best = await get(`communities?week=${week}&place=gate&by=yield&order=best&limit=1`);
    expect(best.items).toMatchObject([{ communityId: town.communityIds[0], incomeFen: 108 }]);
    const worst = await get(`communities?week=${week}&place=gate&order=worst`);
    expect(worst.items.at(-1)).toMatchObject({ communityId: town.communityIds[0] });
  });

  it('adds up week by week and part of the day by part of the day', async () => {
    const { items } = await get('weeks');
    const [now] = items.filter((one: { week: string }) => one.week === week);
    expect(now).toMatchObject({ communities: 4, unsold: 1, incomeFen: 108 });
    const evenings = now.dayparts.find(({ fromMinute }: { fromMinute: number }) => fromMinute === 960);
    expect(evenings).toMatchObject({ incomeFen: 108, soldTouches: now.soldTouches });
  });

  it('answers a week that was never summed with nothing, and no day but Monday names one', async () => {
    expect(await get('heat-map?week=2026-01-05')).toMatchObject({ expectedTouches: 0, soldPpm: null, madeAt: null });
    const wrong = await world.call('GET', '/v1/sell-through/heat-map?week=2026-11-24', { token: world.operator });
    expect(wrong).toMatchObject({ status: 400 });
  });

  it('is read through an index, page by page, in four thousand communities', { timeout: 60_000 }, async () => {
    const next = '2026-12-07';
    const open = 4_000_000;
    const madeAt = world.clock.now();
    const ids = Array.from({ length: many }, () => newId('community'));
    await its.store.tx(async (q) => {
      const rows = ids.flatMap((communityId, n) =>
        wheres.map((place) => ({
          week: next,
          place,
          communityId,
          madeAt,
          expectedMilli: open,
          openMilli: open,
          soldMilli: (n >> 1) * 1_000,
          incomeMilliFen: n,
          soldPpm: (n >> 1) * 250,
          yieldMilliFen: n,
        })),
      );
      await q.insertMany(q.t.sellThrough, rows);
      const cell = { bookingId: newId('booking'), campaignId: newId('campaign'), merchantId: newId('merchant') };
      const planned = { ...cell, at: evening, plannedMilli: 1, sharePpm: null };
      await q.insertMany(
        q.t.bookingCells,
        ids.flatMap((communityId) =>
          (['gate', 'lift'] as const).map((place) => ({ ...planned, communityId, placement: place })),
        ),
      );
      const profile = { households: 300, familiesPpm: 0, commutersPpm: 0, elderlyPpm: 0 };
      const about = { companyId: newId('company'), zone: 'Asia/Shanghai', createdAt: madeAt, ...profile };
      await q.insertMany(
        q.t.communities,
        ids.map((id, n) => ({ id, name: `Garden ${n}`, ...about })),
      );
    });
    await analyzed(its);
    const first = await get(`communities?week=${next}&limit=100`);
    const second = await get(`communities?week=${next}&limit=100&cursor=${first.nextCursor}`);
    const seen = [...first.items, ...second.items].map(({ communityId }: { communityId: string }) => communityId);
    expect(new Set(seen).size).toBe(200);
    expect(first.items.slice(0, 4).map(({ soldPpm }: { soldPpm: number }) => soldPpm)).toEqual([0, 0, 250, 250]);
    const asked = ['', '&order=best', '&by=yield', '&by=yield&order=best', `&cursor=${first.nextCursor}`];
    const reads = await wholeReads(
      its,
      (table) => table !== 'sell_through' && table !== 'booking_cells',
      async () => {
        for (const one of asked) await get(`communities?week=${next}&limit=50${one}`);
        await get(`heat-map?week=${week}&communityId=${town.communityIds[0]}`);
        await get('weeks');
      },
    );
    expect(reads).toEqual([]);
    expect((await get(`communities?week=${next}&search=garden 399`)).items).toHaveLength(11);
  });
});
