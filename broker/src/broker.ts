import type { EventEmitter } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';
import { invariant, type Clock } from '@gatecast/firmware-protocol';
import type { Logger } from 'pino';
import { GuardedConnection } from './guards.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { policyHooks } from './policy.ts';
import { RateBucket } from './rate-bucket.ts';
import { refusalOf, type RefusalCode } from './refusal.ts';
import { createStatusServer, listen } from './status-server.ts';
import { Trust } from './trust.ts';

export interface BrokerOptions {
  readonly host: string;
  /** 0 lets the system pick. */
  readonly port: number;
  readonly httpPort: number;
  readonly cloudUrl: string;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: Partial<Limits>;
}

export interface BrokerPorts {
  readonly mqttPort: number;
  readonly httpPort: number;
}

export interface Broker {
  /** Listens; doesn't wait for the cloud. Rejects if a port is taken or a kept file is damaged. */
  start(): Promise<BrokerPorts>;
  /** Closes every connection; idempotent. */
  stop(): Promise<void>;
}

/**
 * An MQTT 3.1.1 broker that knows its clients by their tokens and holds nothing but open connections:
 * sessions are clean, nothing is retained, nothing is queued for who is away.
 */
export function createBroker(options: BrokerOptions): Broker {
  return new GuardedBroker(options);
}

class GuardedBroker implements Broker {
  readonly #options: BrokerOptions;
  readonly #limits: Limits;
  readonly #metrics: Metrics;
  readonly #trust: Trust;
  readonly #connectRate: RateBucket;
  readonly #connections = new Set<GuardedConnection>();
  /** By client, beyond the socket's end: aedes asks about the will after it. */
  readonly #byClient = new WeakMap<Client, GuardedConnection>();
  #handshakes = 0;
  #aedes: Aedes | undefined;
  #mqttServer: Server | undefined;
  #statusServer: HttpServer | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#connectRate = new RateBucket(this.#limits.connectRate, options.clock.mono());
    this.#metrics = createMetrics({
      connections: () => this.#connections.size,
      handshakes: () => this.#handshakes,
    });
    this.#trust = new Trust({ ...options, limits: this.#limits, metrics: this.#metrics });
  }

  async start(): Promise<BrokerPorts> {
    await this.#trust.start(() => this.#sweep());
    this.#aedes = await this.#createAedes();
    this.#mqttServer = createServer((socket) => this.#take(socket));
    this.#statusServer = createStatusServer(this.#metrics.registry, () => this.#trust.keys.known);
    this.#sweeping = setInterval(() => this.#sweep(), this.#limits.sweepMs);
    const { host, port, httpPort } = this.#options;
    return {
      mqttPort: await listen(this.#mqttServer, port, host),
      httpPort: await listen(this.#statusServer, httpPort, host),
    };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  async #shutDown(): Promise<void> {
    clearInterval(this.#sweeping);
    const closed = [this.#mqttServer, this.#statusServer].map(closing);
    this.#statusServer?.closeAllConnections();
    const aedes = this.#aedes;
    if (aedes) await new Promise<void>((resolve) => aedes.close(resolve));
    for (const { socket } of this.#connections) socket.destroy();
    await Promise.all([...closed, this.#trust.stop()]);
  }

  async #createAedes(): Promise<Aedes> {
    const hooks = policyHooks({
      limits: this.#limits,
      trust: this.#trust,
      metrics: this.#metrics,
      log: this.#options.log,
      connectionOf: (client) => this.#of(client),
      signedIn: (connection) => this.#signedIn(connection),
      refused: (code, facts) => this.#refused(code, facts),
    });
    const aedes = await Aedes.createBroker(hooks);
    aedes.on('clientError', (client, error) => this.#ended(client, error));
    aedes.on('connectionError', (client, error) => this.#ended(client, error));
    const emitter: EventEmitter = aedes; // its own types leave this event out
    emitter.on('error', (error: unknown) => this.#options.log.error({ err: error }, 'aedes reports a fault'));
    return aedes;
  }

  /** A new TCP connection. */
  #take(socket: Socket): void {
    const refusal = this.#doorRefusal();
    if (refusal) {
      this.#refused(refusal, { address: socket.remoteAddress });
      socket.destroy();
      return;
    }
    const connection = new GuardedConnection(socket, this.#limits, this.#options.clock);
    connection.install();
    this.#connections.add(connection);
    this.#handshakes += 1;
    socket.once('close', () => {
      this.#connections.delete(connection);
      if (!connection.session) this.#handshakes -= 1;
    });
    invariant(this.#aedes, 'the server listens only while aedes runs');
    this.#byClient.set(this.#aedes.handle(socket), connection);
  }

  #doorRefusal(): RefusalCode | undefined {
    if (this.#connections.size >= this.#limits.connections) return 'too-many-connections';
    if (this.#handshakes >= this.#limits.handshakes) return 'too-many-handshakes';
    return this.#connectRate.take(1, this.#options.clock.mono()) ? undefined : 'connect-rate';
  }

  #signedIn({ session }: GuardedConnection): void {
    this.#handshakes -= 1;
    if (session) this.#metrics.connected(session.principal.kind);
  }

  #of(client: Client): GuardedConnection {
    const connection = this.#byClient.get(client);
    invariant(connection, 'every client of aedes came through #take');
    return connection;
  }

  /** Ends the connections whose token has been voided or has run out. */
  #sweep(): void {
    const now = this.#options.clock.now();
    for (const connection of this.#connections) {
      const { session } = connection;
      if (!session) continue;
      if (this.#trust.revocations.voids(session.subject, session.issuedAtSecond)) connection.cut('revoked');
      else if (session.expiresAt <= now) connection.cut('token-expired');
    }
  }

  #ended(client: Client, error: Error): void {
    const { session, connect, socket } = this.#of(client);
    const facts = { client: connect?.clientId, subject: session?.subject, address: socket.remoteAddress };
    const code = refusalOf(error);
    if (code) this.#refused(code, facts);
    else this.#options.log.debug({ ...facts, err: error }, 'connection lost');
  }

  #refused(code: RefusalCode, facts: object): void {
    this.#metrics.refused(code);
    this.#options.log.warn({ code, ...facts }, 'refused');
  }
}

function closing(server: Server | HttpServer | undefined): Promise<void> {
  return new Promise((resolve) => (server?.listening ? server.close(() => resolve()) : resolve()));
}
