import type { Duplex } from 'node:stream';
import type { Clock } from '@gatecast/firmware-protocol';
import type { Session } from './access-policy.ts';
import type { Caller } from './admission.ts';
import { FrameMeter } from './frame-meter.ts';
import { grantedQos } from './kept-sessions.ts';
import type { Limits } from './limits.ts';
import { RateBucket } from './rate-bucket.ts';
import { Refusal, type RefusalCode } from './refusal.ts';

/** What a CONNECT says, kept until the policy tells who says it. */
interface Introduction {
  readonly clientId: string;
  readonly clean: boolean;
  readonly willTopic: string | undefined;
}

/** A connection with its bounds, and who is on it once that is known. */
export class GuardedConnection {
  /** A TCP or TLS socket, or what a WebSocket carries. */
  readonly stream: Duplex;
  readonly caller: Caller;
  session: Session | undefined;
  connect: Introduction | undefined;
  /** The filters granted, and their QoS. */
  readonly subscriptions = new Map<string, number>();

  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #meter: FrameMeter;
  readonly #rate: RateBucket;
  #subscribeRate: RateBucket | undefined;
  #unknownBytes = 0;
  #backlogBytes: number;
  #isGathering = false;

  constructor(stream: Duplex, caller: Caller, limits: Limits, clock: Clock) {
    this.stream = stream;
    this.caller = caller;
    this.#limits = limits;
    this.#clock = clock;
    this.#meter = new FrameMeter(limits.frameBytesBeforeConnect);
    this.#rate = new RateBucket(limits.handshakeRate, clock.mono());
    this.#backlogBytes = limits.terminalBacklogBytes;
  }

  /**
   * Puts the guards between the stream and aedes, which reads with `read()` and writes with `write()`. Own properties on the stream cost
   * nothing per connection, where a stream in between would double its memory.
   */
  install(): void {
    const { stream } = this;
    const read = stream.read.bind(stream);
    stream.read = (size?: number): unknown => {
      const chunk: unknown = read(size);
      return chunk instanceof Uint8Array && !this.#mayPass(chunk) ? null : chunk;
    };
    const write = stream.write.bind(stream);
    // aedes waits for «drain» after a write that answers false, and one frozen reader then holds up every topic
    // (27.6 s of a 30 s run, measured); the backlog is bounded here instead.
    stream.write = (...args: unknown[]): boolean => {
      if (this.cutIfSlow()) return true;
      this.#gather();
      Reflect.apply(write, undefined, args);
      return true;
    };
  }

  /** Widens the bounds to those of a known client. */
  accept(session: Session): void {
    this.session = session;
    const cloud = session.kind === 'cloud';
    this.#meter.limit(this.#limits.frameBytes);
    this.#rate.reset(cloud ? this.#limits.cloudRate : this.#limits.terminalRate);
    this.#backlogBytes = cloud ? this.#limits.cloudBacklogBytes : this.#limits.terminalBacklogBytes;
  }

  /** Counts one filter that is asked for. */
  maySubscribeAgain(): boolean {
    const nowMs = this.#clock.mono();
    this.#subscribeRate ??= new RateBucket(this.#limits.subscribeRate, nowMs);
    return this.#subscribeRate.take(1, nowMs);
  }

  /** The QoS at which a message goes out here: its own, or less if no matching filter was granted as much (clause 3.8.4). */
  outgoingQos(topic: string, qos: number): number {
    return qos === 0 ? 0 : Math.min(qos, grantedQos(this.subscriptions, topic, qos) ?? 0);
  }

  /** Ends a connection whose other side doesn't read; true if it is ended. */
  cutIfSlow(): boolean {
    if (this.stream.destroyed) return true;
    if (this.stream.writableLength <= this.#backlogBytes) return false;
    this.cut('slow-consumer');
    return true;
  }

  /** Counts a ping of the layer below MQTT; false, and the connection is ended, if there are too many or their answers wait. */
  mayPing(unreadBytes: number): boolean {
    if (unreadBytes > this.#backlogBytes) this.cut('slow-consumer');
    else if (!this.#rate.take(1, this.#clock.mono())) this.cut('packet-rate');
    else return true;
    return false;
  }

  /** Ends the connection; aedes reports the Refusal as the client's error. */
  cut(code: RefusalCode): void {
    this.stream.destroy(new Refusal(code));
  }

  /**
   * What goes out to somebody known in one turn of the event loop goes out as one: a call of the system costs more than all the rest of a message. What
   * refuses a stranger goes at once, as the line ends with it.
   */
  #gather(): void {
    if (this.#isGathering || !this.session) return;
    this.#isGathering = true;
    this.stream.cork();
    setImmediate(() => {
      this.#isGathering = false;
      this.stream.uncork();
    });
  }

  #mayPass(chunk: Uint8Array): boolean {
    if (!this.session && (this.#unknownBytes += chunk.length) > this.#limits.bytesBeforeConnect) {
      this.cut('too-much-before-connect');
      return false;
    }
    const frames = this.#meter.read(chunk);
    if (typeof frames !== 'number') this.cut(frames);
    else if (frames > 0 && !this.#rate.take(frames, this.#clock.mono())) this.cut('packet-rate');
    else return true;
    return false;
  }
}

/** The keepalive to hold a client to: what it asked for, within bounds; 0 («never») is the upper bound. */
export function boundedKeepaliveSeconds(asked: number | undefined, { min, max }: Limits['keepaliveSeconds']): number {
  return asked ? Math.min(max, Math.max(min, asked)) : max;
}
