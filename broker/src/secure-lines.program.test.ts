import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { newId } from '@gatecast/firmware-protocol';
import { topicsOf } from '@gatecast/firmware-protocol/messages';
import type { BrokerOptions } from './broker.ts';
import { newAuthority, newServer, type Certified } from './certificates.fixture.ts';
import { connectFrame, connectRaw } from './clients.fixture.ts';
import { RunningBroker } from './running-broker.fixture.ts';

const authority = newAuthority('Gatecast test root');
const host = '127.0.0.1';

let folder: string;
let running: RunningBroker;
let options: Partial<BrokerOptions>;
let clients: MqttClient[];

beforeEach(async () => {
  clients = [];
  folder = await mkdtemp(join(tmpdir(), 'gatecast-tls-'));
  await install(newServer(authority, host));
  options = {
    ports: { mqtts: 0, ws: 0, wss: 0 },
    tls: { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem'), dataDir: folder },
    origins: ['https://console.example'],
    limits: { certificatePollMs: 50 as never, connectDeadlineMs: 1_000 as never },
  };
  running = await RunningBroker.start(options);
});

afterEach(async () => {
  for (const client of clients) client.end(true);
  await running.stop();
  await rm(folder, { recursive: true });
});

async function install({ certPem, keyPem }: Pick<Certified, 'certPem' | 'keyPem'>): Promise<void> {
  await writeFile(join(folder, 'cert.pem'), certPem);
  await writeFile(join(folder, 'key.pem'), keyPem);
}

async function terminal(scheme: 'mqtts' | 'ws' | 'wss', given: Partial<IClientOptions> = {}) {
  const id = newId('terminal');
  const password = await running.cloud.token(`terminal:${id}`);
  const { mqttsPort, wsPort, wssPort } = running.ports;
  const port = { mqtts: mqttsPort, ws: wsPort, wss: wssPort }[scheme];
  const client = await connectAsync(
    `${scheme}://${host}:${port}${scheme === 'mqtts' ? '' : '/mqtt'}`,
    { protocolVersion: 4, reconnectPeriod: 0, clientId: id, username: id, password, ca: authority.certPem, ...given },
    false,
  );
  clients.push(client);
  return { id, client, topics: topicsOf(id) };
}

/** Shakes hands and nothing more. Rejects as the handshake does. */
async function shakeHands(given: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ host, port: running.ports.mqttsPort, ca: authority.certPem, ...given });
  await once(socket, 'secureConnect');
  return socket;
}

const seen = (code: string) => vi.waitFor(() => expect(running.codes).toContain(code));

describe('TLS', () => {
  test('a terminal that knows the authority speaks, and plain MQTT has no port', async () => {
    const { client, topics } = await terminal('mqtts');
    await client.publishAsync(topics.presence, 'here', { qos: 1 });
    expect(running.ports.mqttPort).toBe(0);
  });

  test('a terminal leaves a broker of another authority, of another name, and what speaks no TLS', async () => {
    const stranger = newAuthority('somebody else');
    await expect(terminal('mqtts', { ca: stranger.certPem })).rejects.toThrow(/certificate/i);
    await install(newServer(authority, 'elsewhere.example'));
    await seen('certificate-reloaded');
    await expect(terminal('mqtts')).rejects.toThrow(/does not match certificate/);
    await seen('tls-handshake');
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)('%s is refused', async (version) => {
    const ciphers = 'DEFAULT@SECLEVEL=0'; // else the client itself would refuse
    await expect(shakeHands({ minVersion: version, maxVersion: version, ciphers })).rejects.toThrow();
    await seen('tls-handshake');
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a session of %s goes on after a restart of the broker',
    async (version) => {
      const versions = { minVersion: version, maxVersion: version };
      const tickets: Buffer[] = [];
      const first = connectTls({ host, port: running.ports.mqttsPort, ca: authority.certPem, ...versions });
      first.on('session', (ticket) => tickets.push(ticket));
      await vi.waitFor(() => expect(tickets).not.toEqual([]));
      first.destroy();
      await running.restartBroker(options);
      const second = await shakeHands({ ...versions, session: tickets.at(-1) });
      expect(second.isSessionReused()).toBe(true);
      const told = 'gatecast_broker_tls_handshakes_total{resumed="true"} 1';
      await vi.waitFor(async () => expect((await running.status('/metrics')).text).toContain(told));
      second.destroy();
      const kept = await stat(join(folder, 'tls-ticket-keys.json'));
      expect(kept.mode & 0o777).toBe(0o600);
    },
  );

  test('a new certificate is in use without a restart, and a half-written pair leaves the old one', async () => {
    const before = await shakeHands();
    const held = await terminal('mqtts');
    const next = newServer(authority, host);
    await writeFile(join(folder, 'cert.pem'), next.certPem);
    await seen('certificate-unusable');
    const during = await shakeHands();
    expect(during.getPeerCertificate().fingerprint256).toBe(before.getPeerCertificate().fingerprint256);
    await install(next);
    await seen('certificate-reloaded');
    const after = await shakeHands();
    expect(after.getPeerCertificate().fingerprint256).not.toBe(before.getPeerCertificate().fingerprint256);
    await held.client.publishAsync(held.topics.presence, 'still here', { qos: 1 });
    for (const socket of [before, during, after]) socket.destroy();
  });

  test('a broker does not start with a key of another certificate', async () => {
    await running.stopBroker();
    await writeFile(join(folder, 'key.pem'), newServer(authority, host).keyPem);
    await expect(running.startBroker(options)).rejects.toThrow(/do not serve/);
  });

  test('who begins a handshake and stops is shown out', async () => {
    const socket = connectTcp(running.ports.mqttsPort ?? 0, host);
    const closed = once(socket, 'close');
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
    await closed;
    await seen('connect-timeout');
  });

  test('a frame of 5 kB before sign-in is cut inside TLS too', async () => {
    const socket = await shakeHands();
    socket.on('error', () => undefined);
    socket.resume();
    const closed = once(socket, 'close');
    socket.write(Buffer.from([0x10, 0x88, 0x27]));
    await closed;
    await seen('frame-too-large');
  });
});

describe('WebSocket', () => {
  test.each(['ws', 'wss'] as const)('a terminal speaks over %s', async (scheme) => {
    const service = await terminal(scheme);
    await service.client.subscribeAsync(service.topics.command, { qos: 1 });
    await service.client.publishAsync(service.topics.presence, Buffer.alloc(100_000), { qos: 1 });
  });

  /** Resolves with the status that the upgrade was answered with, or with `open`. */
  async function upgrade(
    protocol: string | undefined,
    origin?: string,
    path = '/mqtt',
    headers: Record<string, string> = {},
  ): Promise<number | 'open'> {
    const socket = new WebSocket(`ws://${host}:${running.ports.wsPort}${path}`, protocol, {
      headers,
      ...(origin === undefined ? {} : { origin }),
    });
    const answer = await new Promise<number | 'open'>((resolve) => {
      socket.once('open', () => resolve('open'));
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });
    socket.terminate();
    return answer;
  }

  test('pages of listed origins may connect, others not, and programs name none', async () => {
    expect(await upgrade('mqtt', 'https://console.example')).toBe('open');
    expect(await upgrade('mqtt', 'https://evil.example')).toBe(403);
    expect(await upgrade('mqtt', 'null')).toBe(403);
    expect(await upgrade('mqtt')).toBe('open');
    await seen('foreign-origin');
  });

  test('what is not MQTT is turned away', async () => {
    expect(await upgrade(undefined)).toBe(400);
    expect(await upgrade('chat')).toBe(400);
    expect(await upgrade('mqtt', undefined, '/elsewhere')).toBe(400);
    expect((await fetch(`http://${host}:${running.ports.wsPort}/mqtt`)).status).toBe(426);
  });

  test('who is refused and tears the line down hurts nobody', async () => {
    const head = [
      'GET /mqtt HTTP/1.1',
      'Host: x',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Origin: https://evil.example',
    ];
    for (let n = 0; n < 50; n += 1) {
      const socket = connectTcp(running.ports.wsPort ?? 0, host);
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      const closed = once(socket, 'close');
      socket.write(`${head.join('\r\n')}\r\n\r\n`, () => socket.resetAndDestroy());
      await closed;
    }
    await seen('foreign-origin');
    await terminal('ws');
  });

  test('a ping is answered, and so many a second and no more', async () => {
    const id = newId('terminal');
    const frame = connectFrame(id, await running.cloud.token(`terminal:${id}`));
    const { socket, closed } = await webSocket();
    const answer = once(socket, 'message');
    socket.send(frame);
    await answer;
    const pong = once(socket, 'pong') as Promise<[Buffer]>;
    socket.ping('still there?');
    expect((await pong)[0].toString()).toBe('still there?');
    for (let n = 0; n < 1_000; n += 1) socket.ping();
    await closed;
    await seen('packet-rate');
  });

  describe('behind a proxy', () => {
    const through = (...hops: string[]) => upgrade('mqtt', undefined, '/mqtt', { 'x-forwarded-for': hops.join(', ') });
    const few = { connectDeadlineMs: 1_000 as never, addressRate: { perSecond: 0.001, burst: 2 } };

    test('each caller has a rate, as the proxy says who it is, and what a caller writes there is not believed', async () => {
      await running.restartBroker({ ...options, proxies: [host], limits: few });
      expect([await through('203.0.113.1'), await through('203.0.113.1')]).toEqual(['open', 'open']);
      expect(await through('203.0.113.1')).toBe(429);
      expect(await through('198.51.100.7', '203.0.113.1')).toBe(429);
      expect(await through('203.0.113.2')).toBe('open');
      await seen('address-rate');
    });

    test('nobody is believed who is not named, and then all that come through have one rate', async () => {
      await running.restartBroker({ ...options, limits: few });
      expect([await through('203.0.113.1'), await through('203.0.113.2')]).toEqual(['open', 'open']);
      const { closed } = await connectRaw(running.ports.wsPort ?? 0);
      await closed;
      await seen('address-rate');
    });

    test('who guesses tokens is turned away, and the others behind the same proxy are not', async () => {
      const limits = { ...options.limits, addressFailureRate: { perSecond: 0.001, burst: 2 } };
      await running.restartBroker({ ...options, proxies: [host], limits });
      const guess = () =>
        terminal('ws', { password: 'guess', wsOptions: { headers: { 'x-forwarded-for': '203.0.113.1' } } });
      for (let n = 0; n < 2; n += 1) await expect(guess()).rejects.toThrow(/Bad username or password/);
      expect(await through('203.0.113.1')).toBe(429);
      expect(await through('203.0.113.2')).toBe('open');
      await seen('address-failures');
    });

    test('of plain TCP nobody is told apart, so nobody can lock the others out', async () => {
      const limits = { ...few, addressFailureRate: { perSecond: 0.001, burst: 1 } };
      await running.restartBroker({ ...options, proxies: [host], limits });
      for (let n = 0; n < 4; n += 1)
        await expect(terminal('mqtts', { password: 'guess' })).rejects.toThrow(/Bad username/);
      await terminal('mqtts');
    });
  });

  async function webSocket(): Promise<{ socket: WebSocket; closed: Promise<unknown> }> {
    const socket = new WebSocket(`ws://${host}:${running.ports.wsPort}/mqtt`, 'mqtt');
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    await once(socket, 'open');
    return { socket, closed };
  }

  test('text ends the line (6.0.0-1)', async () => {
    const { socket, closed } = await webSocket();
    socket.send('CONNECT');
    await closed;
    await seen('text-frame');
  });

  test('a large message of a stranger is cut before it is gathered', async () => {
    const { socket, closed } = await webSocket();
    socket.send(Buffer.alloc(100_000, 0x10), { fin: false }); // the rest never comes
    await closed;
    await seen('too-much-before-connect');
  });

  test('one MQTT packet may come in many messages', async () => {
    const id = newId('terminal');
    const frame = connectFrame(id, await running.cloud.token(`terminal:${id}`));
    const { socket } = await webSocket();
    const answer = once(socket, 'message') as Promise<[Buffer]>;
    for (let at = 0; at < frame.length; at += 100) socket.send(frame.subarray(at, at + 100));
    expect((await answer)[0]).toEqual(Buffer.from([0x20, 2, 0, 0]));
    socket.terminate();
  });

  test('who upgrades and says nothing is shown out', async () => {
    const { closed } = await webSocket();
    await closed;
    await seen('connect-timeout');
  });

  test('who connects and asks for no upgrade is shown out', async () => {
    const socket = connectTcp(running.ports.wsPort ?? 0, host);
    const closed = once(socket, 'close');
    socket.write('GET /mqtt HTTP/1.1\r\nHost: x\r\n');
    await closed;
    await seen('connect-timeout');
  });
});
