import { after, days, hours, minutes } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { localDay } from './local-day.ts';
import * as rows from './store.ts';

const zone = 'Asia/Shanghai';
/** A Monday: a workday to this program, a holiday by the notice. */
const bridged = '2027-01-04';
const notice = {
  year: 2027,
  holidays: [
    { name: '元旦', from: '2027-01-01', to: '2027-01-04' },
    { name: '春节', from: '2027-02-05', to: '2027-02-12' },
  ],
  workedWeekends: ['2027-01-09'],
  source: '国办发明电〔2026〕7号',
};
const within = { timeout: 20_000, interval: 50 };

describeStores('the holidays of the next year', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let token: string;

  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
    await claimedTerminal(world, here);
    token = world.operator;
    const expiresAt = after(world.clock.now(), days(365));
    await its.store.tx(async (q) => void (await q.update(q.t.sessions).set({ expiresAt })));
  }, 90_000);
  afterAll(() => world.close());

  const enter = (over: object = {}, as = token) =>
    world.call('POST', '/v1/audience/holidays', { token: as, body: { ...notice, ...over } });
  const list = async () => (await world.call('GET', '/v1/audience/holidays', { token })).body.items;
  const forecast = async (date: string) => {
    const { from, to } = localDay(date, zone);
    const path = `/v1/audience/forecast?communityId=${here.communityId}&from=${from}&to=${to}`;
    return (await world.call('GET', path, { token })).body;
  };
  const expected = async (date: string): Promise<number> =>
    (await forecast(date)).items.reduce(
      (sum: number, { expectedMilli }: { expectedMilli: number }) => sum + expectedMilli,
      0,
    );
  const alarms = async () => {
    world.clock.advance(minutes(3));
    await world.app.watch.look();
    const { items } = (await world.call('GET', '/v1/fleet/alarms', { token })).body;
    return items.filter(({ kind }: { kind: string }) => kind === 'holidays-unknown');
  };
  /** As it was told, and not made for the question. */
  const told = async (date: string) => {
    const [row] = await rows.forecastsOf(its.store.read, [here.communityId], localDay(date, zone));
    return row;
  };

  it('are missing until somebody enters the notice, and forecasts of its days say so', async () => {
    expect(await list()).toMatchObject([
      { year: 2026, version: 0, isWhole: true },
      { year: 2027, version: 0, isWhole: false, source: null },
    ]);
    expect((await forecast('2026-12-01')).holidaysUnknown).toEqual([]);
    expect((await forecast(bridged)).holidaysUnknown).toEqual([2027]);
  });

  it('are an alarm from a month before that year on', async () => {
    expect(await alarms()).toEqual([]);
    world.clock.set(after(localDay('2026-12-26', zone).from, hours(9)));
    expect(await alarms()).toMatchObject([{ severity: 'notice', facts: { year: 2027 } }]);
  });

  it('cannot be days that are none, nor be entered by anybody else', async () => {
    expect((await enter({ year: 2029 })).body).toMatchObject({ code: 'holidays-wrong', fault: 'other-year' });
    expect(await enter({ workedWeekends: ['2027-01-08'] })).toMatchObject({
      status: 400,
      body: { code: 'holidays-wrong', fault: 'not-a-weekend', date: '2027-01-08' },
    });
    expect((await enter({ source: '' })).body.code).toBe('invalid-request');
    expect((await enter({}, here.manager)).status).toBe(403);
    expect((await list())[1]).toMatchObject({ version: 0 });
  });

  it('change what is told of the days ahead at once, and end the alarm', { timeout: 60_000 }, async () => {
    await vi.waitFor(async () => {
      world.clock.advance(minutes(10));
      expect(await told(bridged)).toBeDefined();
    }, within);
    const before = { told: await told(bridged), touches: await expected(bridged), other: await expected('2027-01-05') };
    expect(await alarms()).toHaveLength(1);
    expect((await enter()).body).toMatchObject({ year: 2027, version: 1, isWhole: true });
    await vi.waitFor(async () => expect((await told(bridged))?.cells).not.toEqual(before.told?.cells), within);
    // 1.80 touches on a day of rest for 2.08 of a workday.
    expect((await expected(bridged)) / before.touches).toBeCloseTo(1.8 / 2.08, 1);
    expect((await expected(bridged)) / before.touches).toBeLessThan(0.95);
    expect(await expected('2027-01-05')).toBe(before.other);
    expect((await forecast(bridged)).holidaysUnknown).toEqual([]);
    // The program looks by itself as well: the alarm may be over sooner than this test's own looks end it.
    await vi.waitFor(async () => expect(await alarms()).toEqual([]), within);
  });

  it('are corrected by a further version, and who entered which is on record', async () => {
    const shorter = { holidays: [{ name: '元旦', from: '2027-01-01', to: '2027-01-03' }], workedWeekends: [] };
    expect((await enter(shorter)).body).toMatchObject({ version: 2 });
    expect((await list())[1]).toMatchObject({ version: 2, workedWeekends: [], source: notice.source });
    const kept = await its.store.read.select().from(its.store.read.t.holidayNotices);
    expect(kept.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([1, 2]);
    const trail = await world.call('GET', '/v1/audit?action=audience.enter-holidays', { token });
    expect(trail.body.items).toMatchObject([
      { subject: '2027', facts: { version: 2 } },
      { subject: '2027', facts: { version: 1 } },
    ]);
  });
});
