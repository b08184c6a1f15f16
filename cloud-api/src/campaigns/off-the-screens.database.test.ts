import { seconds, zonedInstant } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { campaignOf, merchantAt, pay, type TestMerchant } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';

/** The app's clock stands at 07:40 of Monday, 2026-11-23. */
const evenings = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 18 * 60, toMinute: 20 * 60 };
const aMoment = { timeout: 20_000, interval: 50 };

describeStores('what is no longer to be shown somewhere', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let here: Neighbourhood;
  let gate: TestTerminal;
  let merchant: TestMerchant;
  let campaignId: string;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    here = await neighbourhood(world);
    gate = await claimedTerminal(world, here);
    merchant = await merchantAt(world, here);
    campaignId = await campaignOf(world, merchant);
  }, 90_000);
  afterAll(() => world.close());

  const buy = async (over: Readonly<Record<string, unknown>>): Promise<string> => {
    const body = { campaignId, ...over };
    const held = await world.call('POST', '/v1/bookings', { token: merchant.token, body });
    await pay(world, provider, held);
    return held.body.id;
  };
  const lineItem = () =>
    buy({
      communityIds: [here.communityId],
      firstDay: '2026-11-24',
      lastDay: '2026-11-25',
      dayparts: [evenings],
      touches: 100,
    });
  const halfHour = (minute: number) =>
    buy({ communityId: here.communityId, at: zonedInstant('2026-11-24', minute, 'Asia/Shanghai'), touches: 5 });
  const shown = async (): Promise<number> => {
    const { body } = await world.call('GET', `/v1/terminals/${gate.id}/documents/plan`, { token: gate.token });
    return body.body.cells.length;
  };
  /** Jobs have their turn while the clock goes on. */
  const shows = (some: boolean) =>
    vi.waitFor(async () => {
      world.clock.advance(seconds(1));
      expect((await shown()) > 0).toBe(some);
    }, aMoment);

  it('leaves the screens when it is cancelled, though no plan has anything left to compare', async () => {
    const id = await lineItem();
    await shows(true);
    const cancelled = await world.call('POST', `/v1/bookings/${id}/cancel`, { token: merchant.token });
    expect(cancelled.body).toEqual({ refundFen: 2_000 });
    await shows(false);
  });

  it('leaves those where it was when it is moved to others', async () => {
    const id = await lineItem();
    await shows(true);
    const other = await neighbourhood(world);
    await claimedTerminal(world, other);
    const moved = { firstDay: '2026-11-24', lastDay: '2026-11-25', dayparts: [evenings], placements: [] };
    const body = { targeting: { ...moved, communityIds: [other.communityId], segment: 'all' } };
    expect((await world.call('PATCH', `/v1/bookings/${id}`, { token: merchant.token, body })).status).toBe(200);
    await shows(false);
    await world.call('POST', `/v1/bookings/${id}/cancel`, { token: merchant.token });
  });

  it('leaves them also as one half-hour, which is no part of any plan: cancelled or paused', async () => {
    const id = await halfHour(18 * 60);
    await shows(true);
    expect((await world.call('POST', `/v1/bookings/${id}/cancel`, { token: merchant.token })).status).toBe(200);
    await shows(false);
    const paused = await halfHour(19 * 60);
    await shows(true);
    await world.call('PATCH', `/v1/bookings/${paused}`, { token: merchant.token, body: { paused: true } });
    await shows(false);
  });
});
