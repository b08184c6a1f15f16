import type { Socket } from 'node:net';
import { milliseconds, type Clock } from '@gatecast/firmware-protocol';
import type { Principal } from '@gatecast/firmware-protocol/messages';
import type { Session } from './authenticate.ts';
import { FrameMeter } from './frame-meter.ts';
import type { Limits } from './limits.ts';
import { RateBucket } from './rate-bucket.ts';
import { Refusal, type RefusalCode } from './refusal.ts';

const tcpKeepaliveMs = milliseconds(60_000);

/** A TCP connection with its bounds, and who is on it once that is known. */
export class GuardedConnection {
  readonly socket: Socket;
  session: Session | undefined;
  /** What its CONNECT said, kept until the token tells who says it. */
  connect:
    | { readonly clientId: string; readonly will: { readonly topic: string; readonly qos: number } | undefined }
    | undefined;
  subscriptionRequests = 0;

  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #meter: FrameMeter;
  readonly #rate: RateBucket;
  #backlogBytes: number;

  constructor(socket: Socket, limits: Limits, clock: Clock) {
    this.socket = socket;
    this.#limits = limits;
    this.#clock = clock;
    this.#meter = new FrameMeter(limits.frameBytesBeforeConnect);
    this.#rate = new RateBucket(limits.handshakeRate, clock.mono());
    this.#backlogBytes = limits.terminalBacklogBytes;
  }

  /**
   * Puts the guards between the socket and aedes, which reads with `read()` and writes with `write()`. Own properties on the socket cost
   * nothing per connection, where a stream in between would double its memory.
   */
  install(): void {
    const { socket } = this;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, tcpKeepaliveMs);
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      const chunk: unknown = read(size);
      return chunk instanceof Uint8Array && !this.#mayPass(chunk) ? null : chunk;
    };
    const write = socket.write.bind(socket);
    // aedes waits for «drain» after a write that answers false, and one frozen reader then holds up every topic
    // (27.6 s of a 30 s run, measured); the backlog is bounded here instead.
    socket.write = (...args: unknown[]): boolean => {
      if (!this.cutIfSlow()) Reflect.apply(write, undefined, args);
      return true;
    };
  }

  /** Widens the bounds to those of a known client. */
  accept(session: Session): void {
    this.session = session;
    const cloud = isCloud(session.principal);
    this.#meter.limit(this.#limits.frameBytes);
    this.#rate.reset(cloud ? this.#limits.cloudRate : this.#limits.terminalRate);
    this.#backlogBytes = cloud ? this.#limits.cloudBacklogBytes : this.#limits.terminalBacklogBytes;
  }

  /** Ends a connection whose other side doesn't read; true if it is ended. */
  cutIfSlow(): boolean {
    if (this.socket.destroyed) return true;
    if (this.socket.writableLength <= this.#backlogBytes) return false;
    this.cut('slow-consumer');
    return true;
  }

  /** Ends the connection; aedes reports the Refusal as the client's error. */
  cut(code: RefusalCode): void {
    this.socket.destroy(new Refusal(code));
  }

  #mayPass(chunk: Uint8Array): boolean {
    const frames = this.#meter.read(chunk);
    if (typeof frames !== 'number') this.cut(frames);
    else if (frames > 0 && !this.#rate.take(frames, this.#clock.mono())) this.cut('packet-rate');
    else return true;
    return false;
  }
}

const isCloud = (who: Principal): boolean => who.kind === 'cloud';

/** The keepalive to hold a client to: what it asked for, within bounds; 0 («never») is the upper bound. */
export function boundedKeepaliveSeconds(asked: number | undefined, { min, max }: Limits['keepaliveSeconds']): number {
  return asked ? Math.min(max, Math.max(min, asked)) : max;
}
