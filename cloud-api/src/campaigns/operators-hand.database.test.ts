import { after, halfHourMs, halfHourOf, minutes } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { campaignOf, merchantAt, pay, type TestMerchant } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';

/** The app's clock stands at 07:40 of Monday, 2026-11-23. */
const evenings = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 18 * 60, toMinute: 20 * 60 };

describeStores('a line item that others look after', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let here: Neighbourhood;
  let merchant: TestMerchant;
  let campaignId: string;
  let id: string;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    here = await neighbourhood(world);
    merchant = await merchantAt(world, here);
    campaignId = await campaignOf(world, merchant);
    const span = { firstDay: '2026-11-24', lastDay: '2026-11-25', dayparts: [evenings], touches: 100 };
    const body = { campaignId, communityIds: [here.communityId], ...span };
    const held = await world.call('POST', '/v1/bookings', { token: merchant.token, body });
    await pay(world, provider, held);
    id = held.body.id;
  }, 90_000);
  afterAll(() => world.close());

  const patch = (token: string, body: unknown) => world.call('PATCH', `/v1/bookings/${id}`, { token, body });
  const adverts = (token: string, communityId = here.communityId) =>
    world.call('GET', `/v1/communities/${communityId}/adverts`, { token });
  /** As a plan writes it: at any door in the next half-hour, and at the lifts in the one after. */
  const plan = () =>
    its.store.tx(async (q) => {
      const about = { bookingId: id, campaignId, merchantId: merchant.id, communityId: here.communityId };
      const next = after(halfHourOf(world.clock.now()), halfHourMs);
      await q.delete(q.t.jobs).where(eq(q.t.jobs.kind, 'delivery.replan'));
      await q.delete(q.t.bookingCells).where(eq(q.t.bookingCells.bookingId, id));
      await q.insertMany(q.t.bookingCells, [
        { ...about, at: next, placement: 'any', plannedMilli: 2_400, sharePpm: 100_000 },
        { ...about, at: after(next, halfHourMs), placement: 'lift', plannedMilli: 2_000, sharePpm: 100_000 },
      ]);
      return next;
    });

  it('is shown to the property whose screens it is planned for, without a price, what is next first', async () => {
    const nextAt = await plan();
    const { status, body } = await adverts(here.manager);
    expect(status).toBe(200);
    const [clip] = await its.store.read.select().from(its.store.read.t.clips);
    const shown = { campaignId, merchantName: '好邻居水果店', clipTitle: clip?.title, category: clip?.category };
    const placements = ['gate', 'unit-door', 'lift'];
    expect(body.items).toMatchObject([{ ...shown, placements, nextAt, touches: 4 }]);
    expect(JSON.stringify(body)).not.toMatch(/fen/i);
  });

  it('is not shown to the property of another community, nor to merchants', async () => {
    const there = await neighbourhood(world);
    expect((await adverts(there.manager)).status).toBe(404);
    expect((await adverts(there.manager, there.communityId)).body.items).toEqual([]);
    expect((await adverts(merchant.token)).status).toBe(403);
  });

  it('is paused by the operator only with a reason, which its merchant reads, and not resumed by the merchant', async () => {
    await plan();
    expect((await patch(world.operator, { paused: true })).body.code).toBe('pause-reason-missing');
    const reason = '画面有争议，等商家换一版';
    expect((await patch(world.operator, { paused: true, reason })).status).toBe(200);
    const own = await world.call('GET', `/v1/bookings/${id}`, { token: merchant.token });
    expect(own.body).toMatchObject({ pausedBy: 'operator', pausedReason: reason, pausedAt: world.clock.now() });
    expect((await adverts(here.manager)).body.items).toEqual([]);

    expect(await patch(merchant.token, { paused: false })).toMatchObject({
      status: 409,
      body: { code: 'paused-by-operator' },
    });
    const moved = {
      communityIds: [here.communityId],
      firstDay: '2026-11-26',
      lastDay: '2026-11-27',
      dayparts: [evenings],
    };
    expect((await patch(merchant.token, { targeting: moved })).body.code).toBe('paused-by-operator');
  });

  it('runs again when the operator resumes it', async () => {
    world.clock.advance(minutes(5));
    expect((await patch(world.operator, { paused: false })).body).toMatchObject({ pausedAt: null, pausedReason: null });
    await plan();
    expect((await adverts(here.manager)).body.items).toHaveLength(1);
  });
});
