import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { days, minutes, newId, seconds, type DurationMs } from '@gatecast/firmware-protocol';
import { eq, inArray, like, or } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeStores } from '../../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../../test-app.ts';
import { neighbourhood, type Neighbourhood } from '../../test-neighbourhood.ts';
import type { AlarmKind } from './alarm-kinds.ts';
import { textsPerHourMax } from './watch-rules.ts';

interface Shown {
  readonly id: string;
  readonly kind: AlarmKind;
  readonly terminals: number;
  readonly terminalId: string | null;
  readonly communityId: string | null;
}

describeStores('the fleet’s alarms', (its) => {
  let world: TestApp;
  let at: Neighbourhood;
  let listener: Server;
  /** What went out, by path: the hook's, or the texts of the gateway. */
  let heard: { path: string; headers: NodeJS.Dict<string | string[]>; body: string }[];
  let answers: number;
  const taken = new Set<string>();
  let base: string;

  beforeAll(async () => {
    listener = createServer((request, answer) => {
      void text(request).then((body) => {
        // At least once: whoever listens takes the same message once.
        const key = String(request.headers['idempotency-key']);
        if (!taken.has(key)) heard.push({ path: request.url ?? '', headers: request.headers, body });
        if (answers === 200) taken.add(key);
        answer.writeHead(answers).end();
      });
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    base = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const env = { GATECAST_WEBHOOK_PRIVATE: '1', GATECAST_SMS_URL: `${base}/sms`, GATECAST_SMS_TOKEN: 'bearer' };
    world = await testApp({ store: its.store, env });
    at = await neighbourhood(world);
  });
  afterAll(async () => {
    await world.close();
    listener.close();
  });
  beforeEach(async () => {
    heard = [];
    answers = 200;
    await its.store.tx(async (q) => {
      // The watch looks when a test says so, and nobody falls silent by themselves; what an earlier test left to be sent stays unsent.
      await q
        .delete(q.t.jobs)
        .where(or(inArray(q.t.jobs.kind, ['fleet.watch', 'terminals.silence']), like(q.t.jobs.kind, 'outbox:%')));
      for (const table of [q.t.terminals, q.t.terminalPresence, q.t.terminalIssues, q.t.terminalHealth])
        await q.delete(table);
      for (const table of [q.t.fleetAlarms, q.t.alarmSilences, q.t.alarmChannels, q.t.journalDisputes, q.t.rollouts])
        await q.delete(table);
    });
  });

  const call = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: world.operator, body });
  const open = async (query = ''): Promise<Shown[]> => (await call('GET', `/v1/fleet/alarms?${query}`)).body.items;
  const kinds = async () => (await open()).map(({ kind }) => kind);
  /** The clock goes on, and the fleet is looked at as the job does it. */
  const look = async (later: DurationMs = seconds(15)) => {
    world.clock.advance(later);
    await world.app.watch.look();
  };
  let no = 0;
  /** Terminals in service, online and well; of one community unless it says another. */
  const place = async (count: number, communityId = at.communityId): Promise<string[]> => {
    const now = world.clock.now();
    const made = Array.from({ length: count }, () => ({
      id: newId('terminal'),
      entranceId: newId('entrance'),
      no: (no += 1),
    }));
    const settings = { openMs: 3_000, quietFromMinute: 0, quietToMinute: 0, volumePercent: 50 };
    const presence = { online: true, doorOnline: true, session: 's', monoMs: 0, agentVersion: '1', lastSeenAt: now };
    await its.store.tx(async (q) => {
      const rest = { communityId, ...settings, status: 'active' as const, epoch: 1, createdAt: now };
      await q.insertMany(
        q.t.entrances,
        made.map(({ entranceId: id }) => ({ id, communityId, name: '单元门', placement: 'unit-door' as const })),
      );
      await q.insertMany(
        q.t.terminals,
        made.map((one) => ({ ...one, ...rest, name: `GC-${one.no}` })),
      );
      await q.insertMany(
        q.t.terminalPresence,
        made.map(({ id }) => ({ terminalId: id, ...presence })),
      );
      await q.insertMany(
        q.t.terminalHealth,
        made.map(({ id }) => ({ terminalId: id, at: now, receivedAt: now, journalRows: 0 })),
      );
    });
    return made.map(({ id }) => id);
  };
  const away = (ids: readonly string[], online = false) =>
    its.store.tx(async (q) => {
      const t = q.t.terminalPresence;
      for (const id of ids)
        await q.update(t).set({ online, lastSeenAt: world.clock.now() }).where(eq(t.terminalId, id));
    });
  const hook = async (leastSeverity = 'notice') =>
    (await call('POST', '/v1/fleet/channels', { kind: 'webhook', name: '值班群', url: `${base}/hook`, leastSeverity }))
      .body;
  const channels = async () => (await call('GET', '/v1/fleet/channels')).body.items;

  it('are none when all is well', async () => {
    await place(3);
    await look();
    expect(await open()).toEqual([]);
  });

  it('tell of a terminal that is away for longer than it may, once, and end by themselves', async () => {
    const [one = ''] = await place(3);
    await away([one]);
    await look(minutes(9));
    expect(await open()).toEqual([]);
    await look(minutes(1));
    expect(await open()).toMatchObject([
      { kind: 'terminal-offline', terminalId: one, terminalName: expect.any(String) },
    ]);
    await look();
    expect(await open()).toHaveLength(1);
    await away([one], true);
    await look();
    expect(await open()).toHaveLength(1);
    await look(minutes(2));
    expect(await open()).toEqual([]);
    expect(await open('state=ended')).toMatchObject([{ kind: 'terminal-offline', state: 'ended' }]);
  });

  it('of a terminal that comes and goes are one alarm', async () => {
    const [one = ''] = await place(3);
    await away([one]);
    await look(minutes(10));
    const [first] = await open();
    for (let n = 0; n < 3; n += 1) {
      await away([one], true);
      await look();
      await look(minutes(2));
      expect(await open()).toEqual([]);
      await away([one]);
      await look(minutes(10));
      expect(await open()).toMatchObject([{ id: first?.id, returns: n + 1 }]);
    }
  });

  it('of a whole community that is away are one, and of very many terminals one too', async () => {
    const other = await neighbourhood(world);
    const [ours, theirs] = [await place(4), await place(40, other.communityId)];
    await away(ours);
    await look(minutes(10));
    expect(await open()).toMatchObject([{ kind: 'community-offline', communityId: at.communityId, terminals: 4 }]);
    await away(theirs);
    await look(minutes(10));
    expect(await kinds()).toContain('many-offline');
    await look(minutes(3));
    expect(await open()).toMatchObject([{ kind: 'many-offline', terminals: 44 }]);
  });

  it('of an issue count as soon as it has held; of one terminal or of many at once', async () => {
    const ids = await place(60);
    const say = (some: readonly string[], issue: 'disk-full' | 'journal-backlog') =>
      its.store.tx((q) =>
        q.insertMany(
          q.t.terminalIssues,
          some.map((terminalId) => ({ terminalId, issue, since: world.clock.now() })),
        ),
      );
    await say(ids.slice(0, 1), 'disk-full');
    await look();
    expect(await open()).toEqual([]);
    await look(minutes(5));
    expect(await open()).toMatchObject([{ kind: 'disk-full', terminalId: ids[0] }]);
    await say(ids.slice(0, 10), 'journal-backlog');
    await look(minutes(5));
    expect(await kinds()).toEqual(['ingest-backlog', 'disk-full']);
  });

  it('of a journal that has parted from ours, and of a terminal that seems to be two', async () => {
    const [one = '', two = ''] = await place(2);
    const now = world.clock.now();
    const row = { terminalId: one, epoch: 1, stream: 'door', seq: 7, fault: 'forked', shownSeq: 9 } as const;
    const met = { at: now, address: null, counter: 1 };
    await its.store.tx(async (q) => {
      await q.insert(q.t.journalDisputes).values({ ...row, shownHash: 'h', proof: null, at: now });
      await q
        .update(q.t.terminals)
        .set({ cloned: { at: now, kind: 'forked', sameMachine: false, known: met, other: met } })
        .where(eq(q.t.terminals.id, two));
    });
    await look();
    expect(new Set(await kinds())).toEqual(new Set(['journal-chain-broken', 'terminal-cloned']));
    await its.store.tx(async (q) => void (await q.update(q.t.terminals).set({ cloned: null })));
    await look(days(1));
    await look(minutes(2));
    expect(await open()).toEqual([]);
  });

  it('of a roll-out that halted name it, and the next one that halts is told too', async () => {
    await hook();
    const halt = async (name: string) => {
      const now = world.clock.now();
      const id = newId('rollout');
      const criteria = { withinMinutes: 5, healthyMinutes: 0, waitMinutes: 0, errorPercentMax: 0 };
      const what = { kind: 'template' as const, subjectId: newId('template'), subjectName: name, settings: null };
      const state = { state: 'halted' as const, halt: { stage: 0, failed: 3, allowed: 0 }, forgiven: 0, stage: 0 };
      const row = {
        id,
        companyId: null,
        name,
        ...what,
        ...state,
        criteria,
        sizes: [3],
        stageStartedAt: now,
        createdAt: now,
      };
      await its.store.tx(async (q) => void (await q.insert(q.t.rollouts).values(row)));
      return id;
    };
    const first = await halt('夜间静音');
    await look();
    expect(await open()).toMatchObject([
      { kind: 'rollout-halted', terminals: 3, facts: { rollout: first, name: '夜间静音' } },
    ]);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    await halt('2.0.0');
    await look();
    expect(await open()).toHaveLength(2);
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(JSON.parse(heard[1]?.body ?? '').alarms).toMatchObject([{ facts: { name: '2.0.0' } }]);
  });

  it('leave by a signed webhook with the runbook, all that is new in one message, and their end too', async () => {
    const { channel, secret } = await hook();
    expect(JSON.stringify(await channels())).not.toContain(secret);
    const ids = await place(19);
    await away(ids.slice(0, 12));
    await look(minutes(10));
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    const body = heard[0]?.body ?? '';
    const signature = String(heard[0]?.headers['gatecast-signature']);
    const [, t = '', v1 = ''] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(signature) ?? [];
    expect(createHmac('sha256', String(secret)).update(`${t}.${body}`).digest('hex')).toBe(v1);
    const told = JSON.parse(body);
    expect(told).toMatchObject({ v: 1, test: false, more: 0 });
    expect(told.alarms).toHaveLength(12);
    expect(told.alarms[0]).toMatchObject({
      kind: 'terminal-offline',
      state: 'raised',
      runbook: 'https://gatecast.test/operator/runbook#terminal-offline',
    });
    await vi.waitFor(async () => expect((await channels())[0].last).toMatchObject({ result: 'delivered' }));
    await look();
    await away(ids, true);
    await look();
    await look(minutes(2));
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(JSON.parse(heard[1]?.body ?? '').alarms[0]).toMatchObject({ state: 'ended' });
    expect((await call('DELETE', `/v1/fleet/channels/${channel.id}`)).status).toBe(204);
  });

  it('leave again when nobody took them, and the channel says why', async () => {
    await hook();
    answers = 503;
    const [one = ''] = await place(2);
    await away([one]);
    await look(minutes(10));
    await vi.waitFor(async () =>
      expect((await channels())[0].last).toMatchObject({ result: 'failed', detail: 'it answered 503' }),
    );
    answers = 200;
    await vi.waitFor(async () => {
      // Less than a job's lease, or it would be taken twice.
      world.clock.advance(seconds(5));
      expect((await channels())[0].last).toMatchObject({ result: 'delivered' });
    });
    const [first, ...rest] = heard;
    expect(rest.at(-1)?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  });

  it('call nobody while somebody wanted silence, and are told when it is over', async () => {
    await hook();
    const [one = '', two = ''] = await place(3);
    const made = await call('POST', '/v1/fleet/silences', {
      kind: null,
      terminalId: one,
      communityId: null,
      minutes: 60,
      reason: '门口在装修',
    });
    expect(made).toMatchObject({ status: 201, body: { reason: '门口在装修', terminalId: one } });
    await away([one, two]);
    await look(minutes(10));
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(JSON.parse(heard[0]?.body ?? '').alarms).toMatchObject([{ terminalId: two }]);
    expect((await open(`terminalId=${one}`))[0]).toMatchObject({ silenced: true });
    expect((await call('DELETE', `/v1/fleet/silences/${made.body.id}`)).status).toBe(204);
    await look();
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(JSON.parse(heard[1]?.body ?? '').alarms).toMatchObject([{ terminalId: one }]);
  });

  it('that somebody sees to are told no more, and say who it was', async () => {
    const [one = ''] = await place(2);
    await away([one]);
    await look(minutes(10));
    const [alarm] = await open();
    const acked = await call('POST', `/v1/fleet/alarms/${alarm?.id}/ack`, { note: '已派人' });
    expect(acked).toMatchObject({ status: 200, body: { note: '已派人', ackedAt: world.clock.now() } });
    const again = await call('POST', `/v1/fleet/alarms/${alarm?.id}/ack`, { note: '另一个人' });
    expect(again.body).toMatchObject({ note: '已派人' });
    await hook();
    await look();
    await its.store.ping();
    expect(heard).toEqual([]);
  });

  it('of a grave kind text those on call, a few an hour, and the next text counts what was held back', async () => {
    const sms = { kind: 'sms', name: '夜班', leastSeverity: 'warning', phones: ['13800000001', '13800000002'] };
    const made = await call('POST', '/v1/fleet/channels', sms);
    expect(made.body).toMatchObject({ secret: null, channel: { phones: ['0001', '0002'] } });
    const ids = await place(19);
    for (const [n, id] of ids.slice(0, textsPerHourMax + 2).entries()) {
      await away([id]);
      await look(minutes(10));
      // Ten minutes each: the brake's hour is over in between; it is set back to where the storm began.
      await its.store.tx(async (q) => {
        const hourFrom = world.clock.now();
        await q.update(q.t.alarmChannels).set({ hourFrom });
      });
      if (n < textsPerHourMax) await vi.waitFor(() => expect(heard).toHaveLength(2 * (n + 1)));
    }
    expect(heard).toHaveLength(2 * textsPerHourMax);
    expect(heard[0]).toMatchObject({ path: '/sms', headers: { authorization: 'Bearer bearer' } });
    expect(JSON.parse(heard[0]?.body ?? '')).toMatchObject({
      phone: '13800000001',
      text: expect.stringContaining('终端离线'),
    });
    expect((await channels())[0].last).toMatchObject({ result: 'held-back', detail: '2' });
    world.clock.advance(minutes(61));
    await call('POST', `/v1/fleet/channels/${made.body.channel.id}/test`);
    await vi.waitFor(() => expect(heard).toHaveLength(2 * textsPerHourMax + 2));
    expect(JSON.parse(heard.at(-1)?.body ?? '').text).toContain('测试');
  });

  it('have channels that can be tried, put off and on', async () => {
    const { channel } = await hook();
    const tried = await call('POST', `/v1/fleet/channels/${channel.id}/test`);
    expect(tried.status).toBe(202);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(JSON.parse(heard[0]?.body ?? '')).toMatchObject({ test: true, alarms: [] });
    await call('PATCH', `/v1/fleet/channels/${channel.id}`, { enabled: false });
    const [one = ''] = await place(2);
    await away([one]);
    await look(minutes(10));
    expect(await kinds()).toEqual(['terminal-offline']);
    expect(heard).toHaveLength(1);
    await call('PATCH', `/v1/fleet/channels/${channel.id}`, { enabled: true });
    await look();
    await vi.waitFor(() => expect(heard).toHaveLength(2));
  });
});

describeStores('a webhook of the world', (its) => {
  it('may not lead inside', async () => {
    const world = await testApp({ store: its.store });
    for (const url of ['https://127.0.0.1/', 'http://hooks.example/', 'https://[::1]/', 'https://localhost:8080/x']) {
      const body = { kind: 'webhook', name: 'X', url, leastSeverity: 'critical' };
      const answer = await world.call('POST', '/v1/fleet/channels', { token: world.operator, body });
      expect([url, answer.status, answer.body.code]).toEqual([url, 422, 'channel-address']);
    }
    await world.close();
  });
});

describeStores('a broker that is away', (its) => {
  it('is one alarm, whatever became of the 4,000 terminals behind it', async () => {
    // Nobody listens there.
    const world = await testApp({ store: its.store, env: { GATECAST_BROKER_URL: 'mqtt://127.0.0.1:9' } });
    const { communityId } = await neighbourhood(world);
    await its.store.tx(async (q) => {
      await q.delete(q.t.jobs).where(inArray(q.t.jobs.kind, ['fleet.watch', 'terminals.silence']));
      const at = world.clock.now();
      const settings = { openMs: 3_000, quietFromMinute: 0, quietToMinute: 0, volumePercent: 50 };
      const ids = Array.from({ length: 4_000 }, () => newId('terminal'));
      const rest = { communityId, ...settings, status: 'active' as const, epoch: 1, createdAt: at };
      await q.insertMany(
        q.t.terminals,
        ids.map((id, n) => ({ ...rest, id, no: n + 1, entranceId: newId('entrance'), name: `GC-${n}` })),
      );
      const away = { online: false, doorOnline: false, session: 's', monoMs: 0, agentVersion: '1', lastSeenAt: at };
      await q.insertMany(
        q.t.terminalPresence,
        ids.map((terminalId) => ({ ...away, terminalId })),
      );
    });
    for (let n = 0; n < 3; n += 1) {
      await world.app.watch.look();
      world.clock.advance(minutes(30));
    }
    const { items } = (await world.call('GET', '/v1/fleet/alarms', { token: world.operator })).body;
    expect(items).toMatchObject([{ kind: 'broker-down', severity: 'critical' }]);
    await world.close();
  });
});
