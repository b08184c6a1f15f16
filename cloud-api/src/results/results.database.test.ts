import { after, days, halfHourMs, halfHourOf, instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { localDateOf } from '../audience/local-day.ts';
import { markReport } from '../billing/bill.ts';
import { paidLineItem } from '../billing/paid-line-item.fixture.ts';
import { addToDay, noSums } from '../exposure/day-sums.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { operatorLogin, testApp, type TestApp } from '../test-app.ts';
import { merchantAt, type TestMerchant } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import type { CampaignResult } from './contract.ts';
import { fileRowsMax } from './service.ts';

const zone = 'Asia/Shanghai';

describeStores('the result of a campaign', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let there: Neighbourhood;
  let shop: TestMerchant;
  let rival: TestMerchant;
  let at: InstantMs;
  let campaignId: string;
  let nothingRan: string;
  let day: string;
  let nextDay: string;

  const addCampaign = async (name: string, createdAt = world.clock.now()): Promise<string> => {
    const id = newId('campaign');
    const about = { merchantId: shop.id, name, clipId: newId('clip'), createdAt };
    await its.store.tx(async (q) => {
      await q.lock('campaign-no');
      const no = (await q.select().from(q.t.campaigns)).length + 1;
      await q.insert(q.t.campaigns).values({ id, no, ...about });
    });
    return id;
  };

  interface Told {
    readonly of?: string;
    readonly in?: string;
  }
  const tell = async (
    communityId: string,
    when: InstantMs,
    verifiedMilliTouches: number,
    { of = campaignId, in: there = zone }: Told = {},
  ): Promise<void> => {
    const plays = Math.ceil(verifiedMilliTouches / 1_000);
    const counts = { rendered: plays, viewable: plays, completed: plays, panelOn: 0, ambient: 1, shownMs: 0 };
    const about = { campaignId: of, communityId, at: when, version: 1, madeAt: world.clock.now(), missing: 0 };
    const others = { people: {}, filtered: {}, framesPresented: 0, framesDropped: 0 };
    const counted = { rendered: plays, viewable: plays, completed: plays, touches: plays, wholeTouches: plays };
    const placements = { lift: { ...counted, verifiedMilliTouches } };
    const row = { ...about, ...counts, ...others, placements, verifiedMilliTouches, day: localDateOf(when, there) };
    await its.store.tx(async (q) => {
      await q.insert(q.t.exposureReports).values(row);
      await addToDay(q, [], row);
      await markReport(q, row);
    });
  };

  const scan = async (
    communityId: string,
    when: InstantMs,
    orders: readonly Partial<OrderRow>[],
    of = campaignId,
  ): Promise<void> => {
    const visitId = newId('visit');
    const [terminalId, entranceId] = [newId('terminal'), newId('entrance')];
    const about = {
      terminalId,
      entranceId,
      communityId,
      halfHour: halfHourOf(when),
      campaignId: of,
      merchantId: shop.id,
    };
    await its.store.tx(async (q) => {
      await q.insert(q.t.visits).values({ id: visitId, ...about, dealId: null, clipPrefix: 'a', at: when });
      for (const over of orders) await q.insert(q.t.orders).values({ ...orderOf(visitId, when), ...over });
    });
  };
  type OrderRow = TestApp['store']['read']['t']['orders']['$inferInsert'];
  const orderOf = (visitId: string, createdAt: InstantMs): OrderRow => ({
    id: newId('order'),
    dealId: newId('deal'),
    merchantId: shop.id,
    storeId: newId('store'),
    residentId: newId('resident'),
    quantity: 1,
    unitPriceFen: 2_500,
    totalFen: 2_500,
    status: 'paid',
    visitId,
    paymentId: newId('payment'),
    payUntil: createdAt,
    buyerMasked: '王**',
    createdAt,
  });

  beforeAll(async () => {
    world = await testApp({ store: its.store, env: { FFMPEG_PATH: 'none' } });
    here = await neighbourhood(world);
    there = await neighbourhood(world);
    shop = await merchantAt(world, here);
    rival = await merchantAt(world, here, '隔壁老王');
    at = halfHourOf(world.clock.now());
    [day, nextDay] = [localDateOf(at, zone), localDateOf(after(at, days(1)), zone)];
    campaignId = await addCampaign('=草莓季');
    nothingRan = await addCampaign('还没投放');
    const tomorrow = after(at, days(1));
    const cells = [
      { communityId: here.communityId, at, plannedMilli: 6_000 },
      { communityId: there.communityId, at: tomorrow, plannedMilli: 4_000 },
    ];
    await paidLineItem(world, { merchantId: shop.id, campaignId, priceFen: 1_000, touches: 10, cells });
    await tell(here.communityId, at, 5_500);
    await tell(there.communityId, tomorrow, 2_000);
    await world.app.billing.run(new AbortController().signal);
    await scan(here.communityId, at, [{ status: 'picked-up', pickedUpAt: after(at, halfHourMs) }, {}]);
    await scan(here.communityId, instant(at + 1), [{ status: 'refunded' }]);
    await scan(there.communityId, tomorrow, []);
    world.clock.advance(days(2));
  }, 60_000);
  afterAll(() => world.close());

  const ask = (path: string, token = shop.token) =>
    world.app.fetch(new Request(`http://x/v1/campaigns/${path}`, { headers: { authorization: `Bearer ${token}` } }));
  const resultOf = async (path: string): Promise<CampaignResult> => (await (await ask(path)).json()) as CampaignResult;

  it('tells what came of it, and what each step cost', async () => {
    const { totals, lineItems, campaignName } = await resultOf(`${campaignId}/result`);
    expect(campaignName).toBe('=草莓季');
    expect(totals).toMatchObject({
      verifiedMilliTouches: 7_500,
      touches: 7,
      people: 0,
      ambient: 2,
      scans: 3,
      orders: 2,
      pickedUp: 1,
      orderFen: 5_000,
      earnedFen: 700,
      paidFen: 1_000,
      refundedFen: 0,
      costPerTouchFen: 93,
      costPerPersonFen: null,
      costPerScanFen: 233,
      costPerOrderFen: 350,
      costPerPickUpFen: 700,
    });
    expect(lineItems).toMatchObject([{ unit: 'touches', bought: 10, got: 7, earnedFen: 700, costFen: 93 }]);
  });

  it('tells it by community and by day', async () => {
    const found = await resultOf(`${campaignId}/result`);
    expect(
      found.communities.map((one) => [one.communityId, one.touches, one.scans, one.orders, one.earnedFen]),
    ).toEqual([
      [here.communityId, 5, 2, 2, 500],
      [there.communityId, 2, 1, 0, 200],
    ]);
    expect(found.days.map((one) => [one.day, one.touches, one.scans, one.pickedUp, one.earnedFen])).toEqual([
      [nextDay, 2, 1, 0, 200],
      [day, 5, 2, 1, 500],
    ]);
  });

  it('tells it by kind of door, of these days', async () => {
    const at = (plays: number, verified: number, verifiedMilliTouches: number) => [
      { placement: 'lift', rendered: plays, viewable: plays, completed: plays, verified, verifiedMilliTouches },
    ];
    expect((await resultOf(`${campaignId}/result`)).placements).toEqual(at(8, 7, 7_500));
    expect((await resultOf(`${campaignId}/result?from=${nextDay}&to=${nextDay}`)).placements).toEqual(at(2, 2, 2_000));
    expect((await resultOf(`${nothingRan}/result`)).placements).toEqual([]);
  });

  it('stands beside those of other campaigns, each with how many got how far', async () => {
    const list = async (token: string) => (await world.call('GET', '/v1/campaign-results?limit=1', { token })).body;
    const { items, nextCursor } = await list(shop.token);
    const next = await world.call('GET', `/v1/campaign-results?cursor=${nextCursor}`, { token: shop.token });
    const all = [...items, ...next.body.items];
    expect(all).toHaveLength(2);
    expect(all).toContainEqual({ campaignId, touches: 7, people: 0, scans: 3, orders: 2, pickedUp: 1 });
    expect(all).toContainEqual({ campaignId: nothingRan, touches: 0, people: 0, scans: 0, orders: 0, pickedUp: 0 });
    expect((await list(rival.token)).items).toEqual([]);
  });

  it('of some days alone, and of days on which nothing was', async () => {
    const one = await resultOf(`${campaignId}/result?from=${nextDay}&to=${nextDay}`);
    expect(one).toMatchObject({ from: nextDay, to: nextDay, totals: { touches: 2, scans: 1, earnedFen: 200 } });
    expect(one.totals.costPerOrderFen).toBeNull();
    const none = await resultOf(`${nothingRan}/result`);
    expect(none).toMatchObject({ communities: [], days: [], lineItems: [], totals: { touches: 0, earnedFen: 0 } });
    expect((await ask(`${campaignId}/result?from=${nextDay}&to=${day}`)).status).toBe(400);
    expect((await ask(`${campaignId}/result?from=2026-02-30`)).status).toBe(400);
  });

  it('counts days by the clocks of each community', async () => {
    const [west, inNewYork] = [await neighbourhood(world), 'America/New_York'];
    const t = its.store.read.t.communities;
    await its.store.tx((q) => q.update(t).set({ zone: inNewYork }).where(eq(t.id, west.communityId)));
    const both = await addCampaign('两地', at);
    const cells = [
      { communityId: here.communityId, at, plannedMilli: 6_000 },
      { communityId: west.communityId, at, plannedMilli: 4_000 },
    ];
    const communityIds = [here.communityId, west.communityId];
    const bought = { priceFen: 1_000, touches: 10, cells, communityIds };
    await paidLineItem(world, { merchantId: shop.id, campaignId: both, ...bought });
    await tell(here.communityId, at, 5_000, { of: both });
    await tell(west.communityId, at, 3_000, { of: both, in: inNewYork });
    await world.app.billing.run(new AbortController().signal);
    await scan(here.communityId, at, [], both);
    await scan(west.communityId, at, [{}], both);
    const dayBefore = localDateOf(at, inNewYork);
    expect(dayBefore < day).toBe(true);
    const told = ({ days }: CampaignResult) =>
      days.map((one) => [one.day, one.touches, one.scans, one.orders, one.earnedFen]);
    const whole = await resultOf(`${both}/result`);
    expect(told(whole)).toEqual([
      [day, 5, 1, 0, 500],
      [dayBefore, 3, 1, 1, 300],
    ]);
    expect(whole.totals).toMatchObject({ touches: 8, scans: 2, orders: 1, earnedFen: 800 });
    expect(whole.communities.map((one) => [one.communityId, one.touches, one.scans, one.earnedFen])).toEqual([
      [here.communityId, 5, 1, 500],
      [west.communityId, 3, 1, 300],
    ]);
    const there = await resultOf(`${both}/result?from=${dayBefore}&to=${dayBefore}`);
    expect(told(there)).toEqual([[dayBefore, 3, 1, 1, 300]]);
    const lines = (await (await ask(`${both}/result.csv`)).text()).trim().split('\r\n').slice(1);
    expect(lines.map((line) => line.split(',')[0])).toEqual([dayBefore, day]);
  });

  it('of more days of communities than a file holds is refused, and of fewer it leaves', async () => {
    const [manyDays, manyCommunities] = [100, Math.ceil((fileRowsMax + 1) / 100)];
    const first = instant(at - days(manyDays));
    const places = Array.from({ length: manyCommunities }, () => newId('community'));
    const large = await addCampaign('到处都在', first);
    const rows = Array.from({ length: manyDays }, (_, n) => localDateOf(after(first, days(n)), zone)).flatMap((date) =>
      Array.from({ length: manyCommunities }, (_, n) => ({
        campaignId: large,
        communityId: places[n] ?? '',
        day: date,
        ...noSums,
        verifiedMilliTouches: 1_000,
      })),
    );
    await its.store.tx((q) => q.insertMany(q.t.exposureDays, rows));
    const refused = await ask(`${large}/result.csv`);
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([422, 'result-too-large']);
    const some = await ask(`${large}/result.csv?from=${localDateOf(after(first, days(1)), zone)}`);
    expect(some.status).toBe(200);
    expect((await some.text()).trim().split('\r\n')).toHaveLength(1 + (manyDays - 1) * manyCommunities);
    const { totals, communities, left } = await resultOf(`${large}/result`);
    expect(totals.touches).toBe(rows.length);
    expect([communities.length, left]).toEqual([manyCommunities, { lineItems: 0, communities: 0, days: 0 }]);
  });

  it('is nobody else’s', async () => {
    expect((await ask(`${campaignId}/result`, rival.token)).status).toBe(404);
    expect((await ask(`${campaignId}/result.xlsx`, rival.token)).status).toBe(404);
    const operator = await world.signIn(operatorLogin.email, operatorLogin.password);
    expect((await ask(`${campaignId}/result`, operator)).status).toBe(200);
  });

  it('leaves as CSV that Excel reads, and is written down as an export', async () => {
    const answer = await ask(`${campaignId}/result.csv?lang=zh`);
    expect(answer.headers.get('content-disposition')).toContain('.csv');
    const text = Buffer.from(await answer.arrayBuffer()).toString('utf8');
    const [header, first, second, end] = text.split('\r\n');
    expect(header).toMatch(/^\uFEFF日期,小区,实际触达（次）/);
    expect(first).toMatch(new RegExp(`^${day},.*,5\\.5,0,6,1,2,2,1,50\\.00,5\\.00$`));
    expect(second).toMatch(new RegExp(`^${nextDay},.*,2,0,2,1,1,0,0,0\\.00,2\\.00$`));
    expect(end).toBe('');
    const t = its.store.read.t.audit;
    const entries = await its.store.read.select().from(t);
    expect(entries.filter(({ action }) => action === 'campaign.export')).not.toHaveLength(0);
  });

  it('of a group says that its touches are expected parts, in the answer and in the file', async () => {
    const t = its.store.read.t.bookings;
    const are = (segment: 'families' | 'all') =>
      its.store.tx(async (q) => void (await q.update(t).set({ segment }).where(eq(t.campaignId, campaignId))));
    const told = async () =>
      ((await (await ask(`${campaignId}/result`)).json()) as { readonly segments: string[] }).segments;
    expect(await told()).toEqual([]);
    await are('families');
    expect(await told()).toEqual(['families']);
    const text = await (await ask(`${campaignId}/result.csv?lang=en`)).text();
    expect(text.split('\r\n').at(-2)).toMatch(/^,.*\(families\).*expected number/);
    await are('all');
  });

  it('leaves as an Excel file with days as days and money as numbers', async () => {
    const answer = await ask(`${campaignId}/result.xlsx?lang=en`);
    expect(answer.headers.get('content-type')).toContain('spreadsheetml');
    const rows = await readSheet(Buffer.from(await answer.arrayBuffer()));
    expect(rows[0]?.slice(0, 3)).toEqual(['Day', 'Community', 'Verified touches']);
    expect(rows[1]?.[0]).toEqual(new Date(`${day}T00:00:00Z`));
    expect(rows[1]?.slice(2)).toEqual([5.5, 0, 6, 1, 2, 2, 1, 50, 5]);
    expect(rows).toHaveLength(3);
  });

  it('half-hours of a span are told without those around it', async () => {
    const list = async (query: string) => {
      const answer = await world.app.fetch(
        new Request(`http://x/v1/exposures?campaignId=${campaignId}&${query}`, {
          headers: { authorization: `Bearer ${shop.token}` },
        }),
      );
      return ((await answer.json()) as { items: { at: number }[] }).items.map((one) => one.at);
    };
    expect(await list('')).toHaveLength(2);
    expect(await list(`from=${at}&to=${at + halfHourMs}`)).toEqual([at]);
    expect(await list(`from=${at + 1}`)).toEqual([after(at, days(1))]);
    expect(await list(`to=${at}`)).toEqual([]);
  });
});
