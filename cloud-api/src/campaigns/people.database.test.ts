import {
  halfHourMs,
  halfHourOf,
  hours,
  instant,
  localTime,
  milliseconds,
  newId,
  seconds,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { documentEnvelope, plan as planSchema, type PlanEntry } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, pay, residentAt, type TestMerchant, type TestResident } from '../test-market.ts';
import {
  claimedTerminal,
  neighbourhood,
  signInTerminal,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import { loseReached } from './people-lines.ts';
import { clipSha256, readyCampaign } from './ready-campaign.fixture.ts';

const aMoment = { timeout: 20_000, interval: 50 };

/** The app's clock stands at 07:40 of Monday, 2026-11-23. */
describeStores('ten people', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let here: Neighbourhood;
  let small: Neighbourhood;
  let gate: TestTerminal;
  let merchant: TestMerchant;
  let campaignId: string;
  let sensitiveId: string;
  let journal: ReturnType<typeof testJournal>;
  const optedIn: TestResident[] = [];

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    here = await neighbourhood(world);
    small = await neighbourhood(world);
    gate = await claimedTerminal(world, here);
    journal = testJournal(world, gate, 'play');
    merchant = await merchantAt(world, here);
    campaignId = await readyCampaign(world, merchant, 'food');
    sensitiveId = await readyCampaign(world, merchant, 'alcohol');
    // Screens that understand such line items say so when they ask.
    await world.call('GET', `/v1/terminals/${gate.id}/desired?protocol=6`, { token: await gateToken() });
    const expiresAt = instant(world.clock.now() + hours(24 * 30));
    await its.store.tx(async (q) => void (await q.update(q.t.sessions).set({ expiresAt })));
  }, 90_000);
  afterAll(() => world.close());

  const say = (one: TestResident, granted: boolean) =>
    world.call('PUT', '/v1/me/consents/screen-pseudonym', { token: one.token, body: { granted, textVersion: 2 } });
  async function optIn(count: number, where = here): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      const one = await residentAt(world, where, `住户 ${n}`);
      const said = await say(one, true);
      if (said.status !== 200) throw new Error(`not said: ${said.body.code}`);
      if (where === here) optedIn.push(one);
    }
  }
  const wish = (over: Readonly<Record<string, unknown>> = {}) => ({
    communityIds: [here.communityId],
    firstDay: '2026-11-23',
    lastDay: '2026-11-25',
    product: 'ten-people',
    people: 10,
    ...over,
  });
  const quoteOf = async (over: Readonly<Record<string, unknown>> = {}) =>
    (await world.call('POST', '/v1/quotes', { token: merchant.token, body: wish(over) })).body;
  const hold = (over: Readonly<Record<string, unknown>> = {}) =>
    world.call('POST', '/v1/bookings', { token: merchant.token, body: { campaignId, ...wish(over) } });
  const buy = async (over: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const held = await hold(over);
    await pay(world, provider, held);
    return held.body.id;
  };
  const get = async (path: string) => (await world.call('GET', path, { token: merchant.token })).body;
  const change = (id: string, body: unknown) =>
    world.call('PATCH', `/v1/bookings/${id}`, { token: merchant.token, body });
  const cancel = (id: string) => world.call('POST', `/v1/bookings/${id}/cancel`, { token: merchant.token });

  /** The clock runs on, and a token lasts an hour. */
  const gateToken = async (): Promise<string> =>
    (await signInTerminal(world, gate.id, gate.epoch, gate.identity)).body.token;

  /** What the newest plan tells the gate of a line item. */
  async function told(lineItem: string): Promise<PlanEntry[]> {
    const answer = await world.call('GET', `/v1/terminals/${gate.id}/documents/plan`, { token: await gateToken() });
    const { cells } = planSchema.parse(documentEnvelope.parse(answer.body).body);
    return cells.flatMap(({ entries }) => entries.filter(({ people }) => people?.lineItem === lineItem));
  }
  const toldSoon = (lineItem: string, upTo: number | null) =>
    vi.waitFor(async () => {
      const own = await told(lineItem);
      expect(own[0]?.people?.upTo ?? null).toBe(upTo);
      return own;
    }, aMoment);

  /** A new person stands at the gate and sees the clip to its end. */
  function reached(lineItem: string, at: InstantMs, over: Readonly<Record<string, unknown>> = {}): NewRow[] {
    const touch = newId('touch');
    const where = { entrance: here.entranceId, placement: 'gate' as const };
    const startedAt = world.clock.now();
    const seen = { rendered: true, viewable: true, completed: true, muted: false, endReason: 'finished' as const };
    const frames = { shownMs: 8_000, framesPresented: 200, framesDropped: 0, panel: 'unproven' as const };
    const play = { touch, billable: true, campaign: campaignId, clip: clipSha256('food'), halfHour: at, startedAt };
    const what = { decision: newId('decision'), milliTouches: 1_000, reached: lineItem };
    return [
      {
        kind: 'touch',
        body: { touch, ...where, event: 'opening', unbillable: null, startedAt, windowMs: 9_000, endedBy: 'timeout' },
      },
      { kind: 'play', body: { ...play, ...where, ...seen, ...frames, ...what, ...over } },
    ];
  }
  const handIn = async (...rows: readonly NewRow[]) =>
    world.call('POST', `/v1/terminals/${gate.id}/journal`, { token: await gateToken(), body: journal(...rows) });
  const closed = (at: InstantMs): NewRow => ({
    kind: 'half-hour',
    body: { at, entrance: here.entranceId, placement: 'gate', touches: { opening: null } },
  });
  /** Some people in the half-hour that runs, which then ends and is told of. */
  async function halfHourWith(rows: readonly NewRow[], at: InstantMs): Promise<void> {
    await handIn(...rows);
    world.clock.advance(milliseconds(at + halfHourMs - world.clock.now()));
    await handIn(closed(at));
  }

  it('are not for sale where fewer than ten agreed, and nobody hears how many', { timeout: 60_000 }, async () => {
    const nobody = await quoteOf();
    await optIn(9);
    const nine = await quoteOf();
    expect(nine).toEqual({ ...nobody, version: nine.version });
    expect(nine).toMatchObject({ unit: 'people', poolAtLeast: null, availableTouches: 0, expectedTouches: 0 });
    expect(nine.left).toEqual([{ reason: 'pool-too-small', communities: 1, halfHours: expect.any(Number) }]);
    expect(await hold()).toMatchObject({ status: 409, body: { code: 'pool-too-small' } });
  });

  it(
    'are told in tens of each community, so that no two questions tell of one more or less',
    { timeout: 60_000 },
    async () => {
      await optIn(1);
      const { availableTouches: ofTen, ...ten } = await quoteOf();
      expect(ten).toMatchObject({ poolAtLeast: 10, requestedTouches: 10, left: [] });
      expect(ofTen).toBeGreaterThan(0);
      expect(ten.priceFen).toBeGreaterThan(0);
      await optIn(2);
      await optIn(9, small);
      const both = { communityIds: [here.communityId, small.communityId] };
      expect(await quoteOf({ people: 40 })).toMatchObject({ poolAtLeast: 10, availableTouches: ofTen });
      expect(await quoteOf({ people: 40, ...both })).toMatchObject({ poolAtLeast: 10, availableTouches: ofTen });
      expect((await hold()).body).toMatchObject({ code: 'slot-sold-out', availableTouches: ofTen });
    },
  );

  it('are promised by how many of them pass in the hours that were chosen', { timeout: 60_000 }, async () => {
    await optIn(30);
    const upTo = async (over: Readonly<Record<string, unknown>>) => quoteOf({ people: 40, ...over });
    const daypart = (fromMinute: number, toMinute: number) => ({
      dayparts: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute, toMinute }],
    });
    const night = await upTo({ firstDay: '2026-11-24', lastDay: '2026-11-24', ...daypart(180, 210) });
    expect(night).toMatchObject({ poolAtLeast: 40, availableTouches: 0, priceFen: 0 });
    expect(night.left).toEqual([{ reason: 'few-pass', communities: 1, halfHours: 1 }]);
    const asked = { firstDay: '2026-11-24', lastDay: '2026-11-24', ...daypart(180, 210) };
    expect(await hold(asked)).toMatchObject({ status: 409, body: { code: 'few-pass' } });

    const evening = { firstDay: '2026-11-24', lastDay: '2026-11-25', ...daypart(17 * 60, 21 * 60) };
    const week = { firstDay: '2026-11-24', lastDay: '2026-11-30' };
    const told = [await upTo(evening), await upTo({ ...week, dayparts: evening.dayparts }), await upTo(week)];
    const people = told.map(({ availableTouches }) => availableTouches);
    expect(people).toEqual(people.toSorted((a, b) => a - b));
    expect(new Set(people).size).toBe(3);
    expect(people.at(-1)).toBeLessThan(40);
  });

  it('are offered in longer hours and on more days where it is not enough, each as good as told', async () => {
    const weekdays = [1, 2, 3, 4, 5, 6, 7];
    const short = { firstDay: '2026-11-24', lastDay: '2026-11-24' };
    const noon = { ...short, dayparts: [{ weekdays, fromMinute: 12 * 60, toMinute: 13 * 60 }] };
    const { availableTouches, alternatives } = await quoteOf(noon);
    expect(availableTouches).toBeLessThan(10);
    expect(alternatives.map(({ kind }: { kind: string }) => kind)).toEqual(expect.arrayContaining(['hours', 'days']));
    for (const { kind, priceFen, availableTouches: people, ...targeting } of alternatives) {
      expect(people).toBeGreaterThan(availableTouches);
      expect(await quoteOf({ ...targeting, sharePpm: undefined })).toMatchObject({
        availableTouches: people,
        priceFen,
      });
    }
  });

  it('are fewer where some are left out to compare, and the price is of each of them', async () => {
    const all = await quoteOf({ people: 40 });
    const most = await quoteOf({ people: 40, holdoutPpm: 100_000 });
    expect(most.poolAtLeast).toBe(all.poolAtLeast);
    expect(most.availableTouches).toBeLessThan(all.availableTouches);
    const { priceFen, touchPriceMilliFen } = await quoteOf();
    expect(priceFen).toBe(Math.ceil((10 * touchPriceMilliFen) / 1_000));
  });

  it.each([{ placements: ['lift'] }, { segment: 'families' }, { dayCapTouches: 5 }, { people: 9 }])(
    'are met at gates, whoever they are, once each, and no fewer than ten: not %j',
    async (over) => {
      const body = await quoteOf(over);
      expect(body.code).toMatch(/^invalid/);
    },
  );

  it('are never matched to adverts that would tell of their body or money', async () => {
    const quoted = await quoteOf({ campaignId: sensitiveId });
    expect(quoted.availableTouches).toBe(0);
    expect(quoted.left.map(({ reason }: { reason: string }) => reason)).toContain('category-sensitive');
    expect((await hold({ campaignId: sensitiveId })).body.code).toBe('category-sensitive');
  });

  it(
    'are sold in communities with enough of them alone, and take no touches of others',
    { timeout: 60_000 },
    async () => {
      const touches = { product: 'touches', people: undefined, touches: 100_000, firstDay: '2026-11-24' };
      const before = (await quoteOf(touches)).availableTouches;
      const id = await buy({ communityIds: [small.communityId, here.communityId] });
      expect(await get(`/v1/bookings/${id}`)).toMatchObject({
        status: 'paid',
        product: 'ten-people',
        unit: 'people',
        people: 10,
        touches: 10,
        communityIds: [here.communityId],
        placements: ['gate'],
      });
      const [entry] = await toldSoon(id, 10);
      expect(entry).toMatchObject({ consent: true, remaining: 10, people: { known: 0 } });
      expect((await quoteOf(touches)).availableTouches).toBe(before);
      const t = its.store.read.t.bookingCells;
      const since = world.clock.now();
      await vi.waitFor(async () => {
        world.clock.advance(seconds(1));
        const { items } = (await world.call('GET', '/v1/delivery/replans', { token: world.operator })).body;
        expect(items[0]?.startedAt).toBeGreaterThanOrEqual(since);
      }, aMoment);
      expect(await its.store.read.select().from(t).where(eq(t.bookingId, id))).toEqual([]);
      await cancel(id);
      await toldSoon(id, null);
    },
  );

  it(
    'are counted by verified plays, reported, billed, and what is missing goes back by the person',
    { timeout: 90_000 },
    async () => {
      const id = await buy();
      await toldSoon(id, 10);
      const { priceFen } = await get(`/v1/bookings/${id}`);
      const at = halfHourOf(world.clock.now());
      const unseen = reached(id, at, { viewable: false });
      const badClock = reached(id, at).map((row) => ({ ...row, clock: 'unknown' as const }));
      await handIn(...reached(id, at), ...reached(id, at), ...reached(id, at), ...unseen, ...badClock);
      await vi.waitFor(async () => {
        expect((await told(id))[0]).toMatchObject({ remaining: 10, people: { upTo: 10, known: 4 } });
      }, aMoment);
      // Nobody hears of a half-hour that runs.
      expect(await get(`/v1/bookings/${id}/progress`)).toMatchObject({
        unit: 'people',
        boughtTouches: 10,
        verifiedTouches: 0,
      });
      await halfHourWith([], at);
      expect(await get(`/v1/bookings/${id}/progress`)).toMatchObject({ verifiedTouches: 3, state: 'on-course' });
      const [report] = (await get(`/v1/exposures?campaignId=${campaignId}`)).items;
      expect(report).toMatchObject({ at, people: 3, verified: 0, viewable: 3 });

      // Screens keep whom they reached until the end that they were told.
      const targeting = { communityIds: [here.communityId], firstDay: '2026-11-24', lastDay: '2026-11-30' };
      expect((await change(id, { targeting })).body.code).toBe('people-begun');
      expect((await change(id, { paused: true })).body.pausedAt).toBe(world.clock.now());
      await toldSoon(id, null);
      expect((await change(id, { paused: false })).body.pausedAt).toBeNull();
      await toldSoon(id, 10);
      expect((await cancel(id)).body).toEqual({ refundFen: null });
      await toldSoon(id, null);
      world.clock.advance(hours(27));
      const back = priceFen - Math.floor((priceFen * 3) / 10);
      await vi.waitFor(async () => {
        world.clock.advance(hours(1));
        expect(await get(`/v1/bookings/${id}`)).toMatchObject({
          status: 'ended',
          refundedFen: back,
          deliveredMilli: 3_000,
        });
        const [invoice] = (await get(`/v1/invoices?campaignId=${campaignId}`)).items;
        expect(invoice).toMatchObject({ people: 3, verifiedMilliTouches: 0, totalFen: priceFen - back });
        const { items } = await get(`/v1/invoices/${invoice.id}/lines`);
        expect(items).toMatchObject([
          { people: 3, expectedPpm: 1_000_000, verifiedMilliTouches: 0, amountFen: priceFen - back },
        ]);
      }, aMoment);
    },
  );

  it('end when all of them are reached, whatever time is left', { timeout: 90_000 }, async () => {
    const today = new Date(world.clock.now() + hours(8)).toISOString().slice(0, 10);
    const id = await buy({ firstDay: today, lastDay: '2026-12-05' });
    await toldSoon(id, 10);
    const at = halfHourOf(world.clock.now());
    const all = Array.from({ length: 11 }, () => reached(id, at)).flat();
    await halfHourWith(all, at);
    await toldSoon(id, null);
    await vi.waitFor(async () => {
      world.clock.advance(hours(1));
      expect(await get(`/v1/bookings/${id}`)).toMatchObject({
        status: 'ended',
        refundedFen: 0,
        deliveredMilli: 11_000,
      });
    }, aMoment);
  });

  it(
    'are shared among the screens that were there when it was first told, and a new machine does not share in what has begun',
    { timeout: 60_000 },
    async () => {
      const today = new Date(world.clock.now() + hours(8)).toISOString().slice(0, 10);
      const id = await buy({ firstDay: today, lastDay: '2026-12-12' });
      await toldSoon(id, 10);
      const t = its.store.read.t.peopleScreens;
      const lot = () => its.store.read.select().from(t).where(eq(t.bookingId, id));
      const own = { bookingId: id, communityId: here.communityId, terminalId: gate.id };
      expect(await lot()).toEqual([{ ...own, gone: false }]);
      await claimedTerminal(world, here);
      expect(await lot()).toEqual([{ ...own, gone: false }]);
      world.clock.advance(hours(1));
      await its.store.tx((q) => loseReached(q, gate.id, world.clock.now()));
      await change(id, { paused: true });
      await change(id, { paused: false });
      expect(await lot()).toEqual([{ ...own, gone: true }]);
      await toldSoon(id, null);
      await cancel(id);
    },
  );

  it(
    'can be given other days until they begin: screens hear of the new days alone, at the price that was agreed',
    { timeout: 90_000 },
    async () => {
      const dayIn = (count: number): string =>
        new Date(world.clock.now() + hours(8 + 24 * count)).toISOString().slice(0, 10);
      const id = await buy({ firstDay: dayIn(2), lastDay: dayIn(3) });
      const { priceFen, at } = await get(`/v1/bookings/${id}`);
      const moveTo = (first: number, last: number) =>
        change(id, { targeting: { communityIds: [here.communityId], firstDay: dayIn(first), lastDay: dayIn(last) } });
      const dates = async (): Promise<string[]> => {
        const answer = await world.call('GET', `/v1/terminals/${gate.id}/documents/plan`, { token: await gateToken() });
        const { cells } = planSchema.parse(documentEnvelope.parse(answer.body).body);
        const own = cells.filter(({ entries }) => entries.some(({ people }) => people?.lineItem === id));
        return [...new Set(own.map((cell) => localTime(cell.at, 'Asia/Shanghai').date))];
      };
      await vi.waitFor(async () => expect(await dates()).toEqual([dayIn(2), dayIn(3)]), aMoment);
      const moved = await moveTo(4, 5);
      expect(moved.status).toBe(200);
      expect(moved.body).toMatchObject({ status: 'paid', product: 'ten-people', people: 10, priceFen });
      expect(moved.body.at).toBeGreaterThan(at);
      await vi.waitFor(async () => expect(await dates()).toEqual([dayIn(4), dayIn(5)]), aMoment);
      // To the moment at which it begins it can be moved, and from then on no more.
      world.clock.advance(milliseconds(moved.body.at - world.clock.now() - 1));
      const again = await moveTo(1, 2);
      expect(again.status).toBe(200);
      world.clock.advance(milliseconds(again.body.at - world.clock.now()));
      expect(await moveTo(1, 2)).toMatchObject({ status: 409, body: { code: 'people-begun' } });
      expect(await get(`/v1/bookings/${id}`)).toMatchObject({ at: again.body.at, toAt: again.body.toAt });
      await cancel(id);
    },
  );

  it('rest where so many think better of it that fewer than ten are left', { timeout: 60_000 }, async () => {
    const id = await buy({ firstDay: '2026-12-01', lastDay: '2026-12-03' });
    await change(id, { paused: true });
    for (const one of optedIn.slice(9)) await say(one, false);
    expect(await quoteOf({ firstDay: '2026-12-01', lastDay: '2026-12-03' })).toMatchObject({ poolAtLeast: null });
    expect((await change(id, { paused: false })).body.code).toBe('pool-too-small');
    expect((await cancel(id)).body.refundFen).toBe((await get(`/v1/bookings/${id}`)).priceFen);
  });
});
