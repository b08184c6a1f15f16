import { hours, instant, seconds } from '@gatecast/firmware-protocol';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { told } from '../billing/paid-line-item.fixture.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, pay, type TestMerchant } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { noteDelivered } from './cells.ts';
import { readyCampaign } from './ready-campaign.fixture.ts';

const aMoment = { timeout: 20_000, interval: 50 };
const quarterPpm = 250_000;

/** The app's clock stands at 07:40 of Monday, 2026-11-23. */
describeStores('a share of the screen', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let here: Neighbourhood;
  let merchant: TestMerchant;
  let campaignId: string;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    here = await neighbourhood(world);
    await claimedTerminal(world, here);
    merchant = await merchantAt(world, here);
    campaignId = await readyCampaign(world, merchant, 'food');
    const expiresAt = instant(world.clock.now() + hours(24 * 30));
    await its.store.tx(async (q) => void (await q.update(q.t.sessions).set({ expiresAt })));
  }, 90_000);
  afterAll(() => world.close());

  const evening = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 18 * 60, toMinute: 20 * 60 };
  const wish = {
    firstDay: '2026-11-24',
    lastDay: '2026-11-24',
    dayparts: [evening],
    product: 'share',
    sharePpm: quarterPpm,
  };
  const call = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: merchant.token, ...(body !== undefined && { body }) });
  const asked = () => ({ communityIds: [here.communityId], ...wish });

  it('is sold as that part of whom is expected, and as much is left for others', { timeout: 60_000 }, async () => {
    const all = { ...asked(), product: 'touches', sharePpm: undefined, touches: 100_000 };
    const before = (await call('POST', '/v1/quotes', all)).body.availableTouches;
    const quote = (await call('POST', '/v1/quotes', asked())).body;
    expect(quote).toMatchObject({ unit: 'touches', poolAtLeast: null, availableTouches: quote.requestedTouches });
    const held = await call('POST', '/v1/bookings', { campaignId, ...asked() });
    expect(held.body).toMatchObject({ product: 'share', sharePpm: quarterPpm, touches: quote.requestedTouches });
    expect((await call('POST', '/v1/quotes', all)).body.availableTouches).toBe(before - quote.requestedTouches);
    const most = { ...asked(), sharePpm: 1_000_000 };
    expect((await call('POST', '/v1/bookings', { campaignId, ...most })).body.code).toBe('slot-sold-out');
    const { alternatives, requestedTouches, availableTouches } = (await call('POST', '/v1/quotes', most)).body;
    expect(availableTouches).toBeLessThan(requestedTouches);
    expect(alternatives.map(({ kind }: { kind: string }) => kind)).toContain('hours');
    for (const { kind, sharePpm, priceFen, availableTouches: free, ...targeting } of alternatives) {
      expect([kind, sharePpm % 10_000]).toEqual([kind, 0]);
      const again = (await call('POST', '/v1/quotes', { ...most, ...targeting, sharePpm })).body;
      expect(again).toMatchObject({ requestedTouches: free, availableTouches: free, priceFen, alternatives: [] });
    }
    await call('POST', `/v1/bookings/${held.body.id}/cancel`);
  });

  it(
    'is planned in all of its half-hours, billed by what is verified, and the rest goes back',
    { timeout: 90_000 },
    async () => {
      const held = await call('POST', '/v1/bookings', { campaignId, ...asked() });
      await pay(world, provider, held);
      const { id, touches, priceFen } = held.body;
      const t = its.store.read.t.bookingCells;
      const cells = await vi.waitFor(async () => {
        world.clock.advance(seconds(1));
        const found = await its.store.read.select().from(t).where(eq(t.bookingId, id)).orderBy(asc(t.at));
        expect(found).toHaveLength(4);
        return found;
      }, aMoment);
      for (const { sharePpm } of cells) {
        expect(sharePpm).toBeGreaterThan(quarterPpm * 0.9);
        // With what chance may take.
        expect(sharePpm).toBeLessThan(quarterPpm * 1.6);
      }

      // Half of them came.
      world.clock.advance(hours(37));
      const verified = Math.floor(touches / 2);
      for (const [n, cell] of cells.entries()) {
        const milli = (n === 0 ? verified : 0) * 1_000;
        await its.store.tx((q) => noteDelivered(q, cell, milli));
        await told(world, { campaignId, communityId: here.communityId, at: cell.at, version: 1 }, milli);
      }
      const earned = Math.floor((priceFen * verified) / touches);
      await vi.waitFor(async () => {
        world.clock.advance(hours(1));
        const { body } = await call('GET', `/v1/bookings/${id}`);
        expect(body).toMatchObject({
          status: 'ended',
          deliveredMilli: verified * 1_000,
          refundedFen: priceFen - earned,
        });
        const [invoice] = (await call('GET', `/v1/invoices?campaignId=${campaignId}`)).body.items;
        expect(invoice).toMatchObject({ totalFen: earned, people: null, verifiedMilliTouches: verified * 1_000 });
      }, aMoment);
      // No number was promised that could be made good.
      expect((await call('GET', `/v1/bookings/${id}/progress`)).body.makeGoods).toEqual([]);
    },
  );
});
