import { createHash } from 'node:crypto';
import { after, days, hours, instant, newId, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gt } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, pay, type TestMerchant } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';
import { noteReport } from './attribute.ts';
import { lastReplan, listReplans, noteUnpublished, wantPlan, wishes } from './store.ts';

/** The app's clock stands at 07:40 of Monday, 2026-11-23. */
const evenings = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 18 * 60, toMinute: 20 * 60 };
const aMoment = { timeout: 20_000, interval: 50 };

describeStores('a line item that was paid', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  /** Another process on the same database. */
  let other: TestApp;
  let here: Neighbourhood;
  let merchant: TestMerchant;
  let campaignId: string;
  let bookingId: string;
  let gate: TestTerminal;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    other = await testApp({ store: its.store, paymentProvider: provider });
    here = await neighbourhood(world);
    gate = await claimedTerminal(world, here);
    merchant = await merchantAt(world, here);
    campaignId = await campaignWithClip();
    // Longer than these weeks last.
    const expiresAt = after(world.clock.now(), days(365));
    await its.store.tx(async (q) => void (await q.update(q.t.sessions).set({ expiresAt })));
    await lastSeen(true, expiresAt);
  }, 90_000);
  afterAll(async () => {
    await other.close();
    await world.close();
  });

  /** With a clip that was approved: how one comes about is another test's matter. */
  const campaignWithClip = async (): Promise<string> => {
    const [clipId, createdAt] = [newId('clip'), world.clock.now()];
    const sha256 = createHash('sha256').update('a clip').digest('hex');
    const picture = { width: 720, height: 1_280, durationMs: 8_000 };
    const source = {
      sourceSha256: sha256,
      sourceBytes: 9,
      sourceWidth: 720,
      sourceHeight: 1_280,
      sourceHasAudio: false,
    };
    await its.store.tx(async (q) => {
      const about = { id: clipId, merchantId: merchant.id, title: '当季草莓', createdAt, ...picture, sha256 };
      const done = {
        status: 'approved' as const,
        progressPercent: 100,
        sourceConforms: true,
        category: 'food' as const,
      };
      await q.insert(q.t.clips).values({ ...about, ...source, ...done });
      await q.insert(q.t.clipFiles).values({ clipId, cut: 'door', profile: 'B', sha256, bytes: 9, ...picture });
    });
    const body = { name: '草莓季', clipId, dealId: null };
    return (await world.call('POST', '/v1/campaigns', { token: merchant.token, body })).body.id;
  };
  const buy = async (over: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const span = { firstDay: '2026-11-24', lastDay: '2026-11-25', dayparts: [evenings], touches: 100 };
    const body = { campaignId, communityIds: [here.communityId], ...span, ...over };
    const held = await world.call('POST', '/v1/bookings', { token: merchant.token, body });
    await pay(world, provider, held);
    return held.body.id;
  };
  const cells = (id = bookingId) => {
    const t = its.store.read.t.bookingCells;
    return its.store.read.select().from(t).where(eq(t.bookingId, id)).orderBy(asc(t.at), asc(t.placement));
  };
  const dayOf = (ahead: number) => new Date(world.clock.now() + days(ahead)).toISOString().slice(0, 10);
  /** As if the screen had last been heard of then. */
  const lastSeen = (online: boolean, lastSeenAt: InstantMs) =>
    its.store.tx(async (q) => {
      const known = {
        doorOnline: true,
        session: 'session',
        monoMs: 0,
        agentVersion: '1.0.0',
        doors: null,
        screen: null,
      };
      const row = { terminalId: gate.id, online, lastSeenAt, ...known };
      const t = q.t.terminalPresence;
      await q.insert(t).values(row).onConflictDoUpdate({ target: t.terminalId, set: { online, lastSeenAt } });
    });
  const plannedMilli = async (id = bookingId) => (await cells(id)).reduce((sum, cell) => sum + cell.plannedMilli, 0);
  const advance = (ms: number) => {
    world.clock.advance(seconds(ms / 1_000));
    other.clock.advance(seconds(ms / 1_000));
  };
  const progress = async (id = bookingId) =>
    (await world.call('GET', `/v1/bookings/${id}/progress`, { token: merchant.token })).body;
  /** A run of the other process would take its lease, if time went on beside it so much faster than it does. */
  const isPlanning = async () => {
    const t = its.store.read.t.jobs;
    const [job] = await its.store.read.select().from(t).where(eq(t.kind, 'delivery.replan'));
    return job !== undefined && job.leasedUntil > world.clock.now();
  };
  /** Waits for a plan that knows all that was wanted so far. */
  const planned = async () => {
    const { wanted } = await wishes(its.store.read);
    return vi.waitFor(async () => {
      if (!(await isPlanning())) advance(seconds(1));
      const newest = await lastReplan(its.store.read);
      if (!newest || (await wishes(its.store.read)).planned < wanted) throw new Error('not planned yet');
      return newest;
    }, aMoment);
  };
  /** What all plans changed that were noted since, one of the other process among them if the clock ran away from its lease. */
  const planAgain = async () => {
    const before = (await lastReplan(its.store.read))?.id ?? 0;
    await its.store.tx((q) => wantPlan(q));
    const newest = await planned();
    const runs = (await listReplans(its.store.read, 100)).filter(({ id }) => id > before);
    const sum = (name: 'cellsChanged' | 'communitiesChanged') => runs.reduce((all, run) => all + run[name], 0);
    return { ...newest, cellsChanged: sum('cellsChanged'), communitiesChanged: sum('communitiesChanged') };
  };
  let version = 0;
  /** What the exposures say of a half-hour, each time in another version. */
  const tell = (verifiedMilliTouches: number, at: InstantMs) =>
    its.store.tx(async (q) => {
      version += 1;
      const key = { campaignId, communityId: here.communityId, at, version };
      const counts = { rendered: 0, viewable: 0, completed: 0, panelOn: 0, ambient: 0, shownMs: 0, missing: 0 };
      const frames = { framesPresented: 0, framesDropped: 0, filtered: { duplicate: 3 } };
      const row = { ...key, ...counts, ...frames, verifiedMilliTouches, madeAt: world.clock.now() };
      await q.insert(q.t.exposureReports).values(row);
      await noteReport(q, row);
    });

  it('is planned over its hours, with a little more than was bought', { timeout: 60_000 }, async () => {
    bookingId = await buy();
    await planned();
    expect(await plannedMilli()).toBeGreaterThanOrEqual(100_000);
    expect(await plannedMilli()).toBeLessThanOrEqual(115_000);
    const own = await cells();
    expect(own.every(({ sharePpm }) => sharePpm !== null && sharePpm > 0 && sharePpm <= 1_000_000)).toBe(true);
    expect(new Set(own.map(({ at }) => at)).size).toBe(8);
  });

  it('is not planned otherwise while nothing has changed, whichever process plans', { timeout: 60_000 }, async () => {
    // Forecasts may have been told for the first time since, rounded as they are stored.
    await planAgain();
    const before = await cells();
    expect(await planAgain()).toMatchObject({ cellsChanged: 0, communitiesChanged: 0, plannedPpm: 1_000_000 });
    expect(await planAgain()).toMatchObject({ cellsChanged: 0 });
    expect(await cells()).toEqual(before);
  });

  it('has its screens told by the next plan, if one was cut short after it had written', async () => {
    // A plan of the other process that is still under way may take it, and is counted too.
    const before = (await lastReplan(its.store.read))?.id ?? 0;
    await its.store.tx((q) => noteUnpublished(q, [here.communityId]));
    await planAgain();
    const runs = (await listReplans(its.store.read, 100)).filter(({ id }) => id > before);
    expect(runs.reduce((sum, { communitiesChanged }) => sum + communitiesChanged, 0)).toBe(1);
    expect(await its.store.read.select().from(its.store.read.t.deliveryUnpublished)).toEqual([]);
  });

  it('is played at its fraction by the screen at the door', { timeout: 30_000 }, async () => {
    const own = await cells();
    await vi.waitFor(async () => {
      advance(seconds(1));
      const { body } = await world.call('GET', `/v1/terminals/${gate.id}/documents/plan`, { token: gate.token });
      const shares = body.body.cells.map(({ at, entries }: { at: number; entries: { sharePpm: number }[] }) => [
        at,
        entries.map(({ sharePpm }) => sharePpm),
      ]);
      expect(shares).toEqual(own.map(({ at, sharePpm }) => [at, [sharePpm]]));
    }, aMoment);
  });

  it(
    'keeps its part at a door that plays on by what it has, and loses it where nobody is heard of for days',
    { timeout: 60_000 },
    async () => {
      const before = await cells();
      const now = world.clock.now();
      await lastSeen(false, after(now, hours(-5)));
      expect(await planAgain()).toMatchObject({ cellsChanged: 0 });
      await lastSeen(false, after(now, hours(-90)));
      expect(await planAgain()).toMatchObject({ cellsChanged: before.length });
      // What it plays all the same is counted: the rows stay.
      expect((await cells()).map(({ plannedMilli: milli, sharePpm }) => [milli, sharePpm])).toEqual(
        before.map(() => [0, 0]),
      );
      expect(await progress()).toMatchObject({ state: 'behind', outlook: { expectedTouches: 0 } });
      const { body } = await world.call('GET', '/v1/delivery/behind', { token: world.operator });
      expect(body.items).toMatchObject([{ bookingId, boughtTouches: 100, expectedTouches: 0 }]);
      await lastSeen(true, after(now, days(365)));
      await planAgain();
      expect(await cells()).toEqual(before);
    },
  );

  it('is on course, and shows what is expected by its end', async () => {
    expect(await progress()).toMatchObject({
      boughtTouches: 100,
      verifiedTouches: 0,
      state: 'on-course',
      outlook: { expectedTouches: 100 },
      days: [{ date: '2026-11-24' }, { date: '2026-11-25' }],
    });
    const { body } = await world.call('GET', '/v1/delivery/replans', { token: world.operator });
    expect(body.items[0]).toMatchObject({ lineItems: 1, plannedPpm: 1_000_000 });
    expect((await world.call('GET', '/v1/delivery/behind', { token: world.operator })).body.items).toEqual([]);
  });

  it('counts what a report says once, however often it is restated', async () => {
    const [first] = await cells();
    const at = first?.at ?? instant(0);
    await tell(12_000, at);
    await tell(12_000, at);
    expect(await progress()).toMatchObject({ verifiedTouches: 12 });
    await tell(15_000, at);
    expect(await progress()).toMatchObject({ verifiedTouches: 15 });
    await tell(9_000, at);
    expect(await progress()).toMatchObject({ verifiedTouches: 9 });
    await tell(60_000, at);
    expect((await progress()).days[0]).toMatchObject({ verifiedTouches: 60, filteredPlays: 3 });
  });

  it('is planned for what is left of it, and nothing in half-hours that are over', { timeout: 60_000 }, async () => {
    advance(hours(36));
    await planAgain();
    const now = world.clock.now();
    const t = its.store.read.t.bookingCells;
    const left = await its.store.read
      .select()
      .from(t)
      .where(and(eq(t.bookingId, bookingId), gt(t.at, now)));
    expect(left.length).toBeGreaterThan(0);
    expect(left.reduce((sum, cell) => sum + cell.plannedMilli, 0)).toBeLessThanOrEqual(100_000 - 60_000 + 10_000);
  });

  it(
    'that fell short gets more days without a price, and the rest of its money when these fail too',
    { timeout: 90_000 },
    async () => {
      const ended = (await world.call('GET', `/v1/bookings/${bookingId}`, { token: merchant.token })).body.toAt;
      // The gate was there all the time, and nobody came.
      const untold = (await cells()).filter(({ deliveredMilli }) => deliveredMilli === null);
      for (const halfHour of new Set(untold.map((cell) => cell.at))) await tell(0, halfHour);
      for (const no of [1, 2]) {
        advance(days(3));
        await vi.waitFor(async () => expect((await progress()).makeGoods).toHaveLength(no), aMoment);
      }
      const { makeGoods } = await progress();
      expect(makeGoods[0]).toMatchObject({ no: 1, reason: 'shortfall', missingTouches: 40 });
      expect(makeGoods[0].toAt).toBeGreaterThan(ended);
      advance(days(4));
      await vi.waitFor(async () => expect(await progress()).toMatchObject({ state: 'ended' }), aMoment);
      await vi.waitFor(async () => expect(await progress()).toMatchObject({ refundedFen: 800 }), aMoment);
      const { body } = await world.call('GET', `/v1/bookings/${bookingId}`, { token: merchant.token });
      expect(body).toMatchObject({ status: 'ended', refundedFen: 800, priceFen: 2_000 });
    },
  );

  it('that is paused is planned no more', { timeout: 60_000 }, async () => {
    const id = await buy({ firstDay: dayOf(2), lastDay: dayOf(3) });
    await planAgain();
    expect(await plannedMilli(id)).toBeGreaterThan(0);
    await world.call('PATCH', `/v1/bookings/${id}`, { token: merchant.token, body: { paused: true } });
    await planAgain();
    expect(await cells(id)).toEqual([]);
    expect(await progress(id)).toMatchObject({ state: 'paused' });
  });

  it(
    'whose screens are away for a week gets more days for that reason, and the money for what still falls short',
    { timeout: 120_000 },
    async () => {
      const id = await buy({ firstDay: dayOf(1), lastDay: dayOf(7) });
      await planAgain();
      const before = await plannedMilli(id);
      await lastSeen(false, world.clock.now());
      advance(days(2));
      await planAgain();
      // What was planned there since it went is on its way for all that anybody knows: it is not planned again, though it is reported as silent by now.
      expect(await plannedMilli(id)).toBe(before);
      advance(days(8));
      await vi.waitFor(async () => expect((await progress(id)).makeGoods).toHaveLength(1), aMoment);
      expect((await progress(id)).makeGoods[0]).toMatchObject({ no: 1, reason: 'screens-away', missingTouches: 100 });
      const shown = await world.call('GET', `/v1/bookings/${id}/progress`, { token: world.operator });
      expect(shown.body.makeGoods).toMatchObject([{ no: 1, reason: 'screens-away' }]);
      await lastSeen(true, after(world.clock.now(), days(365)));
      await planAgain();
      const extra = (await cells(id)).find(({ at, plannedMilli: milli }) => at > world.clock.now() && milli > 0);
      await tell(30_000, extra?.at ?? instant(0));
      advance(days(5));
      await vi.waitFor(async () => expect((await progress(id)).makeGoods).toHaveLength(2), aMoment);
      advance(days(10));
      await vi.waitFor(async () => expect(await progress(id)).toMatchObject({ state: 'ended' }), aMoment);
      await vi.waitFor(async () => {
        const { body } = await world.call('GET', `/v1/bookings/${id}`, { token: merchant.token });
        expect(body).toMatchObject({ status: 'ended', refundedFen: (body.priceFen * 70) / 100 });
      }, aMoment);
    },
  );
});
