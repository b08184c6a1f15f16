import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { instant, newId } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';

const companies = 20;
const communitiesMade = 4_000;
const terminalsMade = 40_000;
describeStores('a fleet of 40,000 terminals', (its) => {
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
  });
  afterAll(() => world.close());

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
    expect(summary.counts).toMatchObject({ online: terminalsMade - 1, offline: 1, withIssues: 400 });
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

  it('is searched by name and by short number', async () => {
    expect((await timed('/v1/fleet/terminals?search=GC-39999')).items).toHaveLength(1);
    expect((await timed('/v1/fleet/terminals?search=nobody')).items).toEqual([]);
    expect((await timed('/v1/fleet/terminals?issue=disk-low&limit=200')).items).toHaveLength(200);
  });
});
