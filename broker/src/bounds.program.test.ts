import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newId } from '@gatecast/firmware-protocol';
import { topicsOf } from '@gatecast/firmware-protocol/messages';
import { closing, connectFrame, connectMqtt, connectRaw } from './clients.fixture.ts';
import { defaultLimits } from './limits.ts';
import { RunningBroker } from './running-broker.fixture.ts';

let running: RunningBroker;

beforeEach(async () => {
  running = await RunningBroker.start();
});

afterEach(() => running.stop());

const seen = (code: string) => vi.waitFor(() => expect(running.codes).toContain(code));

describe('retained messages', () => {
  test('of its own topic are kept for the cloud that comes later, and heard live by the one that is there', async () => {
    const there = await running.cloudClient();
    const { client, topics } = await running.terminal();
    await client.publishAsync(topics.presence, 'here', { qos: 1, retain: true });
    await vi.waitFor(() => expect(there.heard).toMatchObject([{ text: 'here', retain: false }]));
    const later = await running.cloudClient();
    await vi.waitFor(() => expect(later.heard).toMatchObject([{ text: 'here', retain: true }]));
  });

  test('of another terminal are refused, and nothing is kept', async () => {
    const { client } = await running.terminal();
    const closed = closing(client);
    client.publish(topicsOf(newId('terminal')).presence, 'forged', { retain: true });
    await closed;
    expect(running.codes).toContain('foreign-publish');
    expect((await running.status('/metrics')).text).toContain('gatecast_broker_retained_messages 0');
  });

  test('of 16 KiB are kept, and who retains more is shown out', async () => {
    const { client, topics } = await running.terminal();
    await client.publishAsync(topics.presence, Buffer.alloc(16_384), { qos: 1, retain: true });
    const closed = closing(client);
    client.publish(topics.presence, Buffer.alloc(16_385), { retain: true });
    await closed;
    expect(running.codes).toContain('retained-limit');
  });

  test('go with the terminal that is revoked', async () => {
    const { id, client, topics } = await running.terminal();
    await client.publishAsync(topics.presence, 'here', { qos: 1, retain: true });
    const closed = closing(client);
    running.cloud.revoke(`terminal:${id}`);
    await closed;
    await vi.waitFor(async () =>
      expect((await running.status('/metrics')).text).toContain('gatecast_broker_retained_messages 0'),
    );
  });
});

describe('sessions', () => {
  test('are clean, whatever a terminal asks for', async () => {
    const id = newId('terminal');
    const first = await running.terminal({ clean: false }, id);
    await first.client.subscribeAsync(first.topics.command, { qos: 1 });
    await first.client.endAsync();
    const service = await running.cloudClient();
    await service.client.publishAsync(first.topics.command, 'late', { qos: 1 });
    const password = await running.cloud.token(`terminal:${id}`);
    const { socket, closed } = await connectRaw(running.ports.mqttPort);
    const answer = new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.write(connectFrame(id, password));
    expect(await answer).toEqual(Buffer.from([0x20, 2, 0, 0])); // no session is present
    socket.destroy();
    await closed;
  });

  test('a terminal without a client id is refused, with a clean session and without', async () => {
    const password = await running.cloud.token(`terminal:${newId('terminal')}`);
    for (const clean of [true, false]) {
      const { socket, closed } = await connectRaw(running.ports.mqttPort);
      const answer = new Promise<Buffer>((resolve) => socket.once('data', resolve));
      const frame = connectFrame('', password);
      if (!clean) frame[frame.indexOf('MQTT') + 5] = 0b1100_0000;
      socket.write(frame);
      expect(await answer).toEqual(Buffer.from([0x20, 2, 0, 2]));
      await closed;
    }
    await seen('empty-client-id');
  });
});

describe('QoS 2', () => {
  test('a terminal may have sixteen messages under way and no more', async () => {
    const { client, topics, id } = await running.terminal();
    client.end(true);
    const password = await running.cloud.token(`terminal:${id}`);
    const { socket, closed } = await connectRaw(running.ports.mqttPort);
    const answer = new Promise((resolve) => socket.once('data', resolve));
    socket.write(connectFrame(id, password));
    await answer;
    const topic = Buffer.from(topics.presence);
    for (let n = 1; n <= defaultLimits.inflightInbound + 1; n += 1) {
      const body = Buffer.concat([Buffer.from([0, topic.length]), topic, Buffer.from([0, n])]);
      socket.write(Buffer.concat([Buffer.from([0x34, body.length]), body])); // PUBLISH of QoS 2, never released
    }
    await closed;
    await seen('inflight');
  });
});

describe('filters and topics', () => {
  test('a connection holds so many filters, the next one is answered 0x80', async () => {
    await running.restartBroker({ limits: { subscriptions: 1 } });
    const { client, topics } = await running.terminal();
    await client.subscribeAsync(topics.command);
    await expect(client.subscribeAsync(topics.hint)).rejects.toThrow(/Unspecified error/);
    await client.unsubscribeAsync(topics.command);
    await client.subscribeAsync(topics.hint);
    expect(running.codes).toContain('too-many-subscriptions');
  });

  test('a topic of a hundred levels ends the connection', async () => {
    const { client } = await running.terminal();
    const closed = closing(client);
    client.publish('a/'.repeat(100), 'x');
    await closed;
    expect(running.codes).toContain('too-many-levels');
  });
});

describe('how often', () => {
  test('a terminal that signs in again and again has to wait, and others need not', async () => {
    await running.restartBroker({ limits: { clientRate: { perSecond: 0.001, burst: 2 } } });
    const id = newId('terminal');
    const again = () => running.terminal({}, id);
    (await again()).client.end(true);
    (await again()).client.end(true);
    await expect(again()).rejects.toThrow(/Server unavailable/);
    await seen('client-rate');
    await running.terminal();
  });

  test('an address that guesses tokens is turned away at the door', async () => {
    await running.restartBroker({ limits: { addressFailureRate: { perSecond: 0.001, burst: 3 } } });
    const guess = () => connectMqtt(running.ports.mqttPort, { clientId: 'a', username: 'a', password: 'guess' });
    for (let n = 0; n < 3; n += 1) await expect(guess()).rejects.toThrow(/Bad username or password/);
    const { closed } = await connectRaw(running.ports.mqttPort);
    await closed;
    expect(running.codes).toContain('address-failures');
  });

  test('bytes before sign-in are bounded in all, in frames of any size', async () => {
    await running.restartBroker({ limits: { handshakeRate: { perSecond: 1e6, burst: 1e6 } } });
    const { socket, closed } = await connectRaw(running.ports.mqttPort);
    const small = Buffer.concat([Buffer.from([0x30, 0x80, 0x08]), Buffer.alloc(1_024)]);
    socket.write(Buffer.concat([connectFrame('a', 'guess'), ...Array.from({ length: 20 }, () => small)]));
    await closed;
    await seen('too-much-before-connect');
  });
});

describe('a stop', () => {
  test('lets the cloud hear the last wills, and turns new connections away meanwhile', async () => {
    const service = await running.cloudClient();
    const wills = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const id = newId('terminal');
        const topic = topicsOf(id).presence;
        await running.terminal({ will: { topic, payload: Buffer.from(id), qos: 1, retain: false } }, id);
        return id;
      }),
    );
    await running.stopBroker();
    await vi.waitFor(() => expect(service.heard.map(({ text }) => text).toSorted()).toEqual(wills.toSorted()));
    await expect(connectRaw(running.ports.mqttPort)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('does not wait for a line that never closes its side', async () => {
    await running.restartBroker({ limits: { drainMs: 200 as never } });
    const { socket } = await connectRaw(running.ports.mqttPort);
    socket.allowHalfOpen = true;
    const stopped = running.stopBroker();
    await stopped;
    socket.destroy();
  });
});
