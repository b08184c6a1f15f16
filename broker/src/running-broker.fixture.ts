import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { IClientOptions, MqttClient } from 'mqtt';
import { pino } from 'pino';
import { newId, systemClock } from '@gatecast/firmware-protocol';
import { cloudSubscriptions, topicsOf } from '@gatecast/firmware-protocol/messages';
import { createBroker, tokenPolicy, type Broker, type BrokerOptions, type BrokerPorts } from './broker.ts';
import { connectMqtt } from './clients.fixture.ts';
import { startCloud, type CloudFixture } from './cloud.fixture.ts';

interface LogLine {
  readonly code?: string;
}

/** A broker with the policy of the cloud's tokens, the cloud that it asks, and clients of both kinds. */
export class RunningBroker {
  readonly cloud: CloudFixture;
  readonly dataDir: string;
  readonly logged: LogLine[] = [];
  ports: BrokerPorts & { readonly mqttPort: number } = {
    mqttPort: 0,
    mqttsPort: undefined,
    wsPort: undefined,
    wssPort: undefined,
    httpPort: 0,
  };
  #broker: Broker | undefined;
  readonly #clients: MqttClient[] = [];

  constructor(cloud: CloudFixture, dataDir: string) {
    this.cloud = cloud;
    this.dataDir = dataDir;
  }

  static async start(changes: Partial<BrokerOptions> = {}): Promise<RunningBroker> {
    const running = new RunningBroker(await startCloud(), await mkdtemp(join(tmpdir(), 'gatecast-broker-')));
    await running.startBroker(changes);
    return running;
  }

  async startBroker(changes: Partial<BrokerOptions> = {}): Promise<void> {
    const { logged } = this;
    const sink = new Writable({
      write(line: Buffer, _encoding, done) {
        logged.push(JSON.parse(line.toString()) as LogLine);
        done();
      },
    });
    this.#broker = createBroker({
      host: '127.0.0.1',
      ports: { mqtt: 0 },
      httpPort: 0,
      policy: tokenPolicy({ cloudUrl: this.cloud.url, dataDir: this.dataDir }),
      clock: systemClock,
      log: pino(sink),
      ...changes,
    });
    const ports = await this.#broker.start();
    this.ports = { ...ports, mqttPort: ports.mqttPort ?? 0 };
  }

  async restartBroker(changes: Partial<BrokerOptions> = {}): Promise<void> {
    await this.stopBroker();
    await this.startBroker(changes);
  }

  stopBroker(): Promise<void> {
    return this.#broker?.stop() ?? Promise.resolve();
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.end(true);
    await this.stopBroker();
    await this.cloud.stop();
    await rm(this.dataDir, { recursive: true });
  }

  /** Codes of all log lines, in order. */
  get codes(): (string | undefined)[] {
    return this.logged.map(({ code }) => code);
  }

  async terminal(options: Partial<IClientOptions> = {}, id = newId('terminal')) {
    const password = await this.cloud.token(`terminal:${id}`);
    const client = await connectMqtt(this.ports.mqttPort, { clientId: id, username: id, password, ...options });
    this.#clients.push(client);
    return { id, client, topics: topicsOf(id) };
  }

  async cloudClient() {
    const password = await this.cloud.token('service:cloud');
    const clientId = `cloud-${this.#clients.length}`;
    const client = await connectMqtt(this.ports.mqttPort, { clientId, username: 'cloud', password });
    this.#clients.push(client);
    const heard: { topic: string; text: string; retain: boolean; qos: number; dup: boolean }[] = [];
    client.on('message', (topic, payload, { retain, qos, dup }) =>
      heard.push({ topic, text: payload.toString(), retain, qos, dup }),
    );
    await client.subscribeAsync([...cloudSubscriptions], { qos: 1 });
    return { client, heard };
  }

  /** What the status port answers. */
  async status(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`http://127.0.0.1:${this.ports.httpPort}${path}`);
    return { status: response.status, text: await response.text() };
  }
}
