import { days, hours, instant, minutes } from '@gatecast/firmware-protocol';
import type { HealthReport } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  neighbourhood,
  signInTerminal,
  type Neighbourhood,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import { healthOf } from './health.fixture.ts';

describeStores('the fleet', (its) => {
  let world: TestApp;
  let at: Neighbourhood;
  let other: Neighbourhood;
  let terminal: TestTerminal;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
    at = await neighbourhood(world);
    other = await neighbourhood(world);
    terminal = await claimedTerminal(world, at);
  });
  afterAll(() => world.close());

  /** A token is good for an hour. */
  const tokenOf = async ({ id, epoch, identity }: TestTerminal): Promise<string> =>
    (await signInTerminal(world, id, epoch, identity)).body.token;
  const tell = async (changes: Partial<HealthReport> = {}) =>
    world.call('PUT', `/v1/terminals/${terminal.id}/health`, {
      token: await tokenOf(terminal),
      body: healthOf(terminal.id, world.clock.now(), changes),
    });
  const health = async (token = at.manager, span = '2d') =>
    (await world.call('GET', `/v1/terminals/${terminal.id}/health?span=${span}`, { token })).body;

  it('knows nothing of a terminal that has not reported', async () => {
    expect(await health()).toMatchObject({ report: null, receivedAt: null, issues: [], trend: { points: [] } });
  });

  it('shows the newest report and since when something is wrong', async () => {
    const began = world.clock.now();
    expect((await tell({ issues: ['disk-low', 'too-hot'] })).status).toBe(204);
    world.clock.advance(minutes(5));
    await tell({ issues: ['too-hot', 'disk-full'], temperatureC: 81.5 });
    const shown = await health();
    expect(shown.report).toMatchObject({ temperatureC: 81.5 });
    expect(shown.issues).toEqual([
      { issue: 'disk-full', since: world.clock.now() },
      { issue: 'too-hot', since: began },
    ]);
    expect(shown.trend.points).toHaveLength(2);
  });

  it('keeps the worst of each step, five-minute steps for two days and hours for ninety', async () => {
    world.clock.set(instant(world.clock.now() - (world.clock.now() % hours(1)) + hours(1)));
    await tell({ temperatureC: 60, journal: [] });
    world.clock.advance(minutes(1));
    await tell({ temperatureC: 70, journal: [] });
    world.clock.advance(minutes(1));
    await tell({ temperatureC: 65, journal: [] });
    const newest = (await health()).trend.points.at(-1);
    expect(newest).toMatchObject({ at: world.clock.now() - minutes(2), temp: 70 });
    world.clock.advance(days(3));
    await tell({ temperatureC: 40, journal: [] });
    expect((await health()).trend.points).toHaveLength(1);
    const long = (await health(at.manager, '90d')).trend;
    expect(long.stepMs).toBe(hours(6));
    expect(Math.max(...long.points.map((one: { temp: number }) => one.temp))).toBe(81.5);
  });

  it('forgets what is too old by itself', async () => {
    const t = its.store.read.t.healthTrends;
    const kept = async () => {
      const rows = await its.store.read.select({ grain: t.grain }).from(t).where(eq(t.terminalId, terminal.id));
      return rows.map(({ grain }) => grain);
    };
    expect(await kept()).toContain('fine');
    world.clock.advance(days(3));
    // The job comes every hour of the app's clock.
    await vi.waitFor(async () => {
      world.clock.advance(hours(1));
      expect(await kept()).not.toContain('fine');
    });
    expect(await kept()).toContain('hour');
  });

  it('takes no report of one terminal for another, and shows none to a stranger', async () => {
    const foreign = await claimedTerminal(world, other);
    const stolen = healthOf(foreign.id, world.clock.now());
    const path = `/v1/terminals/${terminal.id}/health`;
    expect((await world.call('PUT', path, { token: await tokenOf(terminal), body: stolen })).status).toBe(400);
    expect((await world.call('PUT', path, { token: foreign.token, body: stolen })).status).toBe(403);
    expect((await world.call('GET', path, { token: other.manager })).status).toBe(404);
    expect((await world.call('GET', path, { token: world.operator })).status).toBe(200);
  });

  it('is counted for the operator, and each company counts its own', async () => {
    world.clock.advance(minutes(1));
    const all = (await world.call('GET', '/v1/fleet/summary', { token: world.operator })).body;
    expect(all.counts).toMatchObject({ offline: 2, online: 0, withIssues: 0 });
    expect(all.companies.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining([at.companyId, other.companyId]),
    );
    const own = (await world.call('GET', '/v1/fleet/summary', { token: at.manager })).body;
    expect(own.counts).toMatchObject({ offline: 1 });
    expect(own.companies).toMatchObject([{ id: at.companyId, communities: 1 }]);
    const places = (await world.call('GET', '/v1/fleet/communities', { token: at.manager })).body;
    expect(places.items).toMatchObject([{ id: at.communityId, counts: { offline: 1 } }]);
  });

  it('is listed by state, issue and name, within the own company', async () => {
    await tell({ issues: ['screen-absent'] });
    world.clock.advance(minutes(1));
    const list = async (query: string, token = world.operator) =>
      (await world.call('GET', `/v1/fleet/terminals?${query}`, { token })).body.items as { id: string }[];
    const ids = async (query: string, token?: string) => (await list(query, token)).map(({ id }) => id);
    expect(await ids('issue=screen-absent')).toEqual([terminal.id]);
    expect(await ids('issue=disk-full')).toEqual([]);
    expect(await ids('state=issue')).toEqual([terminal.id]);
    expect(await ids('state=online')).toEqual([]);
    expect(await ids('state=offline', at.manager)).toEqual([terminal.id]);
    expect(await ids(`search=${terminal.id}`)).toEqual([terminal.id]);
    expect(await ids('search=east GATE', at.manager)).toEqual([terminal.id]);
    expect(await ids('search=50%25')).toEqual([]);
    expect(await ids(`companyId=${other.companyId}`, at.manager)).toEqual([]);
    expect(await list('search=1')).toMatchObject([{ no: 1, issues: ['screen-absent'] }]);
  });
});
