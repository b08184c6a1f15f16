import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, hours, instant, localTime, manualClock, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedSoldTown } from '../campaigns/sold-town.fixture.ts';
import { createHoldouts } from '../lift/holdouts.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import type { Platform } from '../platform/platform.ts';
import { replan } from './replan.ts';
import { advertise, platformOver } from './sold-plan.fixture.ts';
import { listReplans, wantPlan, wishes } from './store.ts';

/** 17:00 in Shanghai. */
const began = instant(Date.UTC(2026, 10, 24, 9, 0));

describeStores('the plan of the network', (its) => {
  const clock = manualClock(began);
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-plan-'));
  let platform: Platform;
  const holds = async () => undefined;
  const plan = (held: () => Promise<void> = holds, signal = new AbortController().signal) =>
    replan(platform, { holdouts: createHoldouts(platform) }, { signal, held });
  const kept = async () => {
    const { bookingCells: t, deliveryOutlooks: o } = its.store.read.t;
    const q = its.store.read;
    return {
      cells: await q.select().from(t).orderBy(asc(t.bookingId), asc(t.communityId), asc(t.at), asc(t.placement)),
      outlooks: await q.select().from(o).orderBy(asc(o.bookingId)),
      runs: await listReplans(q, 100),
      wishes: await wishes(q),
    };
  };

  beforeAll(async () => {
    await seedSoldTown(its.store, { communities: 3, lineItems: 9, sold: 0.6 }, after(began, minutes(-30)));
    await its.store.tx((q) => advertise(q, began));
    platform = platformOver(its.store, folder, clock);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is made on a thread and written', { timeout: 60_000 }, async () => {
    await plan();
    const { cells, outlooks, runs } = await kept();
    expect(cells.length).toBeGreaterThan(100);
    expect(outlooks).toHaveLength(9);
    expect(runs).toMatchObject([{ lineItems: 9, cellsChanged: cells.length, communitiesChanged: 3 }]);
    expect(runs[0]?.plannedPpm).toBeGreaterThan(800_000);
  });

  it('changes nothing where nothing has changed', { timeout: 60_000 }, async () => {
    const { cells } = await kept();
    await plan();
    expect((await kept()).cells).toEqual(cells);
    expect((await kept()).runs[0]).toMatchObject({ cellsChanged: 0, communitiesChanged: 0 });
  });

  it('holds the lease in each transaction that writes', { timeout: 60_000 }, async () => {
    clock.advance(hours(1));
    await its.store.tx(async (q) => {
      await wantPlan(q);
      // One that was stopped, of which something is planned, and one that a plan before this one left to be published.
      const [line] = await q.select().from(q.t.bookings).orderBy(asc(q.t.bookings.id)).limit(1);
      await q
        .update(q.t.bookings)
        .set({ pausedAt: clock.now() })
        .where(eq(q.t.bookings.id, line?.id ?? ''));
    });
    let [transactions, held] = [0, 0];
    const counting: typeof its.store = { ...its.store, tx: (work) => ((transactions += 1), its.store.tx(work)) };
    await replan(
      { ...platform, store: counting },
      { holdouts: createHoldouts(platform) },
      {
        signal: new AbortController().signal,
        held: async () => void (held += 1),
      },
    );
    expect(transactions).toBeGreaterThanOrEqual(3);
    expect(held).toBe(transactions);
  });

  it('keeps the cap of a day and community, plan after plan', { timeout: 120_000 }, async () => {
    const { bookings: b, bookingCells: t } = its.store.read.t;
    const dayOf = (at: InstantMs) => localTime(at, 'Asia/Shanghai').date;
    const sums = async (id: string) => {
      const cells = await its.store.read.select().from(t).where(eq(t.bookingId, id));
      const keyed = Map.groupBy(cells, ({ communityId, at }) => `${communityId} ${dayOf(at)}`);
      return new Map(
        [...keyed].map(([key, own]) => [key, own.reduce((sum, c) => sum + (c.deliveredMilli ?? c.plannedMilli), 0)]),
      );
    };
    const running = await its.store.read.select().from(b).where(isNull(b.pausedAt));
    const mostOf = async (id: string) => Math.max(0, ...(await sums(id)).values());
    const [most] = (await Promise.all(running.map(async ({ id }) => ({ id, milli: await mostOf(id) })))).toSorted(
      (x, y) => y.milli - x.milli,
    );
    const id = most?.id ?? '';
    const capTouches = Math.floor((most?.milli ?? 0) / 10_000);
    expect(capTouches).toBeGreaterThan(10);
    await its.store.tx(async (q) => {
      await q.update(q.t.bookings).set({ dayCapTouches: capTouches }).where(eq(q.t.bookings.id, id));
      // Nothing of it has been planned before.
      await q.delete(q.t.bookingCells).where(eq(q.t.bookingCells.bookingId, id));
    });
    for (let hour = 0; hour < 4; hour += 1) {
      await plan();
      for (const [, milli] of await sums(id)) expect(milli).toBeLessThanOrEqual(capTouches * 1_000 + 50);
      clock.advance(minutes(50));
      await its.store.tx(async (q) => {
        const over = and(eq(t.bookingId, id), lt(t.at, instant(clock.now() - minutes(30))));
        await q
          .update(q.t.bookingCells)
          .set({ deliveredMilli: sql`${t.plannedMilli} * 9 / 10` })
          .where(over);
      });
    }
    expect(Math.max(...(await sums(id)).values())).toBeGreaterThan(capTouches * 700);
  });

  it('is written by nobody whose lease went to another process', { timeout: 60_000 }, async () => {
    clock.advance(hours(3));
    await its.store.tx((q) => wantPlan(q));
    const before = await kept();
    let asked = 0;
    const lost = async () => {
      asked += 1;
      throw new Error('the lease went to another process');
    };
    await expect(plan(lost)).rejects.toThrow('the lease went to another process');
    expect(asked).toBe(1);
    expect(await kept()).toEqual(before);
  });

  it('that was cut short is written by the next', { timeout: 90_000 }, async () => {
    const before = await kept();
    let writes = 0;
    const once = async () => {
      writes += 1;
      if (writes > 1) throw new Error('cut short');
    };
    await expect(plan(once)).rejects.toThrow('cut short');
    const part = await kept();
    expect(part.cells).not.toEqual(before.cells);
    expect(part.runs).toEqual(before.runs);
    await plan();
    const whole = await kept();
    expect(whole.runs).toHaveLength(before.runs.length + 1);
    expect(whole.wishes.planned).toBe(whole.wishes.wanted);
    expect(await its.store.read.select().from(its.store.read.t.deliveryUnpublished)).toEqual([]);
    const { bookings: b } = its.store.read.t;
    const running = new Set((await its.store.read.select().from(b).where(isNull(b.pausedAt))).map(({ id }) => id));
    const told = whole.outlooks.filter(({ bookingId }) => running.has(bookingId));
    expect(told).toHaveLength(8);
    expect(new Set(told.map(({ madeAt }) => madeAt))).toEqual(new Set([clock.now()]));
  });

  it(
    'that is stopped while it is made rejects with the reason, and the next has a thread again',
    { timeout: 90_000 },
    async () => {
      const stop = new AbortController();
      const stopped = plan(holds, stop.signal);
      stop.abort();
      await expect(stopped).rejects.toThrow(/abort/i);
      await plan();
    },
  );
});
