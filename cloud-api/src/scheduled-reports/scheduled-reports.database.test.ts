import { eq } from 'drizzle-orm';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, days, hours, instant, minutes, type DurationMs } from '@gatecast/firmware-protocol';
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, type TestMerchant } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { ranOn, scanned } from './a-day.fixture.ts';
import { dropReportsBefore as drop } from './store.ts';

const aMoment = { timeout: 20_000, interval: 20 };
const never = new AbortController().signal;
/** The clock of the tests stands at 07:40 on Monday. */
const [sunday, monday, tuesday] = ['2026-11-22', '2026-11-23', '2026-11-24'];
const off = { daily: false, weekly: false, monthly: false, webhook: null };

describeStores('reports by schedule', (its) => {
  let folder: string;
  let world: TestApp;
  /** Another process on the same database. */
  let other: TestApp;
  let here: Neighbourhood;
  let hook: Hook;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatecast-reports-'));
    const env = { GATECAST_MASTER_KEY_FILE: join(folder, 'master.key'), GATECAST_WEBHOOK_PRIVATE: '1' };
    world = await testApp({ store: its.store, env });
    other = await testApp({ store: its.store, env });
    here = await neighbourhood(world);
    hook = await listen();
    const expiresAt = after(world.clock.now(), days(365));
    await its.store.tx(async (q) => void (await q.update(q.t.sessions).set({ expiresAt })));
  }, 90_000);
  afterAll(async () => {
    await other.close();
    await world.close();
    hook.server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const shop = () => merchantAt(world, here);
  const get = async (who: TestMerchant, path: string) => (await world.call('GET', path, { token: who.token })).body;
  const put = (who: TestMerchant, body: object) =>
    world.call('PUT', '/v1/report-schedule', { token: who.token, body: { ...off, ...body } });
  const look = () => Promise.all([world, other].map(({ app }) => app.scheduledReports.run(never)));
  /** Both processes live by the same clock. */
  const pass = (span: DurationMs): void => {
    for (const { clock } of [world, other]) clock.advance(span);
  };
  const toldOf = (who: TestMerchant, day: string, over: object = {}) => ({
    merchantId: who.id,
    communityId: here.communityId,
    day,
    halfHours: 2,
    reported: 2,
    touches: 40,
    ...over,
  });

  it('nothing is made of what nobody asked for, or of days on which nothing ran', async () => {
    const [asks, silent] = [await shop(), await shop()];
    await ranOn(world, toldOf(silent, sunday));
    expect(await get(asks, '/v1/report-schedule')).toEqual({ ...off, zone: 'Asia/Shanghai' });
    await put(asks, { daily: true, weekly: true, monthly: true });
    await look();
    expect((await get(asks, '/v1/reports')).items).toEqual([]);
    expect((await get(silent, '/v1/reports')).items).toEqual([]);
  });

  it('a day is told once by two processes, with what scans and bills say of it', async () => {
    const merchant = await shop();
    const campaignId = await ranOn(world, toldOf(merchant, sunday));
    const scan = { merchantId: merchant.id, communityId: here.communityId, day: sunday, campaignId };
    await scanned(world, scan, null);
    await scanned(world, scan, { status: 'picked-up', totalFen: 3_990 });
    await scanned(world, scan, { status: 'paid', totalFen: 1_000 });
    await scanned(world, scan, { status: 'refunded', totalFen: 7_000 });
    await put(merchant, { daily: true });
    await look();
    await look();

    const { items } = await get(merchant, '/v1/reports');
    expect(items).toHaveLength(1);
    const [listed] = items;
    expect(listed).toMatchObject({ kind: 'daily', from: sunday, to: sunday, zone: 'Asia/Shanghai', delivery: null });
    const figures = {
      verifiedMilliTouches: 40_000,
      people: 0,
      viewable: 40,
      silentHalfHours: 0,
      scans: 4,
      orders: 2,
      pickedUp: 1,
      orderFen: 4_990,
      earnedFen: 800,
    };
    expect(listed.totals).toEqual(figures);
    const report = await get(merchant, `/v1/reports/${listed.id}`);
    expect(report.campaigns).toEqual([{ campaignId, campaignName: '草莓季', ...figures }]);

    // Off and on again tells nothing twice.
    await put(merchant, {});
    await put(merchant, { daily: true });
    await look();
    expect((await get(merchant, '/v1/reports')).items).toHaveLength(1);
    const t = its.store.read.t.events;
    const events = (await its.store.read.select().from(t)).filter(({ merchantId }) => merchantId === merchant.id);
    expect(events.map(({ type, subject }) => ({ type, subject }))).toEqual([{ type: 'report', subject: listed.id }]);
  });

  it('says of groups that their touches are expected parts', async () => {
    const merchant = await shop();
    await ranOn(world, toldOf(merchant, sunday), '带孩子的');
    await its.store.tx(async (q) => {
      const t = q.t.bookings;
      await q.update(t).set({ segment: 'families' }).where(eq(t.merchantId, merchant.id));
    });
    await put(merchant, { daily: true });
    await look();
    const [{ id, segments }] = (await get(merchant, '/v1/reports')).items;
    expect(segments).toEqual(['families']);
    expect(await get(merchant, `/v1/reports/${id}`)).toMatchObject({ segments });
    const headers = { authorization: `Bearer ${merchant.token}` };
    const file = new Request(`http://gatecast.test/v1/reports/${id}/report.csv?lang=zh`, { headers });
    expect(await (await world.app.fetch(file)).text()).toContain('按人群订的（带孩子的）');
  });

  it('both files say what the report says, in the language that is asked for', async () => {
    const merchant = await shop();
    await ranOn(world, toldOf(merchant, sunday), '=1+1');
    await put(merchant, { daily: true });
    await look();
    const [{ id }] = (await get(merchant, '/v1/reports')).items;
    const file = async (path: string) => {
      const headers = { authorization: `Bearer ${merchant.token}` };
      const answer = await world.app.fetch(new Request(`http://gatecast.test/v1/reports/${id}/${path}`, { headers }));
      expect(answer.status).toBe(200);
      return Buffer.from(await answer.arrayBuffer());
    };
    const csv = (await file('report.csv?lang=en')).toString();
    expect(csv.charCodeAt(0)).toBe(0xfeff);
    const line = `${sunday},${sunday},'=1+1,40,0,40,0,0,0,0,0.00,8.00`;
    expect(csv.split('\r\n').slice(1, 3)).toEqual([line, line.replace("'=1+1", 'Total')]);
    const rows = await readSheet(await file('report.xlsx'));
    expect(rows[0]?.[2]).toBe('广告活动');
    const [day, , name, touches] = rows[1] ?? [];
    expect([day instanceof Date && day.toISOString().slice(0, 10), name, touches, rows[1]?.[11]]).toEqual([
      sunday,
      '=1+1',
      40,
      8,
    ]);
    expect(csv).not.toContain('expected number');
    const stranger = await shop();
    expect((await world.call('GET', `/v1/reports/${id}`, { token: stranger.token })).status).toBe(404);
  });

  it('files are made on threads, two at a time, and never on the event loop', async () => {
    const merchant = await shop();
    await ranOn(world, toldOf(merchant, sunday), '草莓季');
    await put(merchant, { daily: true });
    await look();
    const [{ id }] = (await get(merchant, '/v1/reports')).items;
    const makers: unknown[] = [];
    const count = (maker: unknown): void => void makers.push(maker);
    process.on('worker', count);
    const headers = { authorization: `Bearer ${merchant.token}` };
    const ask = async (kind: string) =>
      world.app.fetch(new Request(`http://gatecast.test/v1/reports/${id}/report.${kind}`, { headers }));
    const statuses = (await Promise.all(['csv', 'xlsx', 'xlsx'].map(ask))).map(({ status }) => status);
    process.off('worker', count);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 429]);
    expect(makers).toHaveLength(2);
  });

  it('a day that screens are silent of waits for them, and no longer than a day and a half', async () => {
    const [merchant, full] = [await shop(), await shop()];
    await ranOn(world, toldOf(merchant, monday, { reported: 1 }));
    await ranOn(world, toldOf(full, monday));
    for (const each of [merchant, full]) await put(each, { daily: true });
    const told = async (who: TestMerchant): Promise<string[]> =>
      (await get(who, '/v1/reports')).items.map(({ from }: { from: string }) => from);
    await look();
    pass(minutes(23 * 60 + 19));
    await look();
    expect([await told(full), await told(merchant)]).toEqual([[], []]);
    pass(minutes(1));
    await look();
    expect([await told(full), await told(merchant)]).toEqual([[monday], []]);
    pass(hours(28));
    await look();
    expect(await told(merchant)).toEqual([]);
    pass(hours(1));
    await look();
    expect([await told(full), await told(merchant)]).toEqual([[monday], [monday]]);
  });

  it('what ended half-way is made whole by the next look, once', async () => {
    const merchant = await shop();
    await ranOn(world, toldOf(merchant, tuesday));
    await put(merchant, { daily: true });
    const ends = [world, other].map(({ app }) =>
      vi.spyOn(app.platform.events, 'emit').mockRejectedValue(new Error('killed')),
    );
    await look();
    for (const end of ends) end.mockRestore();
    expect((await get(merchant, '/v1/reports')).items).toEqual([]);
    pass(hours(1));
    await look();
    expect((await get(merchant, '/v1/reports')).items).toHaveLength(1);
  });

  it('a webhook gets each report, signed by the secret that was shown once', async () => {
    const merchant = await shop();
    await ranOn(world, toldOf(merchant, tuesday));
    expect((await put(merchant, { webhook: { url: 'ftp://x.example' } })).body.code).toBe('webhook-address');
    const url = `${hook.url}/fine`;
    const first = await put(merchant, { webhook: { url } });
    expect(first.body.secret).toMatch(/^[\w-]{43}$/);
    expect((await put(merchant, { webhook: { url }, daily: true })).body.secret).toBeNull();
    await look();
    const [{ id }] = (await get(merchant, '/v1/reports')).items;
    await vi.waitFor(async () => {
      expect((await get(merchant, `/v1/reports/${id}`)).delivery).toMatchObject({
        state: 'delivered',
        detail: 'HTTP 204',
      });
    }, aMoment);
    const [call, ...more] = hook.calls.filter((one) => one.path === '/fine');
    expect(more).toEqual([]);
    const { event, report } = JSON.parse(call?.body ?? '');
    expect(event).toBe('report.made');
    expect(report).toMatchObject({ id, from: tuesday, url: `https://gatecast.test/v1/reports/${id}` });
    const [, seconds, mac] = /^t=(\d+),v1=(\w+)$/.exec(String(call?.headers['gatecast-signature'])) ?? [];
    const secret = String(first.body.secret);
    expect(createHmac('sha256', secret).update(`${seconds}.${call?.body}`).digest('hex')).toBe(mac);

    const anew = await put(merchant, { webhook: { url, newSecret: true } });
    expect(anew.body.secret).not.toBe(first.body.secret);
  });

  it('a webhook that fails is tried again, and by hand; the merchant sees why', async () => {
    const merchant = await shop();
    await ranOn(world, toldOf(merchant, tuesday));
    await put(merchant, { daily: true, webhook: { url: `${hook.url}/broken` } });
    await look();
    const [{ id }] = (await get(merchant, '/v1/reports')).items;
    const delivery = async () => (await get(merchant, `/v1/reports/${id}`)).delivery;
    await vi.waitFor(async () => {
      const told = await delivery();
      expect(told).toMatchObject({ state: 'retrying', detail: 'it answered 500' });
      // Noted a moment after the failure.
      expect(told.nextTryAt).toBeGreaterThan(world.clock.now());
    }, aMoment);
    expect((await get(merchant, '/v1/report-schedule')).webhook.last.state).toBe('retrying');

    await put(merchant, { daily: true, webhook: { url: `${hook.url}/mended` } });
    const again = () => world.call('POST', `/v1/reports/${id}/send-again`, { token: merchant.token });
    expect((await again()).body.code).toBe('too-many-requests');
    pass(hours(1));
    expect((await again()).status).toBe(202);
    await vi.waitFor(async () => expect(await delivery()).toMatchObject({ state: 'delivered' }), aMoment);
    // The message that was to be tried again is not sent beside the new one.
    await vi.waitFor(async () => {
      const t = its.store.read.t.jobs;
      const kinds = (await its.store.read.select().from(t)).map(({ kind }) => kind);
      expect(kinds).not.toContain('outbox:scheduled-report');
    }, aMoment);
    expect(hook.calls.filter(({ path }) => path === '/mended')).toHaveLength(1);
  });

  it('a webhook can be tried out, and not for want of one', async () => {
    const merchant = await shop();
    const tryOut = () => world.call('POST', '/v1/report-schedule/try-out', { token: merchant.token });
    expect((await tryOut()).body.code).toBe('webhook-missing');
    await put(merchant, { webhook: { url: `${hook.url}/test` } });
    expect((await tryOut()).body.webhook.last.state).toBe('sending');
    await vi.waitFor(async () => {
      expect((await get(merchant, '/v1/report-schedule')).webhook.last).toMatchObject({ state: 'delivered' });
    }, aMoment);
    const { event, report } = JSON.parse(hook.calls.find(({ path }) => path === '/test')?.body ?? '');
    expect([event, report]).toEqual(['report.test', null]);
  });

  it('reports go when bills do', async () => {
    const merchant = await shop();
    await ranOn(world, toldOf(merchant, tuesday));
    await put(merchant, { daily: true });
    await look();
    const { madeAt } = (await get(merchant, '/v1/reports')).items[0];
    const count = async () => (await its.store.read.select().from(its.store.read.t.scheduledReports)).length;
    const dropped = (at: number) => its.store.tx((q) => drop(q, instant(at), 1_000));
    const before = await count();
    expect(await dropped(madeAt + 1)).toBe(before);
    expect(await count()).toBe(0);
  });
});

interface Hook {
  readonly server: Server;
  readonly url: string;
  readonly calls: { readonly path: string; readonly body: string; readonly headers: IncomingHttpHeaders }[];
}

/** Somebody's own server: it fails at `/broken`. */
async function listen(): Promise<Hook> {
  const calls: Hook['calls'] = [];
  const server = createServer((request, answer) => {
    void text(request).then((body) => {
      calls.push({ path: request.url ?? '', body, headers: request.headers });
      answer.writeHead(request.url === '/broken' ? 500 : 204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}
