import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, hours, minutes, newId, seconds } from '@gatecast/firmware-protocol';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';

/** What one roll-out may reach. */
const terminalsMade = 10_000;

/** A busy machine takes its time. */
const busyMsMax = 200_000;

describeStores('a roll-out to 10,000 terminals', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let rolloutId: string;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
    const now = world.clock.now();
    const sealingKey = newKeyPair('x25519').publicKey;
    const placed = Array.from({ length: terminalsMade }, (_, no) => ({
      id: newId('terminal'),
      no: no + 100,
      communityId: here.communityId,
      entranceId: newId('entrance'),
    }));
    await its.store.tx(async (q) => {
      const { t } = q;
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
      const rest = { ...settings, sealingKey, status: 'active' as const, epoch: 1, createdAt: now };
      await q.insertMany(
        t.terminals,
        placed.map((one) => ({ ...one, ...rest, name: `GC-${one.no}` })),
      );
      const presence = {
        online: true,
        doorOnline: true,
        session: 's',
        monoMs: 0,
        agentVersion: '1',
        lastSeenAt: after(now, hours(24)),
      };
      await q.insertMany(
        t.terminalPresence,
        placed.map(({ id: terminalId }) => ({ terminalId, ...presence })),
      );
    });
  });
  afterAll(() => world.close());

  const call = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: here.manager, ...(body === undefined ? {} : { body }) });

  /**
   * What others do meanwhile: they write one row after the other. The figures are printed for whoever wants them; a machine that is busy with other
   * things says nothing by them.
   */
  const beside = async <T>(what: string, work: () => Promise<T>): Promise<{ result: T; written: number }> => {
    const state = { isOver: false };
    let [waitedMax, written] = [0, 0];
    const others = (async () => {
      while (!state.isOver) {
        const asked = performance.now();
        await its.store.tx(async (q) => void (await q.select({ n: count() }).from(q.t.rollouts)));
        waitedMax = Math.max(waitedMax, performance.now() - asked);
        written += 1;
        await sleep(2);
      }
    })();
    const began = performance.now();
    const cpu = process.cpuUsage();
    const result = await work();
    const ms = performance.now() - began;
    const cpuMs = process.cpuUsage(cpu).user / 1_000;
    state.isOver = true;
    await others;
    process.stdout.write(
      `  ${its.dialect} ${what}: ${ms.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of a core with ${written} transactions of others, which waited ${waitedMax.toFixed(0)} ms at most\n`,
    );
    return { result, written };
  };
  const look = async () => (await call('GET', `/v1/rollouts/${rolloutId}`)).body;
  const turnsUntil = (isSo: () => Promise<void>) =>
    vi.waitFor(
      async () => {
        world.clock.advance(seconds(2));
        await isSo();
      },
      { timeout: 100_000, interval: 100 },
    );

  it('is previewed, and begins, while others go on writing', { timeout: busyMsMax }, async () => {
    const settings = { volumePercent: 20 };
    const template = await call('POST', '/v1/settings-templates', { name: 'Quiet', settings });
    const what = { kind: 'template', id: template.body.id };
    const plan = { what, group: { communityIds: [here.communityId] }, stages: [{ percent: 1 }] };
    const preview = await beside('preview', () => call('POST', '/v1/rollouts/preview', plan));
    expect(preview.result.body).toMatchObject({ total: terminalsMade, stages: [100, 9_900] });
    const criteria = { withinMinutes: 600, healthyMinutes: 2, waitMinutes: 0, errorPercentMax: 5 };
    const body = { ...plan, name: 'Quiet', criteria, token: preview.result.body.token };
    const made = await beside('beginning', () => call('POST', '/v1/rollouts', body));
    expect(made.result.status).toBe(201);
    rolloutId = made.result.body.id;
    for (const { written } of [preview, made]) expect(written).toBeGreaterThan(40);
  });

  it('tells its first stage, and knows how all of them do', { timeout: busyMsMax }, async () => {
    const told = await beside('telling 100', () =>
      turnsUntil(async () => expect((await look()).stages[0].counts).toEqual({ sent: 100 })),
    );
    expect(told.written).toBeGreaterThan(8);
    await its.store.tx(async (q) => {
      const { rolloutTerminals: t, terminalDocuments: d } = q.t;
      const now = world.clock.now();
      const waiting = await q.select({ terminalId: t.terminalId }).from(t).where(eq(t.state, 'waiting'));
      await q.insertMany(
        d,
        waiting.map((one) => ({ ...one, kind: 'config' as const, desired: 1 })),
      );
      await q.update(d).set({ applied: 1, appliedAt: now }).where(eq(d.kind, 'config'));
      await q.update(t).set({ state: 'sent', version: 1, dueFrom: now });
    });
    world.clock.advance(minutes(2));
    await beside('judging 10,000', () => turnsUntil(async () => expect((await look()).state).toBe('done')));
    expect((await look()).stages).toMatchObject([{ counts: { healthy: 100 } }, { counts: { healthy: 9_900 } }]);
  });
});
