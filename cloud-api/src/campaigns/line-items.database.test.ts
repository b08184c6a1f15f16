import { halfHourMs, instant } from '@gatecast/firmware-protocol';
import { inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openStore, type Store } from '../platform/db/store.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { silentLog } from '../platform/log.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type Answer, type TestApp } from '../test-app.ts';
import { readyCampaign } from './ready-campaign.fixture.ts';
import { campaignOf, merchantAt, pay, type TestMerchant } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';

/** The app's clock stands at 07:40 of this Monday. */
const evenings = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 18 * 60, toMinute: 20 * 60 };

describeStores('line items', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  /** Another process on the same database, with connections of its own. */
  let other: TestApp;
  let otherStore: Store;
  let here: Neighbourhood;
  let merchant: TestMerchant;
  let campaignId: string;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    otherStore = await openStore(its.url, silentLog());
    other = await testApp({ store: otherStore, paymentProvider: provider });
    here = await neighbourhood(world);
    merchant = await merchantAt(world, here);
    campaignId = await campaignOf(world, merchant);
  }, 90_000);
  afterAll(async () => {
    await other.close();
    await otherStore.close();
    await world.close();
  });

  const wish = (over: Readonly<Record<string, unknown>> = {}) => ({
    communityIds: [here.communityId],
    firstDay: '2026-11-24',
    lastDay: '2026-11-25',
    dayparts: [evenings],
    touches: 100,
    ...over,
  });
  const quoteOf = async (over: Readonly<Record<string, unknown>> = {}, at = world) =>
    at.call('POST', '/v1/quotes', { token: merchant.token, body: wish(over) });
  const hold = (over: Readonly<Record<string, unknown>> = {}, at = world, key?: string) =>
    at.call('POST', '/v1/bookings', {
      token: merchant.token,
      body: { campaignId, ...wish(over) },
      ...(key !== undefined && { idempotencyKey: key }),
    });
  const bookingOf = async (id: string) =>
    (await world.call('GET', `/v1/bookings/${id}`, { token: merchant.token })).body;
  const cancel = (id: string) => world.call('POST', `/v1/bookings/${id}/cancel`, { token: merchant.token });
  const patch = (id: string, body: unknown) =>
    world.call('PATCH', `/v1/bookings/${id}`, { token: merchant.token, body });
  const paid = async (held: Answer): Promise<string> => {
    await pay(world, provider, held);
    return held.body.id;
  };

  it('are quoted with what is expected, its bounds, and a price', async () => {
    const { status, body } = await quoteOf();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      requestedTouches: 100,
      availableTouches: 100,
      priceFen: 2_000,
      left: [],
      alternatives: [],
    });
    expect(body.expectedTouches).toBeGreaterThan(200);
    expect(body.expectedLow).toBeLessThan(body.expectedTouches);
    expect(body.expectedHigh).toBeGreaterThan(body.expectedTouches);
    expect(body.plays).toBe(100);
  });

  it('of a segment take more touches than they count, because nobody knows whose each is', async () => {
    const { body } = await quoteOf({ segment: 'families', touches: 20 });
    expect(body).toMatchObject({ availableTouches: 20 });
    expect(body.plays).toBeGreaterThan(20);
  });

  it('with a holdout take more than they deliver, and sell what they deliver', async () => {
    const { body } = await quoteOf({ touches: 80, holdoutPpm: 200_000 });
    expect(body).toMatchObject({ requestedTouches: 80, availableTouches: 80, plays: 100, priceFen: 1_600 });
  });

  it('that ask for too much are told what there is, and what would be enough', async () => {
    const { body } = await quoteOf({ touches: 5_000 });
    expect(body.availableTouches).toBeLessThan(5_000);
    const kinds = body.alternatives.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toContain('days');
    const days = body.alternatives.find(({ kind }: { kind: string }) => kind === 'days');
    expect(days.availableTouches).toBeGreaterThan(body.availableTouches);
    const again = await quoteOf({ touches: 5_000, lastDay: days.lastDay, dayparts: days.dayparts });
    expect(again.body.availableTouches).toBe(days.availableTouches);
  });

  it.each([
    [{ firstDay: '2026-02-30' }, 'invalid-request'],
    [{ firstDay: '2026-11-20', lastDay: '2026-11-21' }, 'slot-past'],
    [{ firstDay: '2027-03-01', lastDay: '2027-03-02' }, 'slot-too-far'],
    [{ communityIds: ['com_00000000000000000000'] }, 'not-found'],
  ])('cannot be quoted for %j: %s', async (over, code) => {
    expect((await quoteOf(over)).body.code).toBe(code);
  });

  it('of a share are of that part of whom is expected', async () => {
    const { body } = await quoteOf({ product: 'share', sharePpm: 250_000, touches: undefined });
    expect(body.requestedTouches).toBe(Math.floor((body.expectedTouches * 250_000) / 1_000_000));
    const held = await hold({ product: 'share', sharePpm: 250_000, touches: undefined });
    expect(held.body).toMatchObject({ product: 'share', sharePpm: 250_000, touches: body.requestedTouches });
    await cancel(held.body.id);
  });

  it('are held once for a key, and show what was bought', async () => {
    const first = await hold({ touches: 30 }, world, 'line-once');
    const again = await hold({ touches: 30 }, world, 'line-once');
    expect(again.body.id).toBe(first.body.id);
    expect(first.body).toMatchObject({
      status: 'held',
      touches: 30,
      dayparts: [evenings],
      communityIds: [here.communityId],
    });
    expect((await cancel(first.body.id)).body).toEqual({ refundFen: null });
    expect(await bookingOf(first.body.id)).toMatchObject({ status: 'cancelled' });
  });

  it('are not held for more than was seen', async () => {
    expect((await hold({ priceFenMax: 1_999 })).body).toMatchObject({ code: 'price-changed' });
    expect((await hold({ touches: 1_000_000 })).body).toMatchObject({ code: 'slot-sold-out' });
    expect((await hold({ touches: undefined })).body).toMatchObject({ code: 'invalid-request' });
    expect((await hold({ product: 'share' })).body).toMatchObject({ code: 'invalid-request' });
  });

  interface Buyer extends TestMerchant {
    readonly campaignId: string;
  }
  /** Twenty stores, each with somebody of its own who books. */
  let buyers: Promise<readonly Buyer[]> | undefined;
  const twenty = (): Promise<readonly Buyer[]> =>
    (buyers ??= Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const one = await merchantAt(world, here, `店铺${n}`);
        return { ...one, campaignId: await readyCampaign(world, one, 'food') };
      }),
    ));
  const holdAs = (buyer: Buyer, over: Readonly<Record<string, unknown>>, at: TestApp): Promise<Answer> =>
    at.call('POST', '/v1/bookings', {
      token: buyer.token,
      body: { campaignId: buyer.campaignId, ...wish(over) },
    });
  const cancelAs = (buyer: Buyer | undefined, id: string) =>
    world.call('POST', `/v1/bookings/${id}/cancel`, { token: buyer?.token });

  it(
    'are never oversold: of twenty merchants who book at once through two processes as many get theirs as there is room for',
    { timeout: 60_000 },
    async () => {
      const all = await twenty();
      const day = { firstDay: '2026-12-01', lastDay: '2026-12-01' };
      const { body: before } = await quoteOf({ ...day, touches: 100_000 });
      const each = Math.floor(before.availableTouches / 6);
      const held = await Promise.all(
        all.map((buyer, n) => holdAs(buyer, { ...day, touches: each }, n % 2 === 0 ? world : other)),
      );
      const got = held.filter(({ status }) => status === 201);
      expect(got).toHaveLength(6);
      const refused = held.filter((one) => !got.includes(one));
      expect([...new Set(refused.map(({ body }) => body.code))]).toEqual(['slot-sold-out']);
      // All of them asked when everything was there: each hears how much is left by now.
      for (const { body } of refused) expect(body.availableTouches).toBeLessThan(each);
      const { body: after } = await quoteOf({ ...day, touches: 100_000 }, other);
      expect(after.availableTouches).toBe(before.availableTouches - 6 * each);
      for (const [n, { status, body }] of held.entries()) if (status === 201) await cancelAs(all[n], body.id);
      expect((await quoteOf({ ...day, touches: 100_000 }, other)).body.availableTouches).toBe(before.availableTouches);
    },
  );

  it(
    'of segments, shares and everybody are never oversold either: of twenty at once, what they take and what is left is what there is',
    { timeout: 60_000 },
    async () => {
      const day = { firstDay: '2026-12-09', lastDay: '2026-12-09', dayparts: [] };
      const whole = async (at: TestApp) => (await quoteOf({ ...day, touches: 100_000 }, at)).body;
      const before = await whole(other);
      const segments = ['all', 'families', 'commuters', 'elderly'] as const;
      const each = (n: number): Record<string, unknown> =>
        n % 5 === 4
          ? { product: 'share', sharePpm: 150_000, touches: undefined }
          : { segment: segments[n % 4], touches: Math.ceil(before.availableTouches / (n % 4 === 0 ? 10 : 25)) };
      const all = await twenty();
      const answers = await Promise.all(
        all.map((buyer, n) => holdAs(buyer, { ...day, ...each(n) }, n % 2 === 0 ? world : other)),
      );
      const codes = new Set(answers.map(({ status, body }) => (status === 201 ? 'held' : body.code)));
      expect(codes).toEqual(new Set(['held', 'slot-sold-out']));
      const held = answers.flatMap(({ status, body }) => (status === 201 ? [body.id] : []));
      const t = its.store.read.t.bookings;
      const rows = await its.store.read.select().from(t).where(inArray(t.id, held));
      const taken = rows.reduce(
        (sum, { soldLines, touches }) =>
          sum + (soldLines?.lines.reduce((own, line) => own + line.milliTouches, 0) ?? touches * 1_000),
        0,
      );
      expect(new Set(rows.map(({ segment }) => segment)).size).toBeGreaterThan(1);
      for (const at of [world, other]) {
        const { availableTouches } = await whole(at);
        const left = before.availableTouches - availableTouches;
        expect(Math.abs(left - taken / 1_000)).toBeLessThanOrEqual(1);
      }
      for (const [n, { status, body }] of answers.entries()) if (status === 201) await cancelAs(all[n], body.id);
      expect((await whole(world)).availableTouches).toBe(before.availableTouches);
    },
  );

  it(
    'are not offered what another process took off sale since, whether or not a campaign is named',
    { timeout: 60_000 },
    async () => {
      const there = await neighbourhood(world);
      const communityIds = [there.communityId];
      const asked = (over: object = {}) => quoteOf({ communityIds, ...over }, other);
      expect((await asked()).body.availableTouches).toBe(100);
      const token = there.manager;
      const closing = {
        communityId: there.communityId,
        firstDay: '2026-11-25',
        lastDay: '2026-11-25',
        reason: '小区检修',
      };
      expect((await world.call('POST', '/v1/blackouts', { token, body: closing })).status).toBe(201);
      const day = { firstDay: '2026-11-25', lastDay: '2026-11-25' };
      expect((await asked(day)).body.availableTouches).toBe(0);
      expect((await asked({ ...day, campaignId })).body.availableTouches).toBe(0);
      const selling = `/v1/communities/${there.communityId}/selling`;
      const { decision } = (await world.call('GET', selling, { token: world.operator })).body;
      const path = `/v1/owner-decisions/${decision.id}/revoke`;
      const gone = await world.call('POST', path, { token, body: { note: '业主大会撤销' } });
      expect(gone.status).toBe(200);
      expect((await asked()).body.availableTouches).toBe(0);
    },
  );

  it('leave room where another process closed a day, and what was sold has to go', { timeout: 60_000 }, async () => {
    const there = await neighbourhood(world);
    const communityIds = [there.communityId];
    const free = async (over: object) =>
      (await quoteOf({ communityIds, touches: 100_000, ...over }, other)).body.availableTouches;
    const both = await free({});
    const day = { firstDay: '2026-11-24', lastDay: '2026-11-24' };
    expect((await hold({ communityIds, touches: Math.floor(both * 0.45) })).status).toBe(201);
    const before = await free(day);
    expect(before).toBeGreaterThan(both * 0.4);
    const closing = {
      communityId: there.communityId,
      firstDay: '2026-11-25',
      lastDay: '2026-11-25',
      reason: '小区检修',
    };
    const closed = await world.call('POST', '/v1/blackouts', { token: there.manager, body: closing });
    expect(closed.status).toBe(201);
    expect(await free(day)).toBeLessThan(both * 0.15);
  });

  it('make way for others where they can: only what no other half-hour can give is scarce', async () => {
    const day = { firstDay: '2026-12-02', lastDay: '2026-12-02' };
    const all = (await quoteOf({ ...day, touches: 100_000 })).body.availableTouches;
    const flexible = await hold({ ...day, touches: Math.floor(all / 2) });
    const early = { ...evenings, toMinute: 19 * 60 };
    const alone = (await quoteOf({ ...day, dayparts: [early], touches: 100_000 })).body;
    expect(alone.availableTouches).toBeGreaterThanOrEqual(
      alone.expectedTouches - 2 - Math.max(0, Math.floor(all / 2) - (all - alone.expectedTouches)),
    );
    await cancel(flexible.body.id);
  });

  it('are paused, which gives their touches back, and resumed where they are still there', async () => {
    const day = { firstDay: '2026-12-03', lastDay: '2026-12-03' };
    const all = (await quoteOf({ ...day, touches: 100_000 })).body.availableTouches;
    const id = await paid(await hold({ ...day, touches: all }));
    expect((await quoteOf({ ...day, touches: 10 })).body.availableTouches).toBe(0);
    expect((await patch(id, { paused: true })).body.pausedAt).toBe(world.clock.now());
    expect((await patch(id, { paused: true })).body.code).toBe('booking-over');
    const between = await hold({ ...day, touches: 10 });
    expect((await patch(id, { paused: false })).body.code).toBe('slot-sold-out');
    await cancel(between.body.id);
    expect((await patch(id, { paused: false })).body.pausedAt).toBeNull();
    expect((await quoteOf({ ...day, touches: 10 })).body.availableTouches).toBe(0);
  });

  it('are moved at the price that was agreed, also onto half-hours of their own', async () => {
    const id = await paid(await hold({ firstDay: '2026-12-04', lastDay: '2026-12-04', touches: 50 }));
    const { communityIds, ...there } = wish({ firstDay: '2026-12-04', lastDay: '2026-12-06' });
    const { touches: _touches, ...targeting } = { communityIds, ...there };
    const moved = await patch(id, { targeting });
    expect(moved.body).toMatchObject({ touches: 50, priceFen: 1_000, status: 'paid' });
    expect(moved.body.toAt - moved.body.at).toBe(3 * 86_400_000);
  });

  it('with a cap have their days to themselves: a cap is of the campaign, in a community, for a segment, on a day', async () => {
    const day = { firstDay: '2026-12-14', lastDay: '2026-12-15', touches: 20 };
    const capped = { ...day, dayCapTouches: 10 };
    // Of two at once, in two processes, one has them.
    const two = await Promise.all([hold(capped), hold(capped, other)]);
    const [first] = two.filter(({ status }) => status === 201);
    const [second] = two.filter(({ status }) => status !== 201);
    expect(second).toMatchObject({ status: 409, body: { code: 'cap-overlaps', bookingId: first?.body.id } });
    const id = await paid(first ?? two[0]);

    const noon = { dayparts: [{ ...evenings, fromMinute: 12 * 60, toMinute: 13 * 60 }] };
    expect((await hold({ ...day, ...noon, lastDay: '2026-12-14', touches: 2 })).body.code).toBe('cap-overlaps');
    const others = [
      await hold({ ...day, segment: 'families' }),
      await hold({ ...capped, firstDay: '2026-12-16', lastDay: '2026-12-17' }),
      await hold({ ...day, campaignId: await campaignOf(world, merchant) }),
      await hold({ ...day, communityIds: [(await neighbourhood(world)).communityId] }),
    ];
    expect(others.map(({ status }) => status)).toEqual([201, 201, 201, 201]);

    // One that rests gives way, and does not come back beside what took its days.
    await patch(id, { paused: true });
    const instead = await hold(capped);
    expect(instead.status).toBe(201);
    expect((await patch(id, { paused: false })).body).toMatchObject({
      code: 'cap-overlaps',
      bookingId: instead.body.id,
    });
    const moved = { communityIds: [here.communityId], firstDay: '2026-12-16', lastDay: '2026-12-17' };
    expect((await patch(id, { targeting: moved })).body.code).toBe('cap-overlaps');
    for (const { body } of [...others, instead]) await cancel(body.id);
    expect((await patch(id, { paused: false })).body.pausedAt).toBeNull();
    await cancel(id);
  });

  it('are moved to no more of today than their cap leaves of it', async () => {
    const today = { firstDay: '2026-11-23', lastDay: '2026-11-23' };
    const id = await paid(await hold({ ...today, touches: 20, dayCapTouches: 20 }));
    const at = instant(Date.UTC(2026, 10, 22, 22, 30));
    const cell = {
      bookingId: id,
      campaignId,
      merchantId: merchant.id,
      communityId: here.communityId,
      at,
      placement: 'gate' as const,
    };
    const told = { plannedMilli: 6_000, sharePpm: 10_000, keptPpm: 0, deliveredMilli: 6_000 };
    await its.store.tx((q) => q.insert(q.t.bookingCells).values({ ...cell, ...told }));
    const where = { communityIds: [here.communityId], dayparts: [evenings] };
    const moved = await patch(id, { targeting: { ...where, ...today } });
    expect(moved.body).toMatchObject({ code: 'slot-sold-out', availableTouches: 14 });
    const longer = await patch(id, { targeting: { ...where, ...today, lastDay: '2026-11-24' } });
    expect(longer.body).toMatchObject({ status: 'paid', dayCapTouches: 20 });
    await cancel(id);
  });

  it('go on at the price that was agreed though the rate card is dearer by now, which is for who wants to be elsewhere', async () => {
    const id = await paid(await hold({ firstDay: '2026-12-14', lastDay: '2026-12-14', touches: 50 }));
    await patch(id, { paused: true });
    const line = { communityId: here.communityId, touchPriceFen: 30 };
    const dearer = await world.call('POST', '/v1/rate-lines', { token: world.operator, body: line });
    const targeting = { communityIds: [here.communityId], firstDay: '2026-12-15', lastDay: '2026-12-15' };
    expect((await patch(id, { targeting: { ...targeting, dayparts: [evenings] } })).body).toMatchObject({
      code: 'price-changed',
      priceFen: 1_500,
      agreedFen: 1_000,
    });
    expect((await patch(id, { paused: false })).body).toMatchObject({ pausedAt: null, priceFen: 1_000 });
    await world.call('POST', `/v1/rate-lines/${dearer.body.id}/end`, { token: world.operator });
    await cancel(id);
  });

  it('that have not begun go back wholly when they are cancelled', async () => {
    const id = await paid(await hold({ firstDay: '2026-12-07', lastDay: '2026-12-07', touches: 50 }));
    expect((await cancel(id)).body).toEqual({ refundFen: 1_000 });
    await vi.waitFor(
      async () => expect(await bookingOf(id)).toMatchObject({ status: 'refunded', refundedFen: 1_000 }),
      5_000,
    );
    expect((await cancel(id)).body.code).toBe('booking-over');
  });

  it('that run end with the half-hour in which they are cancelled', async () => {
    const at = instant(world.clock.now() - (world.clock.now() % halfHourMs));
    const body = { campaignId, communityId: here.communityId, at, touches: 1 };
    const held = await world.call('POST', '/v1/bookings', { token: merchant.token, body });
    const id = await paid(held);
    expect((await cancel(id)).body).toEqual({ refundFen: null });
    expect(await bookingOf(id)).toMatchObject({
      status: 'paid',
      toAt: at + halfHourMs,
      cancelledAt: world.clock.now(),
    });
  });

  it(
    'are not waited for by more than a hundred at once: the rest are told to come again',
    { timeout: 60_000 },
    async () => {
      const answers = await Promise.all(Array.from({ length: 140 }, () => quoteOf()));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
      expect((await quoteOf()).status).toBe(200);
    },
  );

  it("are nobody else's business", async () => {
    const id = (await hold({ touches: 5 })).body.id;
    const stranger = await merchantAt(world, here, '别家');
    const as = { token: stranger.token };
    expect((await world.call('POST', `/v1/bookings/${id}/cancel`, as)).status).toBe(404);
    expect((await world.call('PATCH', `/v1/bookings/${id}`, { ...as, body: { paused: true } })).status).toBe(404);
    expect((await world.call('POST', '/v1/quotes', { ...as, body: { ...wish(), campaignId } })).status).toBe(404);
  });
});
