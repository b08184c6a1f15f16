import { after, days, instant, localTime, newId } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { dealOf, merchantAt, residentAt, type TestMerchant } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { isHeldOut } from './holdouts.ts';

describeStores('what a campaign changed', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let merchant: TestMerchant;
  let dealId: string;
  let residentId: string;

  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
    merchant = await merchantAt(world, here);
    dealId = await dealOf(world, merchant, { stock: 100_000 });
    residentId = (await residentAt(world, here, '住户')).id;
  }, 60_000);
  afterAll(() => world.close());

  const dayMs = days(1);
  const begin = () => instant(Math.floor(world.clock.now() / dayMs) * dayMs - 60 * dayMs);

  /** A campaign that ran for 50 days and ended, in this community. */
  async function campaignOf(
    holdoutPpm: number,
    merchantId = merchant.id,
    product: 'touches' | 'ten-people' = 'touches',
  ): Promise<string> {
    const id = newId('campaign');
    const no = Math.floor(1e6 + (begin() % 1e6) + made);
    made += 1;
    const at = begin();
    const booked = { merchantId, campaignId: id, communityId: here.communityId, at, createdAt: at, holdUntil: at };
    await its.store.tx(async (q) => {
      await q
        .insert(q.t.campaigns)
        .values({ id, no, merchantId, name: '面馆', clipId: newId('clip'), dealId, createdAt: at });
      const line = { id: newId('booking'), touches: 100, priceFen: 1_000, paymentId: newId('payment'), holdoutPpm };
      const people = product === 'ten-people' ? 10 : null;
      await q.insert(q.t.bookings).values({
        ...booked,
        ...line,
        product,
        people,
        status: 'ended',
        toAt: after(at, days(50)),
        deliveredMilli: 100_000,
      });
      await q.insert(q.t.bookingPlaces).values({ bookingId: line.id, communityId: here.communityId });
    });
    return id;
  }
  let made = 0;

  async function orderTimes(
    count: number,
    at: number,
    status: 'picked-up' | 'paid' | 'expired' = 'picked-up',
  ): Promise<void> {
    const order = {
      dealId,
      merchantId: merchant.id,
      storeId: merchant.storeId,
      residentId,
      quantity: 1,
      unitPriceFen: 100,
    };
    const common = {
      ...order,
      totalFen: 100,
      status,
      payUntil: instant(at),
      buyerMasked: '王**',
      createdAt: instant(at),
    };
    const pickedUpAt = status === 'picked-up' ? instant(at + 1) : null;
    const rows = Array.from({ length: count }, () => ({
      ...common,
      id: newId('order'),
      paymentId: newId('payment'),
      pickedUpAt,
    }));
    if (rows.length > 0) await its.store.tx((q) => q.insertMany(q.t.orders, rows, { onConflict: 'nothing' }));
  }
  const read = async (id: string, token = merchant.token) => world.call('GET', `/v1/campaigns/${id}/lift`, { token });

  it('says nothing where no day is held out, or there is too little, and how much it takes', async () => {
    const without = await read(await campaignOf(0));
    expect(without.body).toMatchObject({ state: 'no-holdout', ordersPerDay: null, neededDays: null });
    const silent = await read(await campaignOf(300_000));
    expect(silent.body).toMatchObject({ state: 'too-little', ordersPerDay: null, orders: 0, neededDays: null });
    expect(silent.body.communityDays).toBeGreaterThan(40);
  });

  it('tells orders of all who bought there, on days with it and without, and whom it was told by', async () => {
    const id = await campaignOf(300_000);
    const { key } = (await read(id, world.operator)).body;
    expect((await read(id)).body.key).toBeNull();
    // The auditor's way: whoever has the key draws the same days.
    for (let n = 0; n <= 50; n += 1) {
      const noon = begin() + n * dayMs + 6 * 3_600_000;
      const day = localTime(instant(noon), 'Asia/Shanghai').date;
      await orderTimes(isHeldOut(String(key), { communityId: here.communityId, day }, 300_000) ? 2 : 5, noon);
      await orderTimes(3, noon, 'expired');
    }
    const told = (await read(id)).body;
    expect(told).toMatchObject({ state: 'told', communities: 1, caveats: ['carry-over'], verifiedTouches: 100 });
    expect(told.ordersPerDay).toMatchObject({ estimate: expect.closeTo(3, 1) });
    expect((told.ordersPerDay as { low: number }).low).toBeGreaterThan(2);
    expect(told.pickedUpPerDay).toEqual(told.ordersPerDay);
    expect(told.usualOrdersPerDay).toBe(2);
    const treated = Number(told.communityDays) - Number(told.heldOutDays);
    const perThousand = told.ordersPerThousandTouches as { estimate: number };
    expect(perThousand.estimate).toBeCloseTo(3 * treated * 10, -1);
    expect((await read(id)).body).toEqual(told);
  });

  it('says nothing of ten people, of whom no day is held out', async () => {
    const people = await read(await campaignOf(300_000, merchant.id, 'ten-people'));
    expect(people.body).toMatchObject({ state: 'no-holdout', holdoutPpm: 0, heldOutDays: 0, ordersPerDay: null });
  });

  it('is told to nobody else', async () => {
    const id = await campaignOf(300_000, newId('merchant'));
    expect((await read(id)).status).toBe(404);
    expect((await read(newId('campaign'))).status).toBe(404);
  });
});
