import { createHash } from 'node:crypto';
import { after, days, hours, instant, localTime, newId, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { childrenPassDefault, touchesSpan } from '../communities/children-pass.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, type TestMerchant } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { wantPlan, wishes } from './store.ts';

const zone = 'Asia/Shanghai';

describeStores('nothing is planned', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let merchant: TestMerchant;
  let sold = 0;
  let begins: InstantMs;

  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
    await claimedTerminal(world, here);
    merchant = await merchantAt(world, here);
  }, 90_000);
  afterAll(() => world.close());
  beforeEach(() => {
    begins = instant(Math.ceil(world.clock.now() / hours(24)) * hours(24));
  });

  async function campaignOf(category: 'food' | 'alcohol'): Promise<string> {
    const [clipId, campaignId, createdAt] = [newId('clip'), newId('campaign'), world.clock.now()];
    const sha256 = createHash('sha256').update(clipId).digest('hex');
    const picture = { width: 720, height: 1_280, durationMs: 8_000 };
    const source = { sourceSha256: sha256, sourceBytes: 9, sourceWidth: 720, sourceHeight: 1_280 };
    const state = { status: 'approved' as const, progressPercent: 100, sourceConforms: true, sourceHasAudio: false };
    const about = { id: clipId, merchantId: merchant.id, title: '当季', createdAt, sha256, category };
    sold += 1;
    const campaign = { no: 20_000 + sold, merchantId: merchant.id, name: '当季', clipId, dealId: null, createdAt };
    await its.store.tx(async (q) => {
      await q.insert(q.t.clips).values({ ...about, ...picture, ...source, ...state });
      await q.insert(q.t.clipFiles).values({ clipId, cut: 'door', profile: 'B', sha256, bytes: 9, ...picture });
      await q.insert(q.t.campaigns).values({ id: campaignId, ...campaign });
    });
    return campaignId;
  }
  async function line(campaignId: string, holdoutPpm = 0): Promise<string> {
    const [id, at] = [newId('booking'), begins];
    const whose = { campaignId, merchantId: merchant.id, communityId: here.communityId };
    const paid = { touches: 60, priceFen: 900, paymentId: newId('payment'), status: 'paid' as const };
    const span = { at, toAt: after(at, days(2)), createdAt: at, holdUntil: at };
    await its.store.tx(async (q) => {
      await q.insert(q.t.bookings).values({ id, ...whose, ...paid, ...span, holdoutPpm });
      await q.insert(q.t.bookingPlaces).values({ bookingId: id, communityId: here.communityId });
    });
    return id;
  }
  const plan = async () => {
    await its.store.tx((q) => wantPlan(q));
    const { wanted } = await wishes(its.store.read);
    await vi.waitFor(
      async () => {
        world.clock.advance(seconds(1));
        expect((await wishes(its.store.read)).planned).toBeGreaterThanOrEqual(wanted);
      },
      { timeout: 20_000, interval: 50 },
    );
  };
  const startsOf = async (id: string) => {
    const t = its.store.read.t.bookingCells;
    return (await its.store.read.select().from(t).where(eq(t.bookingId, id))).map(({ at }) => at);
  };

  it('of what needs a permit before it is there and after it has ended, nor while children pass', async () => {
    const campaignId = await campaignOf('alcohol');
    const [without, ends] = [await line(campaignId), after(begins, hours(30))];
    await plan();
    expect(await startsOf(without)).toEqual([]);
    await its.store.tx((q) =>
      q.insert(q.t.permits).values({ ...permit(), merchantId: merchant.id, validFrom: begins, validTo: ends }),
    );
    await plan();
    const starts = await startsOf(without);
    expect(starts.length).toBeGreaterThan(10);
    expect(starts.every((at) => at < ends)).toBe(true);
    expect(starts.filter((at) => touchesSpan(childrenPassDefault, localTime(at, zone).minute))).toEqual([]);
  });

  it('on days that are held out, for any line item of the campaign', async () => {
    const tested = await campaignOf('food');
    // All but one of a million draws.
    const [held, beside] = [await line(tested, 999_999), await line(tested)];
    const other = await line(await campaignOf('food'));
    await plan();
    expect([await startsOf(held), await startsOf(beside)]).toEqual([[], []]);
    expect((await startsOf(other)).length).toBeGreaterThan(10);
  });

  it('of a clip that a property stopped', async () => {
    const campaignId = await campaignOf('food');
    const id = await line(campaignId);
    await plan();
    expect((await startsOf(id)).length).toBeGreaterThan(10);
    const t = its.store.read.t.campaigns;
    const [campaign] = await its.store.read.select().from(t).where(eq(t.id, campaignId));
    const path = `/v1/communities/${here.communityId}/clip-blocks/${campaign?.clipId ?? ''}`;
    expect((await world.call('PUT', path, { token: here.manager, body: {} })).status).toBe(200);
    await plan();
    expect(await startsOf(id)).toEqual([]);
  });

  const permit = () => ({
    id: newId('permit'),
    category: 'alcohol' as const,
    number: 'JY1',
    fileSha256: '0'.repeat(64),
    fileType: 'application/pdf' as const,
    status: 'accepted' as const,
    createdAt: world.clock.now(),
  });
});
