import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import { invariant } from '@gatecast/firmware-protocol';
import { clientAddress, proxyCheck, type AddressOf } from '@gatecast/firmware-protocol/node';
import type { Caller } from './admission.ts';
import type { GuardedConnection } from './guarded-connection.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import type { RefusalCode } from './refusal.ts';
import { listen } from './status-server.ts';
import type { TlsIdentity } from './tls-identity.ts';
import { carryMqtt, upgradeOptions } from './web-socket-lines.ts';

/** Where MQTT is spoken; 0 lets the system pick, undefined: not at all. */
export interface ListenPorts {
  readonly mqtt?: number | undefined;
  readonly mqtts?: number | undefined;
  readonly ws?: number | undefined;
  readonly wss?: number | undefined;
}

export interface ListenerParts {
  readonly host: string;
  readonly ports: ListenPorts;
  /** Needed for `mqtts` and `wss`. */
  readonly identity: TlsIdentity | undefined;
  readonly origins: readonly string[];
  /** Addresses and networks of proxies that speak for others. */
  readonly proxies: readonly string[];
  readonly limits: Limits;
  readonly metrics: Metrics;
  /** Whether there is room for a line; tells of it if not. */
  readonly hasRoom: (peer: string | undefined) => boolean;
  /** Whether a caller may have one more line; tells of it if not. */
  readonly mayCall: (caller: Caller) => boolean;
  readonly take: (stream: Duplex, caller: Caller) => GuardedConnection;
  readonly refused: (code: RefusalCode, facts: object) => void;
}

/** TCP keepalive finds lines that broke without a word, whatever is spoken on them. */
const lineOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000, highWaterMark: 16_384 };

/**
 * The listeners for MQTT: TCP, TLS, and WebSocket on either. Each socket is let in or turned away before anything above TCP costs anything, and
 * has to have come through its handshakes within the deadline.
 */
export class Listeners {
  readonly #parts: ListenerParts;
  readonly #addressOf: AddressOf;
  readonly #isProxy: (peer: string | undefined) => boolean;
  readonly #gates: Server[] = [];
  /** Lines that are still shaking hands, below MQTT, by their far end. */
  readonly #opening = new Map<string, NodeJS.Timeout>();

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#addressOf = clientAddress(parts.proxies);
    this.#isProxy = proxyCheck(parts.proxies);
  }

  get openings(): number {
    return this.#opening.size;
  }

  /** Rejects if a port is taken. */
  async start(): Promise<ListenPorts> {
    const { mqtt, mqtts, ws, wss } = this.#parts.ports;
    return {
      mqtt: await this.#gate(mqtt, (socket) => void this.#parts.take(socket, this.#callerOf(socket))),
      mqtts: await this.#gate(
        mqtts,
        this.#handOver(() => this.#tlsServer()),
      ),
      ws: await this.#gate(
        ws,
        this.#handOver(() => this.#webSockets(createHttpServer(upgradeOptions))),
        true,
      ),
      wss: await this.#gate(
        wss,
        this.#handOver(() => this.#secureWebSockets()),
        true,
      ),
    };
  }

  /** Takes no new lines; resolves when the ones taken have closed. */
  async close(): Promise<void> {
    await Promise.all(this.#gates.map((gate) => new Promise((resolve) => gate.close(resolve))));
  }

  /** `asksLater`: a proxy says for whom it calls when it has shaken hands, and its line counts from then on. */
  async #gate(
    port: number | undefined,
    begin: (socket: Socket) => void,
    asksLater = false,
  ): Promise<number | undefined> {
    if (port === undefined) return undefined;
    const { hasRoom, mayCall } = this.#parts;
    const gate = createServer(lineOptions, (socket) => {
      const isAskedLater = asksLater && this.#isProxy(socket.remoteAddress);
      if (hasRoom(socket.remoteAddress) && (isAskedLater || mayCall(this.#callerOf(socket)))) begin(socket);
      else socket.destroy();
    });
    this.#gates.push(gate);
    return listen(gate, port, this.#parts.host);
  }

  /** A proxy of TCP says of nobody who it is. */
  #callerOf({ remoteAddress }: Socket): Caller {
    return this.#isProxy(remoteAddress) ? undefined : (this.#addressOf(remoteAddress, undefined) ?? 'unknown');
  }

  /** Lets a server that doesn't listen itself shake hands, for so long. */
  #handOver(make: () => TlsServer | HttpServer): (socket: Socket) => void {
    let server: TlsServer | HttpServer | undefined;
    return (socket) => {
      server ??= make();
      const farEnd = farEndOf(socket);
      const late = () => {
        this.#parts.refused('connect-timeout', { address: socket.remoteAddress });
        socket.destroy();
      };
      this.#opening.set(farEnd, setTimeout(late, this.#parts.limits.connectDeadlineMs));
      socket.once('close', () => this.#settle(farEnd));
      server.emit('connection', socket);
    };
  }

  #settle(farEnd: string): void {
    clearTimeout(this.#opening.get(farEnd));
    this.#opening.delete(farEnd);
  }

  #tlsServer(): TlsServer {
    return this.#secured(createTlsServer(this.#identity.options), (socket) => {
      this.#settle(farEndOf(socket));
      this.#parts.take(socket, this.#callerOf(socket));
    });
  }

  #secureWebSockets(): TlsServer {
    const server = createHttpsServer({ ...this.#identity.options, ...upgradeOptions });
    return this.#secured(this.#webSockets(server));
  }

  #webSockets<Server extends HttpServer>(server: Server): Server {
    const { limits, origins, refused, take, mayCall } = this.#parts;
    carryMqtt(server, {
      limits,
      origins,
      refused,
      callerOf: (socket, forwardedFor) => this.#addressOf(socket.remoteAddress, forwardedFor) ?? 'unknown',
      // Who calls by itself was asked at the gate.
      mayCall: (socket, caller) => !this.#isProxy(socket.remoteAddress) || mayCall(caller),
      take: (stream, socket, caller) => {
        this.#settle(farEndOf(socket));
        return take(stream, caller);
      },
    });
    return server;
  }

  #secured<Server extends TlsServer>(server: Server, begin?: (socket: TLSSocket) => void): Server {
    const { metrics, refused } = this.#parts;
    server.on('secureConnection', (socket: TLSSocket) => {
      metrics.tlsHandshake(socket.isSessionReused());
      begin?.(socket);
    });
    server.on('tlsClientError', (error: Error & { code?: string }, socket: TLSSocket) => {
      refused('tls-handshake', { address: socket.remoteAddress, fault: error.code });
      socket.destroy();
    });
    this.#identity.keep(server);
    return server;
  }

  get #identity(): TlsIdentity {
    const { identity } = this.#parts;
    invariant(identity, 'mqtts and wss are given with a certificate only');
    return identity;
  }
}

const farEndOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}/${remotePort}`;
