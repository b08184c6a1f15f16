import { once } from 'node:events';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IClientOptions } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { instant, newId, systemClock, type Clock } from '@gatecast/firmware-protocol';
import { brokerStatusFilter, topicsOf } from '@gatecast/firmware-protocol/messages';
import { closing, connectFrame, connectMqtt, connectRaw, lengthBytes } from './clients.fixture.ts';
import type { CloudFixture } from './cloud.fixture.ts';
import { RunningBroker } from './running-broker.fixture.ts';

let running: RunningBroker;
let cloud: CloudFixture;

beforeEach(async () => {
  running = await RunningBroker.start();
  ({ cloud } = running);
});

afterEach(() => running.stop());

const codes = () => running.codes;
const terminal = (options?: Partial<IClientOptions>, id = newId('terminal')) => running.terminal(options, id);
const cloudClient = () => running.cloudClient();

describe('who may connect', () => {
  test('a terminal with its token speaks to the cloud and hears it', async () => {
    const service = await cloudClient();
    const { client, topics } = await terminal();
    await client.subscribeAsync(topics.command, { qos: 1 });
    await client.publishAsync(topics.presence, 'here', { qos: 1 });
    await vi.waitFor(() => expect(service.heard).toMatchObject([{ topic: topics.presence, text: 'here' }]));

    const command = new Promise((resolve) => client.once('message', (_topic, payload) => resolve(payload.toString())));
    await service.client.publishAsync(topics.command, 'open', { qos: 1 });
    expect(await command).toBe('open');
  });

  test.each([
    ['no token at all', async () => undefined],
    ['a token of another audience', (id: string) => cloud.token(`terminal:${id}`, { audience: 'elsewhere' })],
    ['a token that has run out', (id: string) => cloud.token(`terminal:${id}`, { issuedAt: 1_700_000_000 })],
    ['a token of another terminal', () => cloud.token(`terminal:${newId('terminal')}`)],
    ['a token with an unknown key', (id: string) => cloud.token(`terminal:${id}`, { kid: 'nobody' })],
    ['a token of no known kind', () => cloud.token('resident:somebody')],
  ])('%s is refused', async (_name, makeToken) => {
    const id = newId('terminal');
    const password = await makeToken(id);
    const connecting = connectMqtt(running.ports.mqttPort, {
      clientId: id,
      username: id,
      ...(password === undefined ? {} : { password }),
    });
    await expect(connecting).rejects.toThrow(/Connection refused/);
  });

  test('a client without an id is refused', async () => {
    const password = await cloud.token('service:cloud');
    await expect(connectMqtt(running.ports.mqttPort, { clientId: '', username: 'cloud', password })).rejects.toThrow(
      /Identifier rejected/,
    );
    await vi.waitFor(() => expect(codes()).toContain('empty-client-id'));
  });

  test('the cloud cannot take the name of a terminal and so end its connection', async () => {
    const password = await cloud.token('service:cloud');
    const connecting = connectMqtt(running.ports.mqttPort, {
      clientId: newId('terminal'),
      username: 'cloud',
      password,
    });
    await expect(connecting).rejects.toThrow(/Identifier rejected/);
  });

  test('a token of a new key is let in after one fetch of the keys', async () => {
    await running.restartBroker({ limits: { keyRefetchMs: 0 as never } });
    await terminal();
    cloud.rotateKey();
    await terminal();
  });

  test('terminals still sign in when the broker starts while the cloud is away', async () => {
    await terminal();
    const id = newId('terminal');
    const password = await cloud.token(`terminal:${id}`);
    await vi.waitFor(() => access(join(running.dataDir, 'revocations.json')));
    await cloud.stop();
    await running.restartBroker();
    const client = await connectMqtt(running.ports.mqttPort, { clientId: id, username: id, password });
    client.end(true);
  });
});

describe('what may be said', () => {
  test('publishing to the topic of another terminal ends the connection', async () => {
    const service = await cloudClient();
    const { client } = await terminal();
    const closed = closing(client);
    client.publish(topicsOf(newId('terminal')).presence, 'forged');
    await closed;
    expect(codes()).toContain('foreign-publish');
    expect(service.heard).toEqual([]);
  });

  test.each(['#', 'gc/v1/t/+/down/command', '$SYS/#'])('a terminal may not listen to %s', async (filter) => {
    const { client } = await terminal();
    await expect(client.subscribeAsync(filter)).rejects.toThrow(/Unspecified error/);
    expect(codes()).toContain('foreign-subscription');
    expect(client.connected).toBe(true);
  });

  test('a will on a foreign topic is refused at CONNECT', async () => {
    const will = {
      topic: topicsOf(newId('terminal')).presence,
      payload: Buffer.from('gone'),
      qos: 1 as const,
      retain: false,
    };
    await expect(terminal({ will })).rejects.toThrow(/Not authorized/);
    await vi.waitFor(() => expect(codes()).toContain('foreign-will'));
  });

  test("a terminal's own will reaches the cloud when its line breaks", async () => {
    const service = await cloudClient();
    const id = newId('terminal');
    const will = { topic: topicsOf(id).presence, payload: Buffer.from('gone'), qos: 1 as const, retain: false };
    const { client } = await terminal({ will }, id);
    client.stream.destroy();
    await vi.waitFor(() => expect(service.heard.map(({ text }) => text)).toEqual(['gone']));
  });

  test('a message of QoS 2 arrives once', async () => {
    const service = await cloudClient();
    const { client, topics } = await terminal();
    await client.publishAsync(topics.presence, 'once', { qos: 2 });
    await client.publishAsync(topics.presence, 'more', { qos: 1 });
    await vi.waitFor(() => expect(service.heard.map(({ text }) => text)).toEqual(['once', 'more']));
  });

  test('asking for subscriptions without end closes the connection', async () => {
    const { client } = await terminal();
    const closed = closing(client);
    client.subscribe(
      Array.from({ length: 100 }, (_, n) => `wish/${n}`),
      () => undefined,
    );
    await closed;
    expect(codes()).toContain('subscription-rate');
  });
});

describe('how much', () => {
  test('a frame of 5 kB is cut before CONNECT, by its length alone', async () => {
    const { socket, closed } = await connectRaw(running.ports.mqttPort);
    socket.write(Buffer.concat([Buffer.from([0x10]), lengthBytes(5_000)]));
    await closed;
    await vi.waitFor(() => expect(codes()).toContain('frame-too-large'));
  });

  test('a message over 256 KiB ends the connection, one under it passes', async () => {
    const service = await cloudClient();
    const { client, topics } = await terminal();
    await client.publishAsync(topics.presence, Buffer.alloc(250_000), { qos: 1 });
    await vi.waitFor(() => expect(service.heard).toHaveLength(1));
    const closed = closing(client);
    client.publish(topics.presence, Buffer.alloc(270_000));
    await closed;
    expect(codes()).toContain('frame-too-large');
  });

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a publish without a CONNECT', Buffer.from([0x30, 0x05, 0, 1, 0x61, 1, 2])],
    ['a length of five bytes', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01])],
    ['a CONNECT of rubbish', Buffer.concat([Buffer.from([0x10, 12]), Buffer.from('rubbish rubb')])],
  ])('%s closes the connection and hurts nobody else', async (_name, bytes) => {
    const service = await cloudClient();
    const { client, topics } = await terminal();
    const { socket, closed } = await connectRaw(running.ports.mqttPort);
    socket.write(bytes);
    await closed;
    await vi.waitFor(() => expect(codes()).toContain('malformed-frame'));
    await client.publishAsync(topics.presence, 'still here', { qos: 1 });
    await vi.waitFor(() => expect(service.heard).toHaveLength(1));
  });

  test('random bytes behind a good CONNECT never take the broker down', async () => {
    const service = await cloudClient();
    const id = newId('terminal');
    const token = await cloud.token(`terminal:${id}`);
    let seed = 20_261_122;
    const random = () => ((seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff) >> 16) & 0xff;
    for (let round = 0; round < 200; round += 1) {
      const { socket, closed } = await connectRaw(running.ports.mqttPort);
      socket.write(connectFrame(id, token));
      await Promise.race([once(socket, 'data').catch(() => closed), closed]);
      const body = Buffer.from(Array.from({ length: random() % 60 }, random));
      socket.end(Buffer.concat([Buffer.from([random()]), lengthBytes(body.length), body, body]));
      await closed;
    }
    const { client, topics } = await terminal();
    await client.publishAsync(topics.presence, 'still here', { qos: 1 });
    await vi.waitFor(() => expect(service.heard.map(({ text }) => text)).toContain('still here'));
  });

  test('who connects and says nothing is shown out', async () => {
    await running.restartBroker({ limits: { connectDeadlineMs: 100 as never } });
    const { closed } = await connectRaw(running.ports.mqttPort);
    await closed;
    await vi.waitFor(() => expect(codes()).toContain('connect-timeout'));
  });

  test('a flood of packets ends the connection', async () => {
    const { client, topics } = await terminal();
    const closed = closing(client);
    for (let n = 0; n < 1_000; n += 1) client.publish(topics.presence, 'x');
    await closed;
    expect(codes()).toContain('packet-rate');
  });

  test('connections over the cap are closed at once', async () => {
    await running.restartBroker({ limits: { connections: 1 } });
    await terminal();
    const { closed } = await connectRaw(running.ports.mqttPort);
    await closed;
    expect(codes()).toContain('too-many-connections');
  });

  test('a frozen subscriber is cut off and holds nobody up', async () => {
    await running.restartBroker({ limits: { terminalRate: { perSecond: 1e6, burst: 1e6 } } });
    const service = await cloudClient();
    const frozen = await terminal();
    await frozen.client.subscribeAsync(frozen.topics.command, { qos: 0 });
    frozen.client.stream.pause();
    const { client, topics } = await terminal();
    const payload = Buffer.alloc(64_000);
    // Without the guard nothing arrives for as long as the reader is frozen; how long it is at most is measured by the benchmark.
    for (let n = 0; n < 200; n += 1) {
      service.client.publish(frozen.topics.command, payload);
      await client.publishAsync(topics.presence, String(n), { qos: 1 });
      await vi.waitFor(() => expect(service.heard.at(-1)?.text).toBe(String(n)), { interval: 1 });
    }
    expect(codes()).toContain('slow-consumer');
  });
});

describe('how long', () => {
  test('a revoked terminal is off within five seconds and stays off', async () => {
    const { id, client } = await terminal();
    const closed = closing(client);
    const revokedAt = performance.now();
    cloud.revoke(`terminal:${id}`);
    await closed;
    expect(performance.now() - revokedAt).toBeLessThan(5_000);
    expect(codes()).toContain('revoked');
    const password = await cloud.token(`terminal:${id}`, { issuedAt: Math.floor(Date.now() / 1_000) - 60 });
    await expect(connectMqtt(running.ports.mqttPort, { clientId: id, username: id, password })).rejects.toThrow(
      /Not authorized/,
    );
  });

  test('a revocation outlives a restart without the cloud', async () => {
    const id = newId('terminal');
    const password = await cloud.token(`terminal:${id}`, { issuedAt: Math.floor(Date.now() / 1_000) - 60 });
    const { client } = await terminal({ password }, id);
    const closed = closing(client);
    cloud.revoke(`terminal:${id}`);
    await closed;
    await cloud.stop();
    await running.restartBroker();
    await expect(connectMqtt(running.ports.mqttPort, { clientId: id, username: id, password })).rejects.toThrow(
      /Not authorized/,
    );
  });

  /** So that a test need not wait for the poll. */
  const often = { revocationPollMs: 50 as never };

  test('a revoked terminal is off although the keys of the cloud cannot be had', async () => {
    await running.restartBroker({ limits: { ...often, keyMaxAgeMs: 0 as never } });
    const { id, client } = await terminal();
    cloud.breakOff('keys');
    await vi.waitFor(() => expect(codes()).toContain('cloud-refused'));
    const closed = closing(client);
    cloud.revoke(`terminal:${id}`);
    await closed;
    expect(codes()).toContain('revoked');
  });

  test('an old list that is played again takes no revocation back, after a restart neither', async () => {
    await running.restartBroker({ limits: often });
    const kept = join(running.dataDir, 'revocations.json');
    const old = await vi.waitFor(() => readFile(kept, 'utf8'));
    const id = newId('terminal');
    const password = await cloud.token(`terminal:${id}`, { issuedAt: Math.floor(Date.now() / 1_000) - 60 });
    const { client } = await terminal({ password }, id);
    const closed = closing(client);
    cloud.revoke(`terminal:${id}`);
    await closed;
    await vi.waitFor(async () => expect(await readFile(kept, 'utf8')).toContain(id));
    cloud.replay(old);
    const heard = cloud.listsAsked;
    await vi.waitFor(() => expect(cloud.listsAsked).toBeGreaterThan(heard + 1));
    await running.restartBroker();
    await expect(connectMqtt(running.ports.mqttPort, { clientId: id, username: id, password })).rejects.toThrow(
      /Not authorized/,
    );
  });

  test.each(['revocations.json', 'jwks.json'])(
    'without a list or without keys nobody is let in: a damaged %s is fetched anew, and waited for',
    async (name) => {
      await vi.waitFor(() => access(join(running.dataDir, 'revocations.json')));
      await running.stopBroker();
      await writeFile(join(running.dataDir, name), '{"half');
      cloud.breakOff('revocations');
      await running.startBroker({ limits: often });
      expect(codes()).toContain('kept-file-damaged');
      if (name === 'revocations.json') {
        await expect(terminal()).rejects.toThrow(/Server unavailable/);
        expect((await running.status('/readyz')).status).toBe(503);
        cloud.mend();
      }
      await vi.waitFor(async () => expect((await running.status('/readyz')).status).toBe(200));
      await terminal();
    },
  );

  test('a revocation list with a false signature is not believed', async () => {
    const { id, client } = await terminal();
    cloud.forgeRevocations();
    cloud.revoke(`terminal:${id}`);
    await vi.waitFor(() => expect(codes()).toContain('unsigned-revocations'), { timeout: 5_000 });
    expect(client.connected).toBe(true);
  });

  test('a connection ends when its token runs out', async () => {
    let aheadMs = 0;
    const clock: Clock = { now: () => instant(Date.now() + aheadMs), mono: () => systemClock.mono() };
    await running.restartBroker({ clock });
    const { client } = await terminal();
    const closed = closing(client);
    aheadMs = 3_601_000;
    await closed;
    expect(codes()).toContain('token-expired');
  });
});

describe('$SYS', () => {
  test('the cloud hears how the broker is, a terminal does not', async () => {
    await running.restartBroker({ limits: { statusEveryMs: 20 as never } });
    const service = await cloudClient();
    const { client } = await terminal();
    await expect(client.subscribeAsync(brokerStatusFilter)).rejects.toThrow(/Unspecified error/);
    await service.client.subscribeAsync(brokerStatusFilter);
    const heard = () => new Map(service.heard.map(({ topic, text }) => [topic, text]));
    await vi.waitFor(() => expect(heard().get('$SYS/broker/clients/connected')).toBe('2'));
    expect([...heard().keys()].every((topic) => topic.startsWith('$SYS/broker/'))).toBe(true); // not aedes' own, which name clients
  });

  test('nobody may speak in its name', async () => {
    const service = await cloudClient();
    const closed = closing(service.client);
    service.client.publish('$SYS/broker/uptime', '0');
    await closed;
    expect(codes()).toContain('foreign-publish');
  });
});

test('the status port is on loopback, wherever MQTT is spoken', async () => {
  await running.restartBroker({ host: '127.0.0.2' });
  expect((await running.status('/healthz')).status).toBe(200);
  await expect(fetch(`http://127.0.0.2:${running.ports.httpPort}/metrics`)).rejects.toThrow();
  await running.restartBroker({ host: '127.0.0.1', httpHost: '127.0.0.2' });
  expect((await fetch(`http://127.0.0.2:${running.ports.httpPort}/healthz`)).status).toBe(200);
});

test('the status port tells health, readiness and figures', async () => {
  expect((await running.status('/healthz')).status).toBe(200);
  await vi.waitFor(async () => expect((await running.status('/readyz')).status).toBe(200));
  await terminal();
  expect((await running.status('/metrics')).text).toContain('gatecast_broker_connects_total{kind="terminal"} 1');
  expect((await running.status('/elsewhere')).status).toBe(404);
});
