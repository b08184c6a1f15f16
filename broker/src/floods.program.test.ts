import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newId } from '@gatecast/firmware-protocol';
import { topicsOf } from '@gatecast/firmware-protocol/messages';
import { startBrokerProgram, type BrokerProgram } from './broker-program.fixture.ts';
import { connectFrame, connectMqtt, connectRaw, lengthBytes } from './clients.fixture.ts';
import { startCloud, type CloudFixture } from './cloud.fixture.ts';

/** What strangers send costs so much memory at most. How long others wait meanwhile is measured by `npm run bench -- broker`. */
const growthMbMax = 64;
const megabyte = 1_048_576;

let cloud: CloudFixture;
let dataDir: string;
let broker: BrokerProgram;
let witness: Witness;

beforeEach(async () => {
  cloud = await startCloud();
  dataDir = await mkdtemp(join(tmpdir(), 'gatecast-broker-'));
  broker = await startBrokerProgram({ GATECAST_CLOUD_URL: cloud.url, GATECAST_DATA_DIR: dataDir });
  witness = await Witness.start();
});

afterEach(async () => {
  await witness.stop();
  await broker.stop();
  await cloud.stop();
  await rm(dataDir, { recursive: true });
});

/** An honest terminal: it says something, waits for the PUBACK, and says the next thing. */
class Witness {
  readonly #client: MqttClient;
  readonly #topic: string;
  #running = true;
  #done: Promise<void> = Promise.resolve();
  rounds = 0;

  constructor(client: MqttClient, topic: string) {
    this.#client = client;
    this.#topic = topic;
  }

  static async start(): Promise<Witness> {
    const id = newId('terminal');
    const password = await cloud.token(`terminal:${id}`);
    const client = await connectMqtt(broker.mqttPort, { clientId: id, username: id, password });
    const made = new Witness(client, topicsOf(id).presence);
    made.#done = made.#speak();
    return made;
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
    await this.#client.endAsync(true);
  }

  /** Resolves when it has been heard so often again. */
  async isHeard(times = 10): Promise<void> {
    const { rounds } = this;
    await vi.waitFor(() => expect(this.rounds).toBeGreaterThan(rounds + times));
  }

  async #speak(): Promise<void> {
    while (this.#running) {
      await this.#client.publishAsync(this.#topic, 'still here', { qos: 1 });
      this.rounds += 1;
      await passing(20); // within the rate of a terminal
    }
  }
}

/** Writes until the other side ends the line or `bytes` are written; resolves with how many were taken. */
async function flood(first: Buffer, bytes: number): Promise<number> {
  const socket = connect(broker.mqttPort, '127.0.0.1');
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  socket.write(first);
  const chunk = Buffer.alloc(65_536, 0x30);
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += chunk.length) {
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => closed), closed]);
  }
  const taken = socket.bytesWritten;
  socket.destroy();
  await closed;
  return taken;
}

test('180 MB before sign-in cost the broker no memory and others no time', async () => {
  const restMb = broker.rssMb();
  let mostMb = restMb;
  let taken = 0;
  const begun = [
    Buffer.concat([Buffer.from([0x10]), lengthBytes(60 * megabyte)]), // a CONNECT of 60 MB
    connectFrame('a', 'guess'), // a good one, and 60 MB behind it
    Buffer.from('GET / HTTP/1.1\r\n'),
  ];
  for (let round = 0; taken < 180 * megabyte && round < 2_000; round += 1) {
    const sent = await Promise.all(begun.map((first) => flood(first, 60 * megabyte)));
    taken += sent.reduce((sum, bytes) => sum + bytes, 0);
    mostMb = Math.max(mostMb, broker.rssMb());
  }
  expect(taken).toBeGreaterThan(180 * megabyte);
  expect(mostMb - restMb).toBeLessThanOrEqual(growthMbMax);
  await witness.isHeard();
}, 120_000);

test('two thousand lines that say nothing hold nobody up, and are shown out after five seconds', async () => {
  const restMb = broker.rssMb();
  const half = connectFrame('a', 'x'.repeat(3_900)).subarray(0, 3_900);
  const idle = await Promise.all(
    Array.from({ length: 2_000 }, async () => {
      const line = await connectRaw(broker.mqttPort);
      line.socket.write(half);
      return line;
    }),
  );
  await witness.isHeard();
  expect(broker.rssMb() - restMb).toBeLessThanOrEqual(growthMbMax);
  await Promise.all(idle.map(({ closed }) => closed));
  await witness.isHeard();
}, 60_000);

test('a connect flood is turned away at the door, and who is in stays in', async () => {
  const calls = Array.from({ length: 40 }, async () => {
    for (let n = 0; n < 200; n += 1) {
      const { socket, closed } = await connectRaw(broker.mqttPort);
      socket.destroy();
      await closed;
    }
  });
  await Promise.all(calls);
  await witness.isHeard();
  await vi.waitFor(() => expect(broker.logged.join('\n')).toContain('"code":"address-rate"'));
}, 60_000);
