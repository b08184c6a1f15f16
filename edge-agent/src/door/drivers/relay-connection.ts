import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import type { RelayBroker } from '../relay-broker.ts';

export interface RelayConnectionParts {
  readonly broker: RelayBroker;
  readonly topics: readonly string[];
  /** The subscriptions stand: what relays say from now on is heard. */
  readonly onUp: () => void;
  readonly onDown: (error: Error | undefined) => void;
  /** `isRetained`: kept by the broker from before, not said now. */
  readonly onMessage: (topic: string, payload: string, isRetained: boolean) => void;
}

/** First and longest pause before another try. */
const reconnectMsMin = 100;
const reconnectMsMax = 2_000;
const connectMsMax = 5_000;
/** A broker that has vanished without a word is noticed after one and a half times this. */
const keepaliveSeconds = 5;
/** How long a farewell may take until the socket is closed without it. */
const farewellMsMax = 1_000;

/**
 * The line to the relays' broker: MQTT 3.1.1, clean sessions, a new client for each connection. Nothing is queued: what could not leave now must not
 * leave later, so a line that does not take a message within its time is reset, bytes and all.
 */
export class RelayConnection {
  readonly #parts: RelayConnectionParts;
  #client: MqttClient | undefined;
  #isUp = false;
  #isRunning = false;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #reconnectMs = reconnectMsMin;

  constructor(parts: RelayConnectionParts) {
    this.#parts = parts;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#connect();
  }

  /** Lets what was published in this turn leave. Idempotent; nothing is told any more. */
  stop(): void {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#isUp = false;
    clearTimeout(this.#reconnectTimer);
    const client = this.#client;
    if (!client) return;
    // An orderly end waits for a broker that may have stopped answering, and a second call to end is not heard.
    const force = setTimeout(() => client.stream.destroy(), farewellMsMax);
    client.once('close', () => clearTimeout(force));
    client.end(!client.connected);
  }

  /** At most once, now or never; `onTaken` when the broker has it. False when the line is down. */
  publish(topic: string, payload: string, onTaken: () => void): boolean {
    const client = this.#client;
    if (!this.#isUp || !client) return false;
    client.publish(topic, payload, { qos: 1, retain: false }, (error) => {
      if (!error) onTaken();
    });
    return true;
  }

  /** What the broker has kept on these topics is told once more. */
  retell(topics: readonly string[]): void {
    if (this.#isUp) this.#client?.subscribe([...topics], { qos: 1 });
  }

  /** Drops the line with all that has not left it yet. */
  reset(): void {
    const stream: unknown = this.#client?.stream;
    if (stream instanceof Socket) stream.resetAndDestroy();
    this.#client?.end(true);
  }

  #connect(): void {
    const { url, username, password } = this.#parts.broker;
    const client = mqtt.connect(url, {
      protocolVersion: 4,
      clean: true,
      clientId: `gatecast-${randomBytes(6).toString('hex')}`,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      keepalive: keepaliveSeconds,
      connectTimeout: connectMsMax,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
    });
    this.#client = client;
    let fault: Error | undefined;
    const fail = (error: Error) => {
      fault = error;
      client.end(true); // what spoke no MQTT would otherwise stay connected
    };
    client.on('connect', () => this.#subscribe(client, fail));
    client.on('message', (topic, payload, { retain }) => {
      if (this.#isRunning) this.#parts.onMessage(topic, payload.toString(), retain);
    });
    client.on('error', fail);
    client.once('close', () => {
      client.end(true);
      this.#onDown(client, fault);
    });
  }

  #subscribe(client: MqttClient, fail: (error: Error) => void): void {
    client.subscribe([...this.#parts.topics], { qos: 1 }, (error) => {
      if (client !== this.#client || !this.#isRunning) return;
      if (error) return fail(error);
      this.#isUp = true;
      this.#reconnectMs = reconnectMsMin;
      this.#parts.onUp();
    });
  }

  #onDown(client: MqttClient, error: Error | undefined): void {
    if (client !== this.#client || !this.#isRunning) return;
    this.#client = undefined;
    this.#isUp = false;
    this.#reconnectTimer = setTimeout(() => this.#connect(), this.#reconnectMs);
    this.#reconnectMs = Math.min(this.#reconnectMs * 2, reconnectMsMax);
    this.#parts.onDown(error);
  }
}
