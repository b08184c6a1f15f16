import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import mqtt, { type MqttClient } from 'mqtt';
import { relayTopics as topics, type RelayRequest, type RelaySimState } from './relay-sim.fixture.ts';

/**
 * A networked relay with its door, and the site's broker, as a program of its own. Payloads: `open {ms}` is timed by the relay, `on` is not, `secure` ends
 * both. Its state and contact are kept by the broker, its will says `offline`. Told what to do by its parent's messages.
 */
class RelaySim {
  #client: MqttClient | undefined;
  #offTimer: NodeJS.Timeout | undefined;
  #releasedSince: number | undefined;
  #isMute = false;
  readonly state: RelaySimState = { released: false, opens: 0, lastPulseMs: null, commands: [] };

  async plugIn(port: number): Promise<void> {
    const will = { topic: topics.availability, payload: Buffer.from('offline'), qos: 1, retain: true } as const;
    const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { protocolVersion: 4, reconnectPeriod: 50, will });
    this.#client = client;
    client.on('message', (_topic, payload) => this.#obey(payload.toString()));
    client.on('connect', () => {
      client.subscribe(topics.command, { qos: 1 });
      this.#say(topics.availability, 'online');
      this.#sayState();
    });
    client.on('error', () => {}); // the broker may be down: it is tried again
    await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  }

  /** Without power the relay falls back, and its line breaks without a farewell. */
  pullOut(): void {
    this.#switch(false);
    this.#client?.removeAllListeners('message');
    if (this.#client) this.#client.options.reconnectPeriod = 0;
    this.#client?.stream.destroy();
    this.#client?.end(true);
  }

  moveLeaf(open: boolean): void {
    this.#say(topics.contact, open ? 'OPEN' : 'CLOSED');
  }

  mute(isMute: boolean): void {
    this.#isMute = isMute;
    if (!isMute) this.#sayState();
  }

  #obey(payload: string): void {
    this.state.commands.push(payload);
    const pulseMs = Number(/^open (\d+)$/.exec(payload)?.[1] ?? 0);
    if (pulseMs === 0 && payload !== 'on' && payload !== 'secure') return;
    this.#switch(payload === 'on' || pulseMs > 0);
    if (pulseMs > 0) this.#offTimer = setTimeout(() => this.#switch(false), pulseMs);
  }

  #switch(released: boolean): void {
    clearTimeout(this.#offTimer);
    if (released && this.#releasedSince === undefined) {
      this.#releasedSince = performance.now();
      this.state.opens += 1;
    }
    if (!released && this.#releasedSince !== undefined) {
      this.state.lastPulseMs = Math.round(performance.now() - this.#releasedSince);
      this.#releasedSince = undefined;
    }
    this.state.released = released;
    this.#sayState();
  }

  #sayState(): void {
    if (!this.#isMute) this.#say(topics.state, this.state.released ? 'ON' : 'OFF');
  }

  #say(topic: string, payload: string): void {
    if (this.#client?.connected) this.#client.publish(topic, payload, { qos: 1, retain: true });
  }
}

const broker = await Aedes.createBroker();
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  broker.handle(socket);
});

async function listen(port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const port = await listen(0);
const relay = new RelaySim();
await relay.plugIn(port);
relay.moveLeaf(false);

async function carryOut({ order, on }: RelayRequest): Promise<void> {
  switch (order) {
    case 'state':
      return;
    case 'leaf':
      return relay.moveLeaf(on);
    case 'mute':
      return relay.mute(on);
    case 'power':
      return on ? relay.plugIn(port) : relay.pullOut();
    case 'broker':
      if (on) await listen(port);
      else server.close();
      for (const socket of sockets) socket.resetAndDestroy();
      return;
  }
}

process.on('message', (request: RelayRequest) => {
  void carryOut(request).then(() => process.send?.({ id: request.id, state: relay.state }));
});
process.once('disconnect', () => process.exit());
process.send?.({ port });
