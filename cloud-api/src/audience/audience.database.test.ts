import { after, days, halfHourMs, hours, instant, minutes, newId, type InstantMs } from '@gatecast/firmware-protocol';
import type { Plan } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, residentAt, type TestMerchant } from '../test-market.ts';
import {
  claimedTerminal,
  neighbourhood,
  signInTerminal,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import type { AudienceForecast, AudienceHalfHour } from './contract.ts';
import { localDay } from './local-day.ts';
import * as rows from './store.ts';

const zone = 'Asia/Shanghai';

describeStores('what is expected at a door', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let there: Neighbourhood;
  let gate: TestTerminal;
  let merchant: TestMerchant;
  let tells: ReturnType<typeof testJournal>;

  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
    there = await neighbourhood(world);
    gate = await claimedTerminal(world, here);
    merchant = await merchantAt(world, here);
    tells = testJournal(world, gate, 'play');
    // Tuesday, 00:40: the first whole day begins.
    world.clock.set(after(localDay('2026-11-24', zone).from, minutes(40)));
    await toldUntil('2026-12-08');
  }, 90_000);
  afterAll(() => world.close());

  const modelOf = async () => (await rows.modelsOf(its.store.read, [here.communityId]))[0];
  const told = async (date: string) => {
    const from = localDay(date, zone).from;
    return (await rows.forecastsOf(its.store.read, [here.communityId], { from, to: instant(from + 1) }))[0];
  };
  const toldUntil = (date: string) => vi.waitFor(async () => expect(await told(date)).toBeDefined(), 20_000);
  const halfHours = (date: string, touches: (halfHour: number) => number | null): NewRow[] =>
    localDay(date, zone).halfHours.map(({ at, halfHour }) => ({
      kind: 'half-hour',
      body: { at, entrance: here.entranceId, placement: 'gate', touches: { opening: touches(halfHour) } },
    }));
  const upload = async (...batch: readonly NewRow[]) => {
    const { token } = (await signInTerminal(world, gate.id, gate.epoch, gate.identity)).body;
    const path = `/v1/terminals/${gate.id}/journal`;
    expect((await world.call('POST', path, { token, body: tells(...batch) })).status).toBe(200);
  };
  const learned = (days: number) =>
    vi.waitFor(async () => expect((await modelOf())?.knownDays).toBe(days), { timeout: 20_000, interval: 100 });
  const forecast = async (token: string, date: string, communityId = here.communityId) => {
    const { from, to } = localDay(date, zone);
    return world.call('GET', `/v1/audience/forecast?communityId=${communityId}&from=${from}&to=${to}`, { token });
  };
  const at = (body: AudienceForecast, halfHour: number): AudienceHalfHour | undefined =>
    body.items.find((one) => one.at === localDay(dateIn(body), zone).halfHours[halfHour]?.at);
  const dateIn = ({ items: [first] }: AudienceForecast) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(first?.at ?? 0);

  it('is told from the profile for fourteen days when a screen is claimed, of no day that has begun', async () => {
    expect(await told('2026-11-24')).toBeUndefined();
    expect(await told('2026-12-09')).toBeUndefined();
    const { status, body } = await forecast(world.operator, '2026-11-25');
    expect(status).toBe(200);
    expect(body.items).toHaveLength(48);
    expect(at(body, 15)).toMatchObject({ entranceId: here.entranceId, entranceName: 'East gate', counted: 'open' });
    expect(at(body, 15)?.lowMilli).toBeLessThan(at(body, 15)?.expectedMilli ?? 0);
    expect(at(body, 15)?.shares.families).toBeGreaterThan(at(body, 15)?.shares.elderly ?? 0);
  });

  it('is made for the question where nothing was told: today, and a year away', async () => {
    const today = at((await forecast(world.operator, '2026-11-24')).body, 16);
    const later = at((await forecast(world.operator, '2027-11-24')).body, 16);
    expect(today).toMatchObject({ madeAt: null });
    expect(later?.madeAt).toBeNull();
    expect(later?.highMilli).toBeGreaterThan(today?.highMilli ?? Infinity);
  });

  it('changes when a day is over that was counted otherwise, and what was told of it stands', async () => {
    const before = await told('2026-11-25');
    const before26 = at((await forecast(world.operator, '2026-11-26')).body, 20)?.expectedMilli ?? 0;
    world.clock.set(after(localDay('2026-11-25', zone).to, minutes(5)));
    await upload(...halfHours('2026-11-25', (halfHour) => (halfHour >= 12 ? 120 : null)));
    world.clock.advance(minutes(30));
    await learned(1);
    expect((await told('2026-11-25'))?.madeAt).toBe(before?.madeAt);
    expect((await told('2026-11-26'))?.madeAt).toBeLessThan(localDay('2026-11-26', zone).from);
    await toldUntil('2026-12-10');
    const after26 = at((await forecast(world.operator, '2026-11-27')).body, 20)?.expectedMilli ?? 0;
    expect(Math.abs(after26 - 120_000)).toBeLessThan(0.5 * Math.abs(before26 - 120_000));
  });

  it('stands beside what was counted: told, withheld, unknown and still open', async () => {
    const { body } = await forecast(world.operator, '2026-11-25');
    expect(at(body, 20)).toMatchObject({ counted: 'told', countedTouches: 120 });
    expect(at(body, 4)).toMatchObject({ counted: 'withheld', countedTouches: null });
    const day = (await forecast(world.operator, '2026-11-26')).body;
    expect(at(day, 0)).toMatchObject({ counted: 'unknown', countedTouches: null });
    expect(at(day, 30)).toMatchObject({ counted: 'open' });
  });

  it('is compared with what came, by day and community, the worst first', async () => {
    const path = `/v1/audience/accuracy?communityId=${here.communityId}`;
    const { body } = await world.call('GET', path, { token: world.operator });
    expect(body.days).toHaveLength(1);
    expect(body.days[0]).toMatchObject({ day: '2026-11-25', kind: 3 });
    expect(body.total.cells).toBeGreaterThan(10);
    expect(body.total.wapePpm).toBeGreaterThan(100_000);
    const ranking = (await world.call('GET', '/v1/audience/communities?limit=1', { token: world.operator })).body;
    expect(ranking.items).toMatchObject([{ communityId: here.communityId, communityName: 'Linden Court' }]);
    expect(ranking.nextCursor).toBeNull();
  });

  it('learns what a screen tells days late, once, and compares that day anew', async () => {
    const half = (date: string, late: boolean) => halfHours(date, () => 80).filter((_, n) => n < 24 === late);
    world.clock.set(after(localDay('2026-11-26', zone).to, hours(1)));
    await upload(...half('2026-11-26', false));
    world.clock.advance(minutes(30));
    await vi.waitFor(async () => expect(await scored('2026-11-26')).toBeDefined(), { timeout: 20_000, interval: 100 });
    const first = await scored('2026-11-26');
    world.clock.set(after(localDay('2026-11-28', zone).to, hours(1)));
    await upload(...half('2026-11-26', true));
    world.clock.advance(minutes(30));
    await learned(2);
    await vi.waitFor(
      async () => expect((await scored('2026-11-26'))?.cells).toBeGreaterThan(first?.cells ?? 0),
      20_000,
    );
    expect(await due()).toEqual([]);
  });

  const scored = async (date: string) =>
    (await rows.scoresOf(its.store.read, here.communityId, date)).find(({ day }) => day === date);
  const due = () => its.store.read.select().from(its.store.read.t.audienceDue);

  it('shows merchants placements, no entrance, and no count below ten', async () => {
    const { status, body } = await forecast(merchant.token, '2026-11-25');
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain(here.entranceId);
    expect(at(body, 20)).toMatchObject({ entranceId: null, placement: 'gate', counted: 'told', countedTouches: 120 });
    expect(at(body, 4)).toMatchObject({ counted: 'withheld', countedTouches: null });
  });

  it('shows a property its own communities alone', async () => {
    expect((await forecast(here.manager, '2026-11-25')).status).toBe(200);
    expect((await forecast(there.manager, '2026-11-25')).status).toBe(404);
    const path = `/v1/audience/accuracy?communityId=${here.communityId}`;
    expect((await world.call('GET', path, { token: there.manager })).status).toBe(404);
  });

  it('follows what residents who agreed say of themselves, as soon as ten of each group have, and forgets it with the consent', async () => {
    const share = async () => at((await forecast(world.operator, '2026-12-01')).body, 37)?.shares.elderly ?? 0;
    const before = await share();
    await its.store.tx(async (q) => {
      const said = [...group('families', 10), ...group('commuters', 10), ...group('elderly', 99)];
      await q.insertMany(q.t.audienceDeclarations, said);
    });
    const more = await share();
    expect(more).toBeGreaterThan(before);
    const me = await residentAt(world, here, '王小明');
    const mine = (method: string, path: string, body?: unknown) => world.call(method, path, { token: me.token, body });
    const declare = () => mine('PUT', '/v1/me/segment', { segment: 'elderly' });
    expect((await declare()).body.code).toBe('consent-needed');
    const agree = (granted: boolean) => mine('PUT', '/v1/me/consents/personal-offers', { granted, textVersion: 2 });
    await agree(true);
    expect((await declare()).body).toEqual({ segment: 'elderly', mayDeclare: true });
    expect(await share()).toBeGreaterThan(more);
    expect(JSON.stringify((await mine('GET', '/v1/me/export')).body)).toContain('elderly');
    await agree(false);
    expect((await mine('GET', '/v1/me/segment')).body).toEqual({ segment: null, mayDeclare: false });
    expect(await share()).toBe(more);
    await agree(true);
    await declare();
    await world.call('POST', `/v1/residents/${me.id}/move-out`, { token: here.manager });
    expect(await share()).toBe(more);
    await its.store.tx(async (q) => {
      await q.delete(q.t.audienceDeclarations).where(eq(q.t.audienceDeclarations.segment, 'commuters'));
    });
    expect(await share()).toBe(before);
  });

  const group = (segment: 'families' | 'commuters' | 'elderly', people: number) =>
    Array.from({ length: people }, () => ({
      residentId: newId('resident'),
      communityId: here.communityId,
      segment,
      at: world.clock.now(),
    }));

  it('of a second gate that is opened is half of the profile, and the first keeps what it has learned', async () => {
    const ofGate = async (entranceId: string) =>
      ((await forecast(world.operator, '2026-12-02')).body as AudienceForecast).items
        .filter((one) => one.entranceId === entranceId)
        .reduce((sum, { expectedMilli }) => sum + expectedMilli, 0);
    const before = await ofGate(here.entranceId);
    const path = `/v1/communities/${here.communityId}/entrances`;
    const made = await world.call('POST', path, {
      token: here.manager,
      body: { name: 'West gate', placement: 'gate' },
    });
    await its.store.tx(async (q) => {
      const said = [...group('families', 10), ...group('commuters', 10), ...group('elderly', 99)];
      await q.insertMany(q.t.audienceDeclarations, said);
    });
    const west = await claimedTerminal(world, { ...here, entranceId: made.body.id });
    expect(await ofGate(here.entranceId)).toBe(before);
    // The screen weighs its plan by the same shares that sales go by.
    const plan = await world.call('GET', `/v1/terminals/${west.id}/documents/plan`, { token: west.token });
    const milliTouches = (plan.body.body as Plan).audience[20]?.milliTouches;
    const told = at((await forecast(world.operator, '2026-12-02')).body, 20)?.shares.elderly ?? 0;
    expect((1_000_000 * (milliTouches?.elderly ?? 0)) / (milliTouches?.all ?? 1)).toBeCloseTo(told, -2);
    expect(told).toBeGreaterThan(0);
    // 300 households, two gates; the first has shown too little yet to tell of the second.
    expect((await ofGate(made.body.id)) / 1_000).toBeCloseTo((300 * 5.24) / 2, -1);
  });

  it('refuses spans of nothing and of weeks', async () => {
    const span = (from: InstantMs, to: InstantMs) =>
      world.call('GET', `/v1/audience/forecast?communityId=${here.communityId}&from=${from}&to=${to}`, {
        token: world.operator,
      });
    const now = world.clock.now();
    expect((await span(now, now)).body.code).toBe('invalid-request');
    expect((await span(now, after(now, days(9)))).body.code).toBe('invalid-request');
    expect((await span(now, after(now, halfHourMs))).status).toBe(200);
  });
});
