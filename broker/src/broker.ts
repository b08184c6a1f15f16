import type { EventEmitter } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { Aedes, type Client } from 'aedes';
import { invariant, milliseconds, type Clock } from '@gatecast/firmware-protocol';
import type { Logger } from 'pino';
import type { AccessPolicy, MakePolicy } from './access-policy.ts';
import { Admission, type Caller } from './admission.ts';
import { aedesHooks } from './aedes-hooks.ts';
import { drain } from './drain.ts';
import { GuardedConnection } from './guarded-connection.ts';
import { KeptSessions } from './kept-sessions.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { Listeners, type ListenPorts } from './listeners.ts';
import { LoopLag } from './loop-lag.ts';
import { MemoryStore } from './memory-store.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { isFailedSignIn, refusalOf, type RefusalCode } from './refusal.ts';
import { RefusalLog } from './refusal-log.ts';
import { RetainedMessages } from './retained-messages.ts';
import { createStatusServer, listen } from './status-server.ts';
import { StatusTopics, type BrokerFigures } from './status-topics.ts';
import { TlsIdentity, type TlsFiles } from './tls-identity.ts';

export type { AccessPolicy, Credentials, MakePolicy, Session } from './access-policy.ts';
export { Refusal } from './refusal.ts';
export { tokenPolicy } from './token-policy.ts';

export interface BrokerOptions {
  readonly host: string;
  readonly ports: ListenPorts;
  readonly httpPort: number;
  /** Where the status port listens; loopback unless told otherwise, as it asks nobody who they are. */
  readonly httpHost?: string;
  /** Certificate and key of `mqtts` and `wss`, and the folder for their ticket keys. */
  readonly tls?: (TlsFiles & { readonly dataDir: string }) | undefined;
  /** Origins whose pages may connect by WebSocket. */
  readonly origins?: readonly string[];
  /** Addresses and networks of proxies that speak for others, and whose `x-forwarded-for` is believed. */
  readonly proxies?: readonly string[];
  readonly policy: MakePolicy;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: Partial<Limits>;
}

export interface BrokerPorts {
  readonly mqttPort: number | undefined;
  readonly mqttsPort: number | undefined;
  readonly wsPort: number | undefined;
  readonly wssPort: number | undefined;
  readonly httpPort: number;
}

export interface Broker {
  /** Listens; doesn't wait for the policy to be ready. Rejects if a port is taken or a kept file is damaged. */
  start(): Promise<BrokerPorts>;
  /** Lets everybody go in order, within `drainMs`; idempotent. */
  stop(): Promise<void>;
}

/** An MQTT 3.1.1 broker with bounds on everything; who may do what is the policy's. What it holds, it holds in memory. */
export function createBroker(options: BrokerOptions): Broker {
  return new GuardedBroker(options);
}

class GuardedBroker implements Broker {
  readonly #options: BrokerOptions;
  readonly #limits: Limits;
  readonly #metrics: Metrics;
  readonly #refusals: RefusalLog;
  readonly #policy: AccessPolicy;
  readonly #admission: Admission;
  readonly #lag: LoopLag;
  readonly #retained: RetainedMessages;
  readonly #kept: KeptSessions;
  readonly #connections = new Set<GuardedConnection>();
  /** By client, beyond the stream's end: aedes asks about the will after it. */
  readonly #byClient = new WeakMap<Client, GuardedConnection>();
  readonly #identity: TlsIdentity | undefined;
  readonly #listeners: Listeners;
  readonly #statusTopics: StatusTopics;
  #statusServer: HttpServer | undefined;
  #handshakes = 0;
  #startedAtMs = milliseconds(0);
  #draining = false;
  #aedes: Aedes | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: BrokerOptions) {
    const { clock, log } = options;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#admission = new Admission(this.#limits, clock);
    this.#retained = new RetainedMessages(this.#limits.retained);
    this.#kept = new KeptSessions(this.#limits.kept, () => this.#metrics.queueDropped());
    this.#metrics = createMetrics({
      connections: () => this.#connections.size,
      handshakes: () => this.#handshakes,
      backlogBytes: () => sum(this.#connections, ({ stream }) => stream.writableLength),
      subscriptions: () => sum(this.#connections, ({ subscriptions }) => subscriptions.size),
      retainedMessages: () => this.#retained.count,
      retainedBytes: () => this.#retained.bytes,
      keptSessions: () => this.#kept.count,
    });
    this.#refusals = new RefusalLog(log, clock);
    this.#lag = new LoopLag(clock, (lateMs) => this.#metrics.loopLate(lateMs));
    const shared = { clock, log, limits: this.#limits, metrics: this.#metrics };
    this.#policy = options.policy(shared);
    this.#identity = options.tls && new TlsIdentity({ ...shared, files: options.tls, dataDir: options.tls.dataDir });
    this.#statusTopics = new StatusTopics(
      this.#limits.statusEveryMs,
      () => this.#figures(),
      (topic, payload) => this.#tell(topic, payload),
    );
    this.#listeners = new Listeners({
      ...shared,
      host: options.host,
      ports: options.ports,
      identity: this.#identity,
      origins: options.origins ?? [],
      proxies: options.proxies ?? [],
      hasRoom: (peer) => this.#isAllowed(this.#crowdRefusal(), peer),
      mayCall: (caller) => this.#isAllowed(this.#admission.callerRefusal(caller), caller),
      take: (stream, caller) => this.#take(stream, caller),
      refused: (code, facts) => this.#refused(code, facts),
    });
  }

  async start(): Promise<BrokerPorts> {
    await this.#identity?.start();
    await this.#policy.start(() => this.#changed());
    this.#aedes = await this.#createAedes();
    this.#lag.start();
    this.#statusTopics.start();
    this.#startedAtMs = this.#options.clock.mono();
    this.#sweeping = setInterval(() => this.#sweep(), this.#limits.sweepMs);
    const isReady = () => this.#policy.ready && !this.#draining;
    this.#statusServer = createStatusServer(this.#metrics.registry, isReady);
    const { mqtt, mqtts, ws, wss } = await this.#listeners.start();
    const httpPort = await listen(this.#statusServer, this.#options.httpPort, this.#options.httpHost ?? '127.0.0.1');
    return { mqttPort: mqtt, mqttsPort: mqtts, wsPort: ws, wssPort: wss, httpPort };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  async #shutDown(): Promise<void> {
    this.#draining = true;
    const closed = this.#listeners.close();
    await drain(this.#connections, this.#limits.drainMs);
    clearInterval(this.#sweeping);
    this.#lag.stop();
    this.#statusTopics.stop();
    const aedes = this.#aedes;
    if (aedes) await new Promise<void>((resolve) => aedes.close(resolve));
    for (const { stream } of this.#connections) stream.destroy();
    const statusClosed = closing(this.#statusServer);
    this.#statusServer?.closeAllConnections();
    await Promise.all([closed, statusClosed, this.#identity?.stop(), this.#policy.stop()]);
  }

  async #createAedes(): Promise<Aedes> {
    const hooks = aedesHooks({
      limits: this.#limits,
      policy: this.#policy,
      retained: this.#retained,
      metrics: this.#metrics,
      log: this.#options.log,
      connectionOf: (client) => this.#of(client),
      signInRefusal: (session) => this.#admission.signInRefusal(session),
      signedIn: (connection) => this.#signedIn(connection),
      refused: (code, facts) => this.#refused(code, facts),
    });
    const incomingMax = this.#limits.connections + this.#limits.kept.sessions;
    const persistence = new MemoryStore(this.#retained, this.#kept, incomingMax);
    const aedes = await Aedes.createBroker({ ...hooks, persistence });
    aedes.on('clientError', (client, error) => this.#ended(client, error));
    aedes.on('connectionError', (client, error) => this.#ended(client, error));
    aedes.on('unsubscribe', (filters, client) => {
      for (const filter of filters) this.#of(client).subscriptions.delete(filter);
    });
    const emitter: EventEmitter = aedes; // its own types leave this event out
    emitter.on('error', (error: unknown) => this.#options.log.error({ err: error }, 'aedes reports a fault'));
    return aedes;
  }

  #crowdRefusal(): RefusalCode | undefined {
    if (this.#draining) return 'draining';
    const { openings } = this.#listeners;
    return this.#admission.crowdRefusal({
      connections: this.#connections.size + openings,
      handshakes: this.#handshakes + openings,
      lagMs: this.#lag.lagMs,
    });
  }

  /** Tells of a refusal, if it is one. */
  #isAllowed(refusal: RefusalCode | undefined, address: Caller): boolean {
    if (refusal) this.#refused(refusal, { address });
    return refusal === undefined;
  }

  /** A new line on which MQTT may be spoken, once it has been let in. */
  #take(stream: Duplex, caller: Caller): GuardedConnection {
    const connection = new GuardedConnection(stream, caller, this.#limits, this.#options.clock);
    connection.install();
    this.#connections.add(connection);
    this.#handshakes += 1;
    stream.once('close', () => {
      this.#connections.delete(connection);
      if (!connection.session) this.#handshakes -= 1;
    });
    invariant(this.#aedes, 'the server listens only while aedes runs');
    const client = this.#aedes.handle(stream);
    this.#byClient.set(client, connection);
    // Before aedes' own listener, which closes the line: its parser knows no answer to a level that it doesn't know (clause 3.1.2.2).
    client.prependListener('error', (error: Error) => {
      if (error.message === 'Invalid protocol version') stream.write(unacceptableLevel);
    });
    return connection;
  }

  #figures(): BrokerFigures {
    const { messagesIn, messagesOut, messageBytesIn, refusals } = this.#metrics.totals;
    return {
      uptime: Math.floor((this.#options.clock.mono() - this.#startedAtMs) / 1_000),
      'clients/connected': this.#connections.size,
      'clients/handshakes': this.#handshakes,
      'subscriptions/count': sum(this.#connections, ({ subscriptions }) => subscriptions.size),
      'messages/received': messagesIn,
      'messages/sent': messagesOut,
      'messages/retained': this.#retained.count,
      'bytes/received': messageBytesIn,
      refusals,
      'loop/late-ms': Math.round(this.#lag.lagMs),
    };
  }

  /** What the broker says itself, to who listens at this moment. */
  #tell(topic: string, payload: Buffer): void {
    const packet = { cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false } as const;
    this.#aedes?.publish(packet, (error) => {
      if (error) this.#options.log.error({ err: error, topic }, 'the broker could not tell of itself');
    });
  }

  #signedIn({ session }: GuardedConnection): void {
    this.#handshakes -= 1;
    if (session) this.#metrics.connected(session.kind);
  }

  #of(client: Client): GuardedConnection {
    const connection = this.#byClient.get(client);
    invariant(connection, 'every client of aedes came through #take');
    return connection;
  }

  #changed(): void {
    this.#retained.dropRevoked();
    this.#sweep();
  }

  /** Ends the connections of sessions that are over. */
  #sweep(): void {
    for (const connection of this.#connections) {
      const lapse = connection.session?.lapse();
      if (lapse) connection.cut(lapse);
    }
  }

  #ended(client: Client, error: Error): void {
    const { session, connect, caller } = this.#of(client);
    const facts = { client: connect?.clientId, subject: session?.subject, address: caller };
    const code = refusalOf(error);
    if (!code) return this.#options.log.debug({ ...facts, err: error }, 'connection lost');
    if (!session && isFailedSignIn(code)) this.#admission.signInFailed(caller);
    this.#refused(code, facts);
  }

  #refused(code: RefusalCode, facts: object): void {
    this.#metrics.refused(code);
    this.#refusals.refused(code, facts);
  }
}

/** CONNACK, return code 1 (MQTT 3.1.1, clause 3.2.2.3). */
const unacceptableLevel = Uint8Array.of(0x20, 2, 0, 1);

function sum<Item>(items: Iterable<Item>, of: (item: Item) => number): number {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
}

function closing(server: HttpServer | undefined): Promise<void> {
  return new Promise((resolve) => (server?.listening ? server.close(() => resolve()) : resolve()));
}
