import { newId, seconds } from '@gatecast/firmware-protocol';
import type { CommandState } from '@gatecast/firmware-protocol/messages';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  guardAt,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import type { CommandKind } from './command-contract.ts';
import { commandBudgets, commandsWaitingMax, filesKeptMax } from './command-rules.ts';

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9]);

describeStores('commands', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
    await online();
  });
  afterAll(() => world.close());

  const online = () =>
    world.store.tx(async (q) => {
      const seen = { online: true, doorOnline: true, session: 'session1', monoMs: 50_000, agentVersion: '0.2.0' };
      const t = q.t.terminalPresence;
      const presence = { ...seen, lastSeenAt: world.clock.now(), doors: [] };
      await q.update(t).set(presence).where(eq(t.terminalId, terminal.id));
    });
  const send = (body: unknown, token = here.manager) =>
    world.call('POST', `/v1/terminals/${terminal.id}/commands`, { token, body });
  const list = async (query = '', token = here.manager) =>
    (await world.call('GET', `/v1/terminals/${terminal.id}/commands${query}`, { token })).body;
  const find = async (id: string, token = here.manager) =>
    (await world.call('GET', `/v1/commands/${id}`, { token })).body;
  const rowOf = async (id: string) => {
    const t = world.store.read.t.commands;
    const [row] = await world.store.read.select().from(t).where(eq(t.id, id));
    return row;
  };
  /** A command as the cloud made it, in this state, never handed to a broker. */
  const made = async (state: CommandState, kind: CommandKind = 'open', ageMs = 0): Promise<string> => {
    const id = newId('command');
    const queuedAt = (world.clock.now() - ageMs) as ReturnType<typeof world.clock.now>;
    const expiresAt = (queuedAt + 10_000) as typeof queuedAt;
    const row = {
      id,
      terminalId: terminal.id,
      kind,
      state,
      times: { QUEUED: queuedAt },
      actor: 'x',
      queuedAt,
      expiresAt,
    };
    await world.store.tx(async (q) => void (await q.insert(q.t.commands).values(row)));
    return id;
  };
  const told = async (rows: readonly { command: string; state: CommandState; reason?: string }[]) => {
    const write = testJournal(world, terminal, 'door');
    for (const { reason = null, ...row } of rows) {
      const answer = await world.call('POST', `/v1/terminals/${terminal.id}/journal`, {
        token: terminal.token,
        body: write({ kind: 'command', body: { ...row, reason } }),
      });
      expect(answer.status).toBe(200);
    }
  };
  const bring = (command: string, bytes: Buffer, token = terminal.token, id = terminal.id) =>
    world.app.fetch(
      new Request(`http://gatecast.test/v1/terminals/${id}/command-files?command=${command}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-length': String(bytes.length) },
        body: new Uint8Array(bytes),
      }),
    );

  describe('are given', () => {
    it('without a broker to nobody: they end at once and are never sent later', async () => {
      const { body } = await send({ kind: 'open' });
      await vi.waitFor(async () =>
        expect(await find(body.id)).toMatchObject({ state: 'EXPIRED', reason: 'broker-unreachable' }),
      );
    });

    it('with what was chosen, or what is usual', async () => {
      expect((await send({ kind: 'reboot' })).body).toMatchObject({ kind: 'reboot', options: { what: 'agent' } });
      expect((await send({ kind: 'pull-logs', maxKb: 8 })).body.options).toEqual({ maxKb: 8 });
      expect((await send({ kind: 'test-speaker', volumePercent: 30 })).body.options).toEqual({ volumePercent: 30 });
      expect((await send({ kind: 're-sync' })).body.options).toBeNull();
      expect((await send({ kind: 'test-speaker', volumePercent: 200 })).body.code).toBe('invalid-request');
      expect((await send({ kind: 'self-destruct' })).body.code).toBe('invalid-request');
    });

    it('by whoever may: a guard opens only, and the machine is the operator’s', async () => {
      const guard = await guardAt(world, here);
      expect((await send({ kind: 'open' }, guard)).status).toBe(201);
      for (const kind of ['reboot', 'capture-screenshot', 'pull-logs', 'test-speaker', 're-sync', 'identify'])
        expect((await send({ kind }, guard)).body.code, kind).toBe('forbidden');
      const machine = { kind: 'reboot', what: 'machine' };
      expect((await send(machine)).body.code).toBe('forbidden');
      expect((await send(machine, world.operator)).status).toBe(201);
      const elsewhere = await neighbourhood(world);
      expect((await send({ kind: 'capture-screenshot' }, elsewhere.manager)).status).toBe(404);
    });

    it('no more often than the kind allows, and again when time has passed', async () => {
      const { max, perMs } = commandBudgets.reboot;
      for (let n = 0; n < max; n += 1) expect((await send({ kind: 'reboot' })).status).toBe(201);
      expect(await send({ kind: 'reboot' })).toMatchObject({ status: 429, body: { code: 'too-many-commands', max } });
      expect((await send({ kind: 'identify' })).status).toBe(201);
      world.clock.advance(perMs);
      expect((await send({ kind: 'reboot' })).status).toBe(201);
    });

    it('no more often than that by many who ask in the same moment', async () => {
      const { max } = commandBudgets.reboot;
      const answers = await Promise.all(Array.from({ length: 4 * max }, () => send({ kind: 'reboot' })));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(max);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(3 * max);
    });

    it('no further while too many wait for the terminal', async () => {
      for (let n = 0; n < commandsWaitingMax; n += 1) await made(n % 2 === 0 ? 'SENT' : 'RECEIVED');
      expect((await send({ kind: 'open' })).body.code).toBe('too-many-commands');
      world.clock.advance(seconds(11));
      expect((await send({ kind: 'open' })).status).toBe(201);
    });
  });

  describe('end', () => {
    it('EXPIRED when the cloud that made them died before it sent them, by whichever process comes next', async () => {
      const id = await made('QUEUED');
      const next = await testApp({ store: its.store, clock: world.clock });
      world.clock.advance(seconds(20));
      await vi.waitFor(async () => expect(await find(id)).toMatchObject({ state: 'EXPIRED', reason: 'no-answer' }));
      await next.app.stop();
      expect((await find(id)).times.SENT).toBeUndefined();
    });

    it('UNKNOWN when they were received and never heard of again, until the terminal says more', async () => {
      const id = await made('RECEIVED');
      world.clock.advance(seconds(60));
      expect((await find(id)).state).toBe('RECEIVED');
      world.clock.advance(seconds(300));
      await vi.waitFor(async () => expect(await find(id)).toMatchObject({ state: 'UNKNOWN', reason: 'no-answer' }));
      await told([{ command: id, state: 'EXECUTED' }]);
      expect((await find(id)).state).toBe('EXECUTED');
    });

    it('as the terminal says, in whatever order and however often it is told', async () => {
      const id = await made('SENT', 'open', 1_000);
      await told([
        { command: id, state: 'EXECUTED' },
        { command: id, state: 'RECEIVED' },
        { command: id, state: 'EXECUTED' },
      ]);
      const { state, times } = await find(id);
      expect(state).toBe('EXECUTED');
      expect(Object.keys(times).toSorted()).toEqual(['EXECUTED', 'QUEUED', 'RECEIVED']);
      expect(times.RECEIVED).toBeLessThanOrEqual(times.EXECUTED);
    });

    it('by the word of their own terminal only', async () => {
      const other = await claimedTerminal(world, await neighbourhood(world));
      const id = await made('SENT');
      const write = testJournal(world, other, 'door');
      await world.call('POST', `/v1/terminals/${other.id}/journal`, {
        token: other.token,
        body: write({ kind: 'command', body: { command: id, state: 'EXECUTED', reason: null } }),
      });
      expect((await find(id)).state).toBe('SENT');
    });

    it('with an event for each step, for live pages', async () => {
      const id = await made('SENT', 'reboot');
      await told([
        { command: id, state: 'RECEIVED' },
        { command: id, state: 'REFUSED', reason: 'not-supervised' },
      ]);
      const { events } = world.store.read.t;
      const own = await world.store.read.select().from(events).where(eq(events.subject, id)).orderBy(asc(events.id));
      expect(own.map(({ type, facts }) => [type, facts])).toEqual([
        ['command', { terminalId: terminal.id, kind: 'reboot', state: 'RECEIVED', reason: null }],
        ['command', { terminalId: terminal.id, kind: 'reboot', state: 'REFUSED', reason: 'not-supervised' }],
      ]);
    });

    it('and are forgotten after more than a year', async () => {
      const old = await made('EXECUTED', 'open', 401 * 86_400_000);
      await vi.waitFor(async () => {
        world.clock.advance(seconds(3_600));
        expect(await rowOf(old)).toBeUndefined();
      });
    });
  });

  describe('are listed', () => {
    it('newest first, page by page, with who gave them', async () => {
      const guard = await guardAt(world, here);
      const ids: string[] = [];
      for (const [body, token] of [
        [{ kind: 'identify' }, here.manager],
        [{ kind: 'open' }, guard],
        [{ kind: 'reboot', what: 'machine' }, world.operator],
      ] as const) {
        world.clock.advance(seconds(1));
        ids.unshift((await send(body, token)).body.id);
      }
      const first = await list('?limit=2');
      expect(first.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
      expect(first.items[0]).toMatchObject({
        kind: 'reboot',
        options: { what: 'machine' },
        by: { role: 'operator', name: 'Operator' },
        queuedAt: world.clock.now(),
        times: { QUEUED: world.clock.now() },
      });
      expect(first.items[1].by).toEqual({ role: 'guard', name: 'Guard' });
      const second = await list(`?limit=2&cursor=${first.nextCursor}`);
      expect(second).toMatchObject({ items: [{ id: ids[2], by: { role: 'property' } }], nextCursor: null });
      expect((await list('?kind=open')).items.map(({ id }: { id: string }) => id)).toEqual([ids[1]]);
    });

    it('without the names of residents', async () => {
      const id = newId('command');
      const now = world.clock.now();
      const row = {
        id,
        terminalId: terminal.id,
        kind: 'open' as const,
        state: 'EXECUTED' as const,
        times: {},
        actor: 'acct_x',
      };
      await world.store.tx(async (q) => {
        const asked = { actorRole: 'resident' as const, residentId: 'resi_x', queuedAt: now, expiresAt: now };
        await q.insert(q.t.commands).values({ ...row, ...asked });
      });
      expect((await list()).items[0].by).toEqual({ role: 'resident', name: null });
    });

    it('to those who manage the terminal, and to a guard one by one where they opened', async () => {
      const guard = await guardAt(world, here);
      const elsewhere = await neighbourhood(world);
      const path = `/v1/terminals/${terminal.id}/commands`;
      expect((await world.call('GET', path, { token: guard })).body.code).toBe('forbidden');
      expect((await world.call('GET', path, { token: elsewhere.manager })).status).toBe(404);
      const [logs, opening] = [await made('SENT', 'pull-logs'), await made('SENT', 'open')];
      expect((await world.call('GET', `/v1/commands/${logs}`, { token: guard })).status).toBe(404);
      expect((await world.call('GET', `/v1/commands/${opening}`, { token: guard })).status).toBe(200);
    });
  });

  describe('bring a file', () => {
    const download = (id: string, token = here.manager) =>
      world.app.fetch(
        new Request(`http://gatecast.test/v1/commands/${id}/file`, { headers: { authorization: `Bearer ${token}` } }),
      );

    it('a picture, as a picture that can do nothing, until tomorrow; who looked is audited', async () => {
      const id = await made('RECEIVED', 'capture-screenshot');
      expect((await bring(id, jpeg)).status).toBe(204);
      expect((await bring(id, jpeg)).status).toBe(204);
      expect((await find(id)).file).toEqual({
        mediaType: 'image/jpeg',
        size: jpeg.length,
        keptUntil: world.clock.now() + 86_400_000,
      });
      const answer = await download(id);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(jpeg);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/jpeg',
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
      });
      const { audit } = world.store.read.t;
      const looked = await world.store.read
        .select()
        .from(audit)
        .where(eq(audit.action, 'command-file.capture-screenshot'));
      expect(looked.map(({ subject, facts }) => ({ subject, facts }))).toContainEqual({
        subject: terminal.id,
        facts: { command: id },
      });
      world.clock.advance(seconds(86_400));
      expect((await download(id)).status).toBe(404);
      expect((await find(id)).file).toBeNull();
      await vi.waitFor(async () => {
        world.clock.advance(seconds(600));
        const { commandFiles } = world.store.read.t;
        expect(await world.store.read.select().from(commandFiles).where(eq(commandFiles.commandId, id))).toEqual([]);
      });
    });

    it('a log, to download, for a week', async () => {
      const id = await made('RECEIVED', 'pull-logs');
      const text = Buffer.from('{"level":30,"msg":"门开了"}\n');
      expect((await bring(id, text)).status).toBe(204);
      expect((await find(id)).file).toMatchObject({ keptUntil: world.clock.now() + 7 * 86_400_000 });
      const answer = await download(id);
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="pull-logs-[\d-]+\.ndjson"$/);
      expect(await answer.text()).toBe(text.toString());
    });

    it('of their own kind only, and not too long', async () => {
      const picture = await made('RECEIVED', 'capture-screenshot');
      for (const bytes of [Buffer.from('<svg onload="alert(1)"/>'), Buffer.alloc(0), jpeg.subarray(0, -1)])
        expect((await bring(picture, bytes)).status).toBe(400);
      const logs = await made('RECEIVED', 'pull-logs');
      expect((await bring(logs, Buffer.from([0xff, 0xfe, 0x00]))).status).toBe(400);
      expect((await bring(logs, Buffer.alloc(600 * 1024, 0x61))).status).toBe(413);
      expect((await bring(await made('RECEIVED', 'open'), jpeg)).status).toBe(404);
    });

    it('from their own terminal only, once, and while somebody waits', async () => {
      const id = await made('RECEIVED', 'capture-screenshot');
      const other = await claimedTerminal(world, await neighbourhood(world));
      expect((await bring(id, jpeg, other.token, other.id)).status).toBe(404);
      expect((await bring(id, jpeg, other.token)).status).toBe(403);
      expect((await bring(id, jpeg)).status).toBe(204);
      expect((await bring(id, Buffer.concat([jpeg.subarray(0, 4), jpeg]))).status).toBe(409);
      const late = await made('RECEIVED', 'capture-screenshot');
      world.clock.advance(seconds(131));
      expect((await bring(late, jpeg)).status).toBe(409);
      expect((await bring(await made('EXECUTED', 'capture-screenshot'), jpeg)).status).toBe(409);
    });

    it('and only the newest of a terminal are kept', async () => {
      const ids: string[] = [];
      for (let n = 0; n < filesKeptMax + 2; n += 1) {
        world.clock.advance(seconds(1));
        ids.push(await made('RECEIVED', 'capture-screenshot'));
        await bring(ids[n] ?? '', jpeg);
      }
      const kept = (await list('?limit=20')).items.filter(({ file }: { file: unknown }) => file !== null);
      expect(kept.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2).toReversed());
    });

    it('for managers of the terminal, not for guards and others', async () => {
      const id = await made('RECEIVED', 'capture-screenshot');
      await bring(id, jpeg);
      expect((await download(id, await guardAt(world, here))).status).toBe(403);
      expect((await download(id, (await neighbourhood(world)).manager)).status).toBe(404);
      expect((await download(id, world.operator)).status).toBe(200);
    });
  });
});
