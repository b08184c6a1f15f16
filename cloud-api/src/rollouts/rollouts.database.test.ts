import { after, minutes, newId, seconds, type DurationMs, localTime } from '@gatecast/firmware-protocol';
import type { DownloadTerms, SignedRelease } from '@gatecast/firmware-protocol/messages';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';
import type { Rollout, RolloutTerminal } from './contract.ts';

const quiet = { fromMinute: 1_260, toMinute: 420 };

describeStores('roll-outs', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let gates: TestTerminal[];
  let template: string;
  const there = new Set<TestTerminal>();
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    gates = [];
    there.clear();
    for (let n = 0; n < 4; n += 1) gates.push(await anotherGate());
    template = await aTemplate({ quiet });
  });
  afterAll(() => world.close());

  const call = (method: string, path: string, body?: unknown, token = here.manager) =>
    world.call(method, path, { token, ...(body === undefined ? {} : { body }) });
  const aTemplate = async (settings: object, token = here.manager): Promise<string> =>
    (await call('POST', '/v1/settings-templates', { name: 'Nights', settings }, token)).body.id;
  const anotherGate = async (): Promise<TestTerminal> => {
    const path = `/v1/communities/${here.communityId}/entrances`;
    const made = await world.call('POST', path, { token: world.operator, body: { name: 'Gate', placement: 'gate' } });
    return claimedTerminal(world, { ...here, entranceId: made.body.id });
  };
  const planOf = (change: object = {}) => ({
    what: { kind: 'template', id: template },
    group: { communityIds: [here.communityId] },
    canaryIds: [gates[0]?.id],
    stages: [{ count: 1 }],
    ...change,
  });
  const preview = async (change: object = {}, token = here.manager) =>
    call('POST', '/v1/rollouts/preview', planOf(change), token);
  const criteria = { withinMinutes: 30, healthyMinutes: 5, waitMinutes: 10, errorPercentMax: 30 };
  const begin = async (change: object = {}, more: object = {}) => {
    const { token } = (await preview(change)).body;
    return call('POST', '/v1/rollouts', { ...planOf(change), name: 'Quiet nights', criteria, token, ...more });
  };
  const look = async (id: string): Promise<Rollout> => (await call('GET', `/v1/rollouts/${id}`)).body;
  const members = async (id: string): Promise<RolloutTerminal[]> =>
    (await call('GET', `/v1/rollouts/${id}/terminals`)).body.items;
  const settingsOf = async ({ id }: TestTerminal) => (await call('GET', `/v1/terminals/${id}`)).body.settings;
  const quietOf = async (terminal: TestTerminal) => (await settingsOf(terminal)).quiet;

  /** The job comes every two seconds of the town's time. */
  const turnsUntil = (isSo: () => Promise<void>) =>
    vi.waitFor(async () => {
      world.clock.advance(seconds(2));
      for (const terminal of there) await isThere(terminal);
      await isSo();
    });
  /** Who is there says so in time. */
  const pass = async (span: DurationMs) => {
    world.clock.advance(span);
    for (const terminal of there) await isThere(terminal);
  };
  const isThere = (terminal: TestTerminal) =>
    world.store.tx(async (q) => {
      there.add(terminal);
      const seen = {
        online: true,
        doorOnline: true,
        session: 's',
        monoMs: 1,
        agentVersion: '1.0.0',
        lastSeenAt: world.clock.now(),
      };
      const t = q.t.terminalPresence;
      await q
        .insert(t)
        .values({ terminalId: terminal.id, ...seen })
        .onConflictDoUpdate({ target: t.terminalId, set: seen });
    });
  const report = async ({ id, token }: TestTerminal, state: 'applied' | 'reverted', reason?: string) => {
    const { config } = (await world.call('GET', `/v1/terminals/${id}/desired?protocol=4`, { token })).body;
    const body = { kind: 'config', version: config, state, ...(reason && { reason, inForce: config - 1 }) };
    const answer = await world.call('PUT', `/v1/terminals/${id}/reported`, { token, body });
    expect(answer.status).toBe(204);
  };
  const told = async (id: string) =>
    (await members(id)).filter(({ state }) => state !== 'waiting').map(({ terminalId }) => terminalId);
  /** The terminals of a stage take what they were told. */
  const takeStage = async (id: string, stage: number) => {
    const ids = (await members(id)).filter((each) => each.stage === stage).map(({ terminalId }) => terminalId);
    const taking = gates.filter((gate) => ids.includes(gate.id));
    await turnsUntil(async () => expect(await told(id)).toEqual(expect.arrayContaining(ids)));
    for (const gate of taking) await report(gate, 'applied');
    await pass(minutes(criteria.healthyMinutes));
    return taking;
  };

  it('show first whom they reach in which stage and what they change there', async () => {
    const { body } = await preview();
    expect(body).toMatchObject({ total: 4, stages: [1, 1, 2], skipped: {}, heldBy: [] });
    expect(body.items).toHaveLength(4);
    expect(body.items[0]).toMatchObject({
      terminalId: gates[0]?.id,
      stage: 0,
      changes: [{ field: 'quiet', to: quiet }],
    });
  });

  it('go from stage to stage when each has proven it, and are done', async () => {
    for (const gate of gates) await isThere(gate);
    const { id } = (await begin()).body;
    await takeStage(id, 0);
    expect(await quietOf(gates[0] as TestTerminal)).toEqual(quiet);
    await turnsUntil(async () => expect(await look(id)).toMatchObject({ stage: 0, nextAt: expect.any(Number) }));
    expect(await told(id)).toEqual([gates[0]?.id]);
    await pass(minutes(criteria.waitMinutes));
    await takeStage(id, 1);
    await turnsUntil(async () => expect((await look(id)).stages[1]?.counts).toEqual({ healthy: 1 }));
    await turnsUntil(async () => expect(await look(id)).toMatchObject({ stage: 1, nextAt: expect.any(Number) }));
    await pass(minutes(criteria.waitMinutes));
    await takeStage(id, 2);
    await turnsUntil(async () =>
      expect(await look(id)).toMatchObject({ state: 'done', stages: [{}, {}, { counts: { healthy: 2 } }] }),
    );
    for (const gate of gates) expect(await quietOf(gate)).toEqual(quiet);
    expect((await begin()).status).toBe(201);
  });

  it('halt by themselves when a terminal goes back, and go on when somebody lets them', async () => {
    for (const gate of gates) await isThere(gate);
    const { id } = (await begin()).body;
    await turnsUntil(async () => expect(await told(id)).toEqual([gates[0]?.id]));
    await report(gates[0] as TestTerminal, 'reverted', 'door-went-silent');
    await turnsUntil(async () =>
      expect(await look(id)).toMatchObject({ state: 'halted', halt: { stage: 0, failed: 1, allowed: 0 } }),
    );
    expect(await members(id)).toContainEqual(
      expect.objectContaining({ terminalId: gates[0]?.id, state: 'failed', reason: 'door-went-silent' }),
    );
    await pass(minutes(600));
    await turnsUntil(async () => expect(await told(id)).toHaveLength(1));
    expect((await call('POST', `/v1/rollouts/${id}/resume`)).body).toMatchObject({ state: 'running', halt: null });
    await turnsUntil(async () => expect((await look(id)).nextAt).not.toBeNull());
    await pass(minutes(criteria.waitMinutes));
    await turnsUntil(async () => expect((await told(id)).length).toBeGreaterThan(1));
  });

  it('halt when trouble comes that was not there before, and not for trouble that was', async () => {
    for (const gate of gates) await isThere(gate);
    const alarm = (terminal: TestTerminal, kind: 'door-offline' | 'power') =>
      world.store.tx(async (q) => {
        const row = { terminalId: terminal.id, entranceId: here.entranceId, kind, epoch: 1, seq: 1 };
        await q.insert(q.t.doorAlarms).values({ ...row, active: true, since: world.clock.now() });
      });
    await alarm(gates[0] as TestTerminal, 'power');
    const { id } = (await begin()).body;
    await turnsUntil(async () => expect(await told(id)).toHaveLength(1));
    await turnsUntil(async () => expect(await look(id)).toMatchObject({ state: 'running' }));
    await alarm(gates[0] as TestTerminal, 'door-offline');
    await turnsUntil(async () => expect(await look(id)).toMatchObject({ state: 'halted' }));
    expect((await members(id)).find(({ state }) => state === 'failed')?.reason).toBe('door-offline');
  });

  it('count who is away apart, and judge them when they are back', async () => {
    const [canary, ...others] = gates as [TestTerminal, ...TestTerminal[]];
    await isThere(canary);
    const { id } = (await begin({ stages: [] })).body;
    await takeStage(id, 0);
    await turnsUntil(async () => expect((await look(id)).nextAt).not.toBeNull());
    await pass(minutes(criteria.waitMinutes));
    await turnsUntil(async () => expect((await look(id)).stages[1]?.counts).toEqual({ away: 3 }));
    await pass(minutes(criteria.withinMinutes + 5));
    await turnsUntil(async () => expect(await look(id)).toMatchObject({ state: 'running' }));
    for (const gate of others) {
      await isThere(gate);
      await report(gate, 'applied');
    }
    await turnsUntil(async () => expect((await look(id)).stages[1]?.counts).toEqual({ sent: 3 }));
    await pass(minutes(criteria.healthyMinutes));
    await turnsUntil(async () =>
      expect(await look(id)).toMatchObject({
        state: 'done',
        stages: [{ counts: { healthy: 1 } }, { counts: { healthy: 3 } }],
      }),
    );
  });

  it('are paused, resumed, cancelled and taken back, and only what they changed is put back', async () => {
    for (const gate of gates) await isThere(gate);
    const [canary] = gates as [TestTerminal];
    const before = await quietOf(canary);
    template = await aTemplate({ quiet, volumePercent: 11 });
    const { id } = (await begin()).body;
    const move = (verb: string) => call('POST', `/v1/rollouts/${id}/${verb}`);
    await takeStage(id, 0);
    expect((await move('pause')).body.state).toBe('paused');
    await turnsUntil(async () => expect((await look(id)).stages[0]?.counts).toEqual({ healthy: 1 }));
    await pass(minutes(60));
    await turnsUntil(async () => expect(await told(id)).toHaveLength(1));
    expect((await move('pause')).body.code).toBe('rollout-state');
    expect((await move('resume')).body.state).toBe('running');
    await call('PATCH', `/v1/terminals/${canary.id}/config`, { volumePercent: 77 });
    expect((await move('roll-back')).body.state).toBe('returning');
    await turnsUntil(async () => expect(await look(id)).toMatchObject({ state: 'returned' }));
    expect(await settingsOf(canary)).toMatchObject({ quiet: before, volumePercent: 77 });
    expect((await move('resume')).body.code).toBe('rollout-state');
  });

  it('cancelled leave what was done, and their terminals are free', async () => {
    await isThere(gates[0] as TestTerminal);
    const { id } = (await begin()).body;
    await turnsUntil(async () => expect(await told(id)).toHaveLength(1));
    expect((await begin()).body).toMatchObject({ code: 'rollout-overlaps' });
    expect((await preview()).body.heldBy).toEqual([{ rolloutId: id, name: 'Quiet nights', terminals: 4 }]);
    await call('POST', `/v1/rollouts/${id}/cancel`);
    expect(await quietOf(gates[0] as TestTerminal)).toEqual(quiet);
    expect((await begin()).status).toBe(201);
  });

  it('go on where they were when another process takes over', async () => {
    await isThere(gates[0] as TestTerminal);
    const { id } = (await begin()).body;
    await turnsUntil(async () => expect(await told(id)).toHaveLength(1));
    const second = await testApp({ store: its.store });
    try {
      await report(gates[0] as TestTerminal, 'applied');
      second.clock.set(after(world.clock.now(), minutes(criteria.healthyMinutes)));
      await pass(minutes(criteria.healthyMinutes));
      await vi.waitFor(async () => {
        second.clock.advance(seconds(2));
        expect((await look(id)).stages[0]?.counts).toEqual({ healthy: 1 });
      });
      const documents = await its.store.read
        .select()
        .from(its.store.read.t.documentVersions)
        .where(
          and(
            eq(its.store.read.t.documentVersions.terminalId, gates[0]?.id ?? ''),
            eq(its.store.read.t.documentVersions.kind, 'config'),
          ),
        );
      expect(documents).toHaveLength(2);
    } finally {
      await second.close();
    }
  });

  it('made twice with one key are one', async () => {
    const { token } = (await preview()).body;
    const options = {
      token: here.manager,
      idempotencyKey: newId('rollout'),
      body: { ...planOf(), name: 'Once', criteria, token },
    };
    const first = await world.call('POST', '/v1/rollouts', options);
    expect((await world.call('POST', '/v1/rollouts', options)).body.id).toBe(first.body.id);
    expect((await call('GET', '/v1/rollouts')).body.items).toHaveLength(1);
  });

  describe('of a release', () => {
    const aRelease = async (version: string, restartWindow: DownloadTerms['restartWindow'] = null): Promise<string> => {
      const id = newId('release');
      // Whether it is genuine is for the terminal to say.
      const signed = { manifest: { version, model: 'wall-2', minFrom: null, protocolFloor: 1 } } as SignedRelease;
      const download = { window: null, bytesPerSecondMax: null, restartWindow };
      const archive = { archiveSha256: newId('release'), archiveBytes: 1, download };
      const row = { id, version, model: 'wall-2', signed, ...archive, notes: '', createdAt: world.clock.now() };
      await world.store.tx(async (q) => void (await q.insert(q.t.releases).values(row)));
      return id;
    };
    const softwareOf = async ({ id, token }: TestTerminal): Promise<number | undefined> =>
      (await world.call('GET', `/v1/terminals/${id}/desired?protocol=4`, { token })).body.software;
    const runs = async (terminal: TestTerminal, version: number) => {
      const body = { kind: 'software', version, state: 'applied' };
      const { id, token } = terminal;
      await world.call('PUT', `/v1/terminals/${id}/reported`, { token, body });
    };
    const start = async (release: string) => {
      const plan = planOf({ what: { kind: 'release', id: release } });
      const { token } = (await call('POST', '/v1/rollouts/preview', plan, world.operator)).body;
      const body = { ...plan, name: 'New program', criteria, token };
      return (await call('POST', '/v1/rollouts', body, world.operator)).body as Rollout;
    };
    const lookAt = async (id: string): Promise<Rollout> =>
      (await call('GET', `/v1/rollouts/${id}`, undefined, world.operator)).body;
    beforeEach(() =>
      world.store.tx(async (q) => {
        for (const { id } of gates.slice(0, 3))
          await q.update(q.t.terminals).set({ model: 'wall-2' }).where(eq(q.t.terminals.id, id));
        const other = gates[3]?.id ?? '';
        await q.update(q.t.terminals).set({ model: 'wall-1' }).where(eq(q.t.terminals.id, other));
      }),
    );

    it('reaches terminals of its model, canaries first', async () => {
      for (const gate of gates) await isThere(gate);
      const { id, total, skipped } = await start(await aRelease(`1.${Date.now()}.0`));
      expect([total, skipped]).toEqual([3, 1]);
      const [canary, second] = gates as [TestTerminal, TestTerminal];
      await turnsUntil(async () => expect(await softwareOf(canary)).toBe(1));
      expect(await softwareOf(second)).toBeUndefined();
      await runs(canary, 1);
      await pass(minutes(criteria.healthyMinutes));
      await turnsUntil(async () => expect((await lookAt(id)).stages[0]?.counts).toEqual({ healthy: 1 }));
    });

    it('is not late before the window in which terminals may restart for it', async () => {
      for (const gate of gates) await isThere(gate);
      const { minute } = localTime(world.clock.now(), 'Asia/Shanghai');
      const at = (later: number) => (minute + later) % 1_440;
      const window = { fromMinute: at(120), toMinute: at(300) };
      const { id } = await start(await aRelease(`4.${Date.now()}.0`, window));
      await turnsUntil(async () => expect((await lookAt(id)).stages[0]?.counts).toEqual({ sent: 1 }));
      await pass(minutes(110));
      await turnsUntil(async () => expect((await lookAt(id)).stages[0]?.counts).toEqual({ sent: 1 }));
      await pass(minutes(10 + criteria.withinMinutes));
      await turnsUntil(async () => expect((await lookAt(id)).stages[0]?.counts).toEqual({ failed: 1 }));
    });

    it('is called back from who has not taken it yet, and stays where it runs', async () => {
      for (const gate of gates) await isThere(gate);
      const { id } = await start(await aRelease(`2.${Date.now()}.0`));
      const [canary] = gates as [TestTerminal];
      await turnsUntil(async () => expect(await softwareOf(canary)).toBe(1));
      await call('POST', `/v1/rollouts/${id}/roll-back`, undefined, world.operator);
      await turnsUntil(async () => expect(await lookAt(id)).toMatchObject({ state: 'returned' }));
      expect(await softwareOf(canary)).toBeUndefined();
      const later = await start(await aRelease(`3.${Date.now()}.0`));
      await turnsUntil(async () => expect(await softwareOf(canary)).toBe(2));
      await runs(canary, 2);
      await call('POST', `/v1/rollouts/${later.id}/roll-back`, undefined, world.operator);
      await turnsUntil(async () => expect(await lookAt(later.id)).toMatchObject({ state: 'returned' }));
      expect(await softwareOf(canary)).toBe(2);
      const path = `/v1/rollouts/${later.id}/terminals?state=returned`;
      expect((await call('GET', path, undefined, world.operator)).body.items).toMatchObject([
        { terminalId: canary.id, reason: 'already-updated' },
      ]);
    });
  });

  describe('reach', () => {
    it('terminals by their tags and models, and what was named by hand', async () => {
      const [first, second] = gates as [TestTerminal, TestTerminal];
      await call('PUT', `/v1/terminals/${first.id}/tags`, { tags: ['north', 'north', 'glass door'] });
      expect((await call('GET', `/v1/terminals/${first.id}/tags`)).body).toEqual({ tags: ['glass door', 'north'] });
      await world.store.tx(async (q) => {
        await q.update(q.t.terminals).set({ model: 'wall-2' }).where(eq(q.t.terminals.id, second.id));
      });
      const reached = async (group: object, canaryIds: string[] = []) =>
        (await preview({ group, canaryIds })).body.items.map(({ terminalId }: { terminalId: string }) => terminalId);
      expect(await reached({ tags: ['north', 'south'] })).toEqual([first.id]);
      expect(await reached({ models: ['wall-2'] })).toEqual([second.id]);
      expect(await reached({ tags: ['north'], models: ['wall-2'] })).toEqual([]);
      expect(await reached({ tags: ['north'] }, [second.id])).toEqual([second.id, first.id]);
      expect((await call('GET', '/v1/terminal-groups')).body).toEqual({
        tags: [
          { tag: 'glass door', terminals: 1 },
          { tag: 'north', terminals: 1 },
        ],
        models: expect.arrayContaining([{ model: 'wall-2', terminals: 1 }]),
      });
    });

    it('nobody who cannot have it, and say why', async () => {
      await world.call('POST', `/v1/terminals/${gates[3]?.id}/revoke`, { token: world.operator });
      expect((await preview()).body).toMatchObject({ total: 3, skipped: { 'terminal-revoked': 1 } });
      const { id } = (await begin()).body;
      expect(await look(id)).toMatchObject({ total: 3, skipped: 1 });
    });
  });

  describe('are refused', () => {
    it('when anything has changed since the preview', async () => {
      const { token } = (await preview()).body;
      await call('PATCH', `/v1/terminals/${gates[1]?.id}/config`, { volumePercent: 3 });
      const body = { ...planOf(), name: 'Late', criteria, token };
      expect((await call('POST', '/v1/rollouts', body)).body.code).toBe('preview-stale');
    });

    it('when it would go on before a version can have shown on its terminal that it works', async () => {
      const { token } = (await preview()).body;
      const body = { ...planOf(), name: 'Hasty', criteria: { ...criteria, healthyMinutes: 1 }, token };
      expect(await call('POST', '/v1/rollouts', body)).toMatchObject({
        status: 400,
        body: { code: 'invalid-request' },
      });
    });

    it('for the terminals and templates of others, and for releases by a property', async () => {
      const elsewhere = await neighbourhood(world);
      expect((await preview({}, elsewhere.manager)).status).toBe(404);
      const theirs = await aTemplate({ quiet }, elsewhere.manager);
      const asTheirs = { what: { kind: 'template', id: theirs } };
      expect((await preview(asTheirs, elsewhere.manager)).status).toBe(404);
      expect((await preview({ ...asTheirs, canaryIds: [] }, elsewhere.manager)).body.total).toBe(0);
      expect((await preview({ what: { kind: 'release', id: newId('release') } })).status).toBe(404);
      const { id } = (await begin()).body;
      expect((await call('GET', `/v1/rollouts/${id}`, undefined, elsewhere.manager)).status).toBe(404);
      expect((await call('GET', '/v1/rollouts', undefined, elsewhere.manager)).body.items).toEqual([]);
    });
  });
});
