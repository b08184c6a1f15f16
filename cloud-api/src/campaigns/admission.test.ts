import { days, zonedInstant } from '@gatecast/firmware-protocol';
import { mediaManifest, plan as planSchema } from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { checklistOf } from '../content/categories.ts';
import { mp4File } from '../content/mp4.fixture.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, pay, upload, type TestMerchant } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';

const provider = memoryProvider();
const noon = zonedInstant('2026-11-23', 12 * 60, 'Asia/Shanghai');
const homeTime = zonedInstant('2026-11-23', 16 * 60, 'Asia/Shanghai');
let world: TestApp;
let here: Neighbourhood;
let terminal: TestTerminal;
let merchant: TestMerchant;
let clipId: string;
let campaignId: string;
let permitId: string;

const operate = (method: string, path: string, body?: unknown) =>
  world.call(method, path, { token: world.operator, body });
const book = (at: number) => {
  const body = { campaignId, communityId: here.communityId, at, touches: 5 };
  return world.call('POST', '/v1/bookings', { token: merchant.token, body });
};
const decline = (...categories: string[]) =>
  operate('PUT', `/v1/communities/${here.communityId}/declined-categories`, { categories });
const document = async (kind: string) =>
  (await world.call('GET', `/v1/terminals/${terminal.id}/documents/${kind}`, { token: terminal.token })).body.body;
const planned = async () => planSchema.parse(await document('plan')).cells.map(({ at }) => at);
const media = async () => mediaManifest.parse(await document('media')).clips;

beforeAll(async () => {
  world = await testApp({ paymentProvider: provider, env: { FFMPEG_PATH: 'none' } });
  here = await neighbourhood(world);
  terminal = await claimedTerminal(world, here);
  merchant = await merchantAt(world, here);
  const query = new URLSearchParams({
    category: 'alcohol',
    number: 'JY-1',
    validFrom: '1',
    validTo: String(noon + days(20)),
  });
  const handedIn = await world.app.fetch(
    new Request(`http://gatecast.test/v1/permits?${query.toString()}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${merchant.token}` },
      body: new Blob(['%PDF-1.7']),
    }),
  );
  permitId = z.object({ id: z.string() }).parse(await handedIn.json()).id;
  await operate('POST', `/v1/permits/${permitId}/accept`);
  clipId = (
    await upload(world, merchant.token, mp4File({ durationMs: 5_000 }), { title: '本地啤酒', category: 'alcohol' })
  ).body.id;
  await vi.waitFor(async () =>
    expect((await operate('GET', `/v1/clips/${clipId}`)).body).toMatchObject({ status: 'in-review', findings: [] }),
  );
  await operate('POST', `/v1/clips/${clipId}/approve`, { ticked: checklistOf('alcohol') });
  const body = { name: '啤酒季', clipId, dealId: null };
  campaignId = (await world.call('POST', '/v1/campaigns', { token: merchant.token, body })).body.id;
}, 30_000);
afterAll(() => world.close());

describe('an advert for alcohol', () => {
  it('cannot be booked while children come home, beyond its permit, or where the community declined it', async () => {
    expect(await book(homeTime)).toMatchObject({ status: 409, body: { code: 'hour-closed' } });
    expect((await book(noon + days(21))).body.code).toBe('permit-missing');
    await decline('alcohol');
    expect((await book(noon)).body.code).toBe('category-declined');
    await decline();
    expect((await book(noon)).status).toBe(201);
  });

  it('has its closed half-hours told before anybody books them, and only to whose campaign it is', async () => {
    const slots = async (query: string, token = merchant.token) =>
      world.call('GET', `/v1/slots?communityId=${here.communityId}&${query}`, { token });
    const reasons = async (query: string) =>
      new Map<number, string | null>(
        (await slots(query)).body.items.map((one: { at: number; reason: string | null }) => [one.at, one.reason]),
      );
    const today = await reasons(`date=2026-11-23&campaignId=${campaignId}`);
    expect([today.get(noon), today.get(homeTime)]).toEqual([null, 'hour-closed']);
    expect((await reasons('date=2026-11-23')).get(homeTime)).toBeNull();
    await decline('alcohol');
    expect((await reasons(`date=2026-11-23&campaignId=${campaignId}`)).get(noon)).toBe('category-declined');
    await decline();
    const another = await merchantAt(world, here, '别家');
    const strange = await slots(`date=2026-11-23&campaignId=${campaignId}`, another.token);
    expect(strange.body.code).toBe('not-found');
  });

  it('that was paid for is in the plan, ends with the plan at the latest, and is left out once the community declines it', async () => {
    await pay(world, provider, await book(noon + 1_800_000));
    expect(await planned()).toEqual([noon + 1_800_000]);
    const { validTo } = planSchema.parse(await document('plan'));
    expect(await media()).toMatchObject([{ title: '本地啤酒', until: validTo }]);
    await decline('alcohol');
    expect(await planned()).toEqual([]);
    expect(await media()).toEqual([]);
    await decline();
    expect(await planned()).toEqual([noon + 1_800_000]);
  });

  it('is shown in the afternoon where the community says that no child passes then, and not at noon where they come home to eat', async () => {
    const path = `/v1/communities/${here.communityId}`;
    const say = (...childrenPass: object[]) =>
      world.call('PATCH', path, { token: here.manager, body: { childrenPass } });
    expect((await say()).body.childrenPass).toEqual([]);
    expect((await book(homeTime)).status).toBe(201);
    const noonBreak = { fromMinute: 11 * 60 + 30, toMinute: 13 * 60 };
    expect((await say(noonBreak)).body.childrenPass).toEqual([noonBreak]);
    // What was paid for leaves the plan, as when a community declines it.
    expect(await planned()).toEqual([]);
    expect((await book(noon)).body.code).toBe('hour-closed');
    expect((await say({ fromMinute: 600, toMinute: 600 })).status).toBe(400);
    expect((await say({ fromMinute: 540, toMinute: 1_441 })).status).toBe(400);
    await say({ fromMinute: 6 * 60, toMinute: 9 * 60 }, { fromMinute: 15 * 60, toMinute: 19 * 60 });
    expect(await planned()).toEqual([noon + 1_800_000]);
  });

  it('is never matched to a person, whatever they agreed to', async () => {
    const span = { communityIds: [here.communityId], firstDay: '2026-11-24', lastDay: '2026-11-24' };
    const body = { campaignId, ...span, product: 'ten-people', people: 10, touches: 10 };
    const held = await world.call('POST', '/v1/bookings', { token: merchant.token, body });
    expect(held.body).toMatchObject({ code: 'category-sensitive', category: 'alcohol' });
  });

  it('leaves the screens with its permit', async () => {
    await operate('POST', `/v1/permits/${permitId}/withdraw`, { reason: 'other', note: '许可证被吊销' });
    await vi.waitFor(async () => expect(await media()).toEqual([]), 5_000);
    expect((await book(noon)).body.code).toBe('clip-not-approved');
    const query = `communityId=${here.communityId}&date=2026-11-23&campaignId=${campaignId}`;
    const { items } = (await world.call('GET', `/v1/slots?${query}`, { token: merchant.token })).body;
    expect(items.find(({ at }: { at: number }) => at === noon)).toMatchObject({
      bookable: false,
      freeTouches: 0,
      reason: 'clip-not-approved',
    });
  });
});

describe('a clip of the house', () => {
  it('in a category that the community declined is on none of its screens, and one that advertises nothing stays', async () => {
    const made = async (title: string, durationMs: number, category?: 'food') => {
      const about = { title, house: 'all', ...(category && { category }) };
      const { id } = (await upload(world, world.operator, mp4File({ durationMs }), about)).body;
      await vi.waitFor(async () => expect((await operate('GET', `/v1/clips/${id}`)).body.status).toBe('in-review'));
      await operate('POST', `/v1/clips/${id}/approve`, category && { ticked: checklistOf(category) });
      return id;
    };
    await made('食堂开饭了', 4_000, 'food');
    await made('欢迎回家', 3_000);
    const titles = async () => (await media()).map(({ title }) => title).toSorted();
    await vi.waitFor(async () => expect(await titles()).toEqual(['欢迎回家', '食堂开饭了'].toSorted()), 5_000);
    await decline('food', 'goods');
    expect(await titles()).toEqual(['欢迎回家']);
    await decline();
    expect(await titles()).toEqual(['欢迎回家', '食堂开饭了'].toSorted());
  });
});
