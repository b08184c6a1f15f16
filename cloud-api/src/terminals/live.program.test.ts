import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  command as commandShape,
  commandContext,
  commandLifeMs,
  mediaManifest,
  protocolVersion,
  topicsOf,
  type CommandReport,
  type DoorStanding,
  type Hint,
  type Presence,
  type SignedCommand,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { systemClock } from '@gatecast/firmware-protocol';
import { serve, type ServerType } from '@hono/node-server';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import { mp4File } from '../content/mp4.fixture.ts';
import { upload } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';

const waiting = { timeout: 10_000, interval: 20 };

describe('with the broker program between cloud and terminal', () => {
  let world: TestApp;
  let server: ServerType | undefined;
  let broker: ChildProcess | undefined;
  let folder: string;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  let line: MqttClient;
  const received: { topic: string; message: unknown }[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatecast-broker-'));
    const [cloudPort, mqttPort] = [await freePort(), await freePort()];
    world = await testApp({
      clock: systemClock,
      env: { FFMPEG_PATH: 'none', GATECAST_BROKER_URL: `mqtt://127.0.0.1:${mqttPort}` },
    });
    server = serve({ fetch: world.app.fetch, port: cloudPort, hostname: '127.0.0.1' });
    broker = await startBroker({ cloudPort, mqttPort, folder });
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
    line = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, {
      protocolVersion: 4,
      clientId: terminal.id,
      username: terminal.id,
      password: terminal.token,
    });
    line.on('message', (topic, payload) => void received.push({ topic, message: JSON.parse(payload.toString()) }));
    const { command, hint } = topicsOf(terminal.id);
    await line.subscribeAsync([command, hint], { qos: 1 });
    await vi.waitFor(() => expect(world.app.platform.link.connected).toBe(true), waiting);
  });
  afterAll(async () => {
    await line?.endAsync(true);
    if (broker) {
      const gone = once(broker, 'exit');
      broker.kill('SIGTERM');
      await gone;
    }
    await world?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const path = () => `/v1/terminals/${terminal.id}`;
  const say = (channel: 'presence' | 'commandState', message: Presence | CommandReport | string) =>
    line.publishAsync(topicsOf(terminal.id)[channel], typeof message === 'string' ? message : JSON.stringify(message), {
      qos: 1,
    });
  const presence = (change: Partial<Presence> = {}): Presence => ({
    v: 1,
    terminal: terminal.id as Presence['terminal'],
    online: true,
    session: 'session1',
    monoMs: 50_000,
    at: systemClock.now(),
    agentVersion: '0.1.0',
    applied: { config: 1 },
    doorOnline: true,
    doors: [],
    ...change,
  });
  const shown = async () => (await world.call('GET', path(), { token: here.manager })).body;
  const messages = <T>(topic: string) =>
    received.filter((one) => one.topic === topic).map(({ message }) => message as T);

  it('the manager sees the terminal online, and which documents are in force', async () => {
    await say('presence', presence());
    await vi.waitFor(async () => {
      expect(await shown()).toMatchObject({
        online: true,
        doorOnline: true,
        documents: { config: { state: 'applied' } },
      });
    }, waiting);
  });

  it('a new list announces itself', async () => {
    // Else the change would be part of the first list, which is still being made.
    await vi.waitFor(
      async () => expect(await shown()).toMatchObject({ documents: { access: { desired: 1 } } }),
      waiting,
    );
    const from = Date.now();
    const body = {
      communityId: here.communityId,
      label: 'Guest',
      entranceIds: null,
      from,
      to: from + 3_600_000,
      uses: null,
    };
    await world.call('POST', '/v1/passes', { token: here.manager, body });
    const hints = () => messages<Hint>(topicsOf(terminal.id).hint);
    await vi.waitFor(() => expect(hints()).toContainEqual({ v: 1, kind: 'access', version: 2 }), waiting);
    expect(Date.now() - from).toBeLessThan(2_000);
  });

  it('an opening arrives signed, for this session and for ten seconds of the terminal’s clock, once a key', async () => {
    const options = { token: here.manager, idempotencyKey: 'open-1', body: { kind: 'open' } };
    const { body } = await world.call('POST', `${path()}/commands`, options);
    expect((await world.call('POST', `${path()}/commands`, options)).body.id).toBe(body.id);
    const orders = () => messages<SignedCommand>(topicsOf(terminal.id).command);
    await vi.waitFor(() => expect(orders()).toHaveLength(1), waiting);
    const { payload, signature } = orders()[0] ?? { payload: '', signature: { value: '' } };
    const { publicKey } = terminal.claim['doorAuthority'] as { publicKey: string };
    expect(verifyText(publicKeyOf('ed25519', publicKey), commandContext, payload, signature.value)).toBe(true);
    const order = commandShape.parse(JSON.parse(payload));
    expect(order).toMatchObject({
      id: body.id,
      session: 'session1',
      action: { kind: 'open', entrance: here.entranceId },
    });
    expect(order.notAfterMonoMs).toBeGreaterThanOrEqual(50_000 + commandLifeMs);
    expect(order.notAfterMonoMs).toBeLessThan(50_000 + commandLifeMs + 30_000);

    const report = {
      v: 1,
      id: order.id,
      terminal: terminal.id as Presence['terminal'],
      at: systemClock.now(),
    } as const;
    const state = async () => (await world.call('GET', `/v1/commands/${body.id}`, { token: here.manager })).body.state;
    await say('commandState', { ...report, state: 'EXECUTED' });
    await vi.waitFor(async () => expect(await state()).toBe('EXECUTED'), waiting);
    await say('commandState', { ...report, state: 'RECEIVED' });
    await say('presence', presence({ doorOnline: false }));
    await vi.waitFor(async () => expect(await shown()).toMatchObject({ doorOnline: false }), waiting);
    expect(await state()).toBe('EXECUTED');
  });

  it('the readers are paired and get new keys at the entrance that the terminal stands at', async () => {
    const actions = () =>
      messages<SignedCommand>(topicsOf(terminal.id).command).map(
        ({ payload }) => commandShape.parse(JSON.parse(payload)).action,
      );
    for (const kind of ['pair-readers', 'rotate-keys'] as const) {
      await world.call('POST', `${path()}/commands`, { token: here.manager, body: { kind } });
      await vi.waitFor(() => expect(actions()).toContainEqual({ kind, entrance: here.entranceId }), waiting);
    }
  });

  it('how the doors stand is told to live pages when it changes, and kept when the terminal goes', async () => {
    const door: DoorStanding = {
      entrance: here.entranceId,
      online: true,
      state: 'closed',
      mode: 'normal',
      readers: [],
    };
    const open: DoorStanding = { ...door, state: 'held-open' };
    for (const doors of [[door], [door], [open]]) await say('presence', presence({ doors }));
    await vi.waitFor(async () => expect((await shown()).doors).toEqual([open]), waiting);
    const { events } = world.store.read.t;
    const told = (await world.store.read.select().from(events)).filter(({ type }) => type === 'door');
    expect(told.at(-1)).toMatchObject({
      subject: terminal.id,
      companyId: here.companyId,
      facts: { entranceId: here.entranceId, state: 'held-open', mode: 'normal', online: true },
    });
    expect(told.length).toBeLessThanOrEqual(2);
    await say('presence', presence({ online: false }));
    await vi.waitFor(async () => expect(await shown()).toMatchObject({ online: false, doors: [open] }), waiting);
    await say('presence', presence());
    await vi.waitFor(async () => expect((await shown()).online).toBe(true), waiting);
  });

  it('a terminal that connects after a clip was taken down is told at once, whether its next manifest is made or not', async () => {
    await world.call('GET', `${path()}/desired?protocol=${protocolVersion}`, { token: terminal.token });
    const { id } = (
      await upload(world, world.operator, mp4File({ durationMs: 4_000 }), { title: '旧公告', house: 'all' })
    ).body;
    await vi.waitFor(async () => {
      const approved = await world.call('POST', `/v1/clips/${id}/approve`, { token: world.operator });
      expect(approved.status).toBe(200);
    }, waiting);
    const media = () => world.call('GET', `${path()}/documents/media`, { token: terminal.token });
    const named = async () => mediaManifest.parse((await media()).body.body).clips.map(({ sha256 }) => sha256);
    await vi.waitFor(async () => expect(await named()).not.toEqual([]), waiting);
    const { version } = (await media()).body;
    const files = await named();
    await say('presence', presence({ online: false }));
    await vi.waitFor(async () => expect((await shown()).online).toBe(false), waiting);
    const order = { token: world.operator, body: { reason: 'complaint', note: '居民投诉' } };
    expect((await world.call('POST', `/v1/clips/${id}/take-down`, order)).status).toBe(200);
    const { hint } = topicsOf(terminal.id);
    const stops = () => messages<Hint>(hint).flatMap(({ stop }) => (stop ? [stop] : []));
    await vi.waitFor(() => expect(stops()).not.toEqual([]), waiting);
    await vi.waitFor(async () => expect(await named()).toEqual([]), waiting);
    // What it was told while it was away, it did not hear.
    received.length = 0;
    await say('presence', presence({ session: 'session2', applied: { config: 1, media: version } }));
    await vi.waitFor(
      () => expect(stops().flatMap(({ clips }) => clips)).toEqual(expect.arrayContaining(files)),
      waiting,
    );
  });

  it('malformed messages change nothing and stop nothing', async () => {
    await say('presence', '{"v":1');
    await say('presence', JSON.stringify({ v: 9, online: 'maybe' }));
    await say('commandState', JSON.stringify({ v: 1, id: 'cmd_x' }));
    await say('presence', presence({ agentVersion: '0.2.0' }));
    await vi.waitFor(async () => expect(await shown()).toMatchObject({ online: true, agentVersion: '0.2.0' }), waiting);
    const metrics = await world.app.platform.metrics.registry.metrics();
    expect(metrics).toContain('gatecast_malformed_messages_total{channel="presence"} 2');
  });

  it('the will of an old connection does not take a reconnected terminal offline; its own does', async () => {
    await say('presence', presence({ session: 'session2' }));
    await say('presence', presence({ session: 'session1', online: false }));
    await say('presence', presence({ session: 'session2', agentVersion: '0.3.0' }));
    await vi.waitFor(async () => expect(await shown()).toMatchObject({ online: true, agentVersion: '0.3.0' }), waiting);
    await say('presence', presence({ session: 'session2', online: false }));
    await vi.waitFor(async () => expect(await shown()).toMatchObject({ online: false }), waiting);
    const refused = await world.call('POST', `${path()}/commands`, { token: here.manager, body: { kind: 'open' } });
    expect(refused.body.code).toBe('terminal-offline');
  });
});

async function startBroker(at: { cloudPort: number; mqttPort: number; folder: string }): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('../../../broker/bin/gatecast-broker.js', import.meta.url));
  const env = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    GATECAST_BROKER_PORT: String(at.mqttPort),
    GATECAST_BROKER_HTTP_PORT: '0',
    GATECAST_CLOUD_URL: `http://127.0.0.1:${at.cloudPort}`,
    GATECAST_DATA_DIR: at.folder,
    GATECAST_LOG_LEVEL: 'warn',
    GATECAST_PARENT_WATCH: '1',
  };
  const child = spawn(process.execPath, [program], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
