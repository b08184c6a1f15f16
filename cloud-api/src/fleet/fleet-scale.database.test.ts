import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { instant, newId, seconds } from '@gatecast/firmware-protocol';
import { inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { analyzed, wholeReads } from '../platform/db/query-plans.fixture.ts';

const companies = 20;
const communitiesMade = 4_000;
const terminalsMade = 100_000;
/** Six tables of as many rows, on a machine that does something else too. */
const seedingMs = 240_000;
/** Read as a whole where a part of a name is looked for: no index leads there. */
const namesTables = ['terminals', 'entrances'];
/** What grows with the fleet, or with what happens at its doors. */
const large = new Set([
  ...namesTables,
  'terminal_presence',
  'units',
  'access_events',
  'journal_rows',
  'touches',
  'plays',
  'visits',
]);
describeStores('a fleet of 100,000 terminals', (its) => {
  let world: TestApp;
  let rarest: string;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
    const now = world.clock.now();
    const companyIds = Array.from({ length: companies }, () => newId('company'));
    const communityIds = Array.from({ length: communitiesMade }, () => newId('community'));
    const terminals = Array.from({ length: terminalsMade }, (_, no) => ({ id: newId('terminal'), no: no + 1 }));
    rarest = terminals.toSorted((a, b) => (a.id < b.id ? 1 : -1))[0]?.id ?? '';
    await its.store.tx(async (q) => {
      const { t } = q;
      // Nobody speaks here: the clock goes on without the whole fleet falling silent.
      await q.delete(t.jobs).where(inArray(t.jobs.kind, ['fleet.watch', 'terminals.silence']));
      await q.insertMany(
        t.propertyCompanies,
        companyIds.map((id, n) => ({ id, name: `Company ${n}`, createdAt: now })),
      );
      const profile = { households: 300, familiesPpm: 0, commutersPpm: 0, elderlyPpm: 0 };
      await q.insertMany(
        t.communities,
        communityIds.map((id, n) => ({
          id,
          companyId: companyIds[n % companies] ?? '',
          name: `Community ${n}`,
          zone: 'Asia/Shanghai',
          createdAt: now,
          ...profile,
        })),
      );
      const placed = terminals.map(({ id, no }) => ({
        id,
        no,
        communityId: communityIds[no % communitiesMade] ?? '',
        entranceId: newId('entrance'),
      }));
      await q.insertMany(
        t.entrances,
        placed.map(({ entranceId, communityId, no }) => ({
          id: entranceId,
          communityId,
          name: `Door ${no}`,
          placement: 'unit-door' as const,
        })),
      );
      const settings = { openMs: 3_000, quietFromMinute: 0, quietToMinute: 0, volumePercent: 50 };
      await q.insertMany(
        t.terminals,
        placed.map((one) => ({
          ...one,
          ...settings,
          name: `GC-${one.no}`,
          status: 'active',
          epoch: 1,
          createdAt: now,
        })),
      );
      await q.insertMany(
        t.terminalPresence,
        placed.map(({ id }) => ({
          terminalId: id,
          online: id !== rarest,
          doorOnline: true,
          session: 's',
          monoMs: 0,
          agentVersion: '1.0.0',
          lastSeenAt: now,
        })),
      );
      await q.insertMany(
        t.terminalIssues,
        placed
          .filter(({ no }) => no % 100 === 0)
          .map(({ id }) => ({
            terminalId: id,
            issue: 'disk-low' as const,
            since: instant(now),
          })),
      );
    });
    await analyzed(its);
  });
  afterAll(() => world.close());

  const lists = async (...queries: readonly string[]) => {
    for (const query of queries) {
      expect(await world.call('GET', query, { token: world.operator })).toMatchObject({ status: 200 });
    }
  };

  /** The figures are printed, for whoever wants them; a machine that is busy with other things says nothing by them. */
  const timed = async (path: string) => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const began = performance.now();
    const cpu = process.cpuUsage();
    const { status, body } = await world.call('GET', path, { token: world.operator });
    const ms = performance.now() - began;
    const cpuMs = process.cpuUsage(cpu).user / 1000;
    delay.disable();
    expect(status).toBe(200);
    process.stdout.write(
      `  ${its.dialect} ${path}: ${ms.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of a core, longest turn ${(delay.max / 1e6).toFixed(0)} ms\n`,
    );
    return body;
  };

  it('is counted in a moment, by company and community', async () => {
    const summary = await timed('/v1/fleet/summary');
    expect(summary.counts).toMatchObject({ online: terminalsMade - 1, offline: 1, withIssues: 1_000 });
    expect(summary.companies).toHaveLength(companies);
    expect((await timed('/v1/fleet/communities?limit=200')).items).toHaveLength(200);
  });

  it('is listed page by page', async () => {
    const first = await timed('/v1/fleet/terminals?limit=200');
    expect(first.items).toHaveLength(200);
    const second = await timed(`/v1/fleet/terminals?limit=200&cursor=${first.nextCursor}`);
    expect(second.items[0].id > first.items[199].id).toBe(true);
  });

  it('gives up the one that is offline, wherever it stands', async () => {
    const { items } = await timed('/v1/fleet/terminals?state=offline');
    expect(items.map(({ id }: { id: string }) => id)).toEqual([rarest]);
  });

  it('is found through an index by whatever it is filtered by, but for a part of a name', async () => {
    const isSmall = (table: string) => !large.has(table);
    const first = await timed('/v1/fleet/terminals?limit=200');
    const [{ communityId, companyId, id }] = first.items;
    const at = '/v1/fleet/terminals';
    // Who counts all of them reads all of them; a piece at a time on SQLite, as PostgreSQL likes it.
    const isCounted = (table: string) =>
      isSmall(table) || (its.dialect === 'postgres' && table === 'terminal_presence');
    // A count is good for ten seconds at most.
    world.clock.advance(seconds(11));
    const counts = () => lists('/v1/fleet/summary', '/v1/fleet/communities?limit=200');
    expect(await wholeReads(its, isCounted, counts)).toEqual([]);
    const queries = [
      at,
      `${at}?cursor=${first.nextCursor}&limit=200`,
      ...['online', 'offline', 'unclaimed', 'door-fault', 'issue', 'revoked'].map((state) => `${at}?state=${state}`),
      `${at}?issue=disk-low`,
      `${at}?version=1.0.0`,
      `${at}?companyId=${companyId}`,
      `${at}?communityId=${communityId}`,
      `${at}?search=${id}`,
    ];
    expect(await wholeReads(its, isSmall, () => lists(...queries))).toEqual([]);
    const byName = (table: string) => isSmall(table) || namesTables.includes(table);
    expect(await wholeReads(its, byName, () => lists(`${at}?search=GC-9999&state=online`))).toEqual([]);
  });

  it('finds the one that fits among the many that are called alike', async () => {
    const { items } = await timed('/v1/fleet/terminals?state=offline&search=GC-');
    expect(items.map(({ id }: { id: string }) => id)).toEqual([rarest]);
    const some = await timed('/v1/fleet/terminals?search=Community&limit=200');
    expect(some.items).toHaveLength(200);
  });

  it('has its stories told through an index', { timeout: seedingMs }, async () => {
    const place = { terminalId: rarest, communityId: newId('community'), entranceId: newId('entrance') };
    const now = world.clock.now();
    const [touch, visit] = [newId('touch'), newId('visit')];
    const campaignId = newId('campaign');
    const placed = { ...place, placement: 'gate' as const };
    const halfHour = instant(now - (now % 1_800_000));
    const seen = { rendered: true, viewable: true, completed: true, muted: false, billable: true };
    const shown = { shownMs: 1, framesPresented: 1, framesDropped: 0, milliTouches: 0, clip: 'c' };
    const ended = { endReason: 'finished' as const, panel: 'unproven' as const };
    const many = Array.from({ length: terminalsMade }, (_, n) => n + 1);
    const own = { terminalId: rarest, epoch: 1 };
    const said = { ...own, stream: 'health' as const, hash: 'h', kind: 'uplink', body: { online: true }, wallMs: now };
    const seenBy = { monoMs: 0, boot: 'b', clock: 'synced', privateHash: null, receivedAt: now };
    const door = { ...place, epoch: 1, kind: 'refused' as const, via: 'card' as const, reason: 'expired', salt: null };
    const nobody = { person: null, pulseMs: null, receivedAt: now, credentialId: null, residentId: null };
    const scan = { ...place, halfHour, merchantId: newId('merchant'), dealId: null, clipPrefix: 'c' };
    const play = { ...placed, ...seen, ...shown, ...ended, halfHour, touch };
    const arrival = {
      ...placed,
      event: 'opening' as const,
      unbillable: null,
      windowMs: 1,
      endedBy: 'timeout' as const,
    };
    const unit = { communityId: place.communityId, building: '1', floor: null };
    const isFirst = (n: number) => n === 1;
    await its.store.tx(async (q) => {
      const { t } = q;
      await q.insertMany(
        t.touches,
        many.map((n) => ({ ...arrival, id: isFirst(n) ? touch : newId('touch'), startedAt: instant(now + n) })),
      );
      await q.insertMany(
        t.plays,
        many.map((n) => ({
          ...play,
          id: `${rarest}:1:${n}`,
          campaignId: isFirst(n) ? campaignId : newId('campaign'),
          startedAt: instant(now + n * 60_000),
        })),
      );
      await q.insertMany(
        t.visits,
        many.map((n) => ({
          ...scan,
          id: isFirst(n) ? visit : newId('visit'),
          campaignId: isFirst(n) ? campaignId : newId('campaign'),
          at: instant(now + n),
        })),
      );
      await q.insertMany(
        t.journalRows,
        many.map((n) => ({ ...said, ...seenBy, seq: n })),
      );
      await q.insertMany(
        t.accessEvents,
        many.map((n) => ({
          ...door,
          ...nobody,
          seq: n,
          at: instant(now + n * 60_000),
          touchId: isFirst(n) ? touch : null,
        })),
      );
      await q.insertMany(
        t.units,
        many.map((n) => ({ ...unit, id: newId('unit'), number: String(n) })),
      );
    });
    await analyzed(its);
    const told = async () => {
      for (const [kind, id] of [
        ['terminal', rarest],
        ['touch', touch],
        ['visit', visit],
        ['play', `${rarest}:1:1`],
      ]) {
        const path = `/v1/stories/${kind}/${encodeURIComponent(id ?? '')}`;
        expect((await world.call('GET', path, { token: world.operator })).body.items).not.toEqual([]);
      }
      for (const text of [touch, visit, newId('order'), `${rarest}:1:1`, rarest])
        await timed(`/v1/search?q=${encodeURIComponent(text)}`);
    };
    expect(await wholeReads(its, (table) => !large.has(table), told)).toEqual([]);
    const byName = (table: string) => !large.has(table) || namesTables.includes(table);
    expect(await wholeReads(its, byName, () => timed('/v1/search?q=1-1203'))).toEqual([]);
  });

  it('is searched by name and by short number', async () => {
    expect((await timed('/v1/fleet/terminals?search=GC-39999')).items).toHaveLength(1);
    expect((await timed('/v1/fleet/terminals?search=nobody')).items).toEqual([]);
    expect((await timed('/v1/fleet/terminals?issue=disk-low&limit=200')).items).toHaveLength(200);
  });
});
