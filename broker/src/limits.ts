import { milliseconds, seconds, type DurationMs } from '@gatecast/firmware-protocol';
import type { RateLimit } from './rate-bucket.ts';

/** Every bound of the broker. What a terminal sends is under 4 kB; the rest is room for growth. docs/broker.md lists them. */
export interface Limits {
  readonly connections: number;
  /** Connections whose CONNECT has not been accepted yet. */
  readonly handshakes: number;
  readonly connectRate: RateLimit;
  /** New connections of one address (IPv6: of one /64), and how many of its sign-ins may fail. */
  readonly addressRate: RateLimit;
  readonly addressFailureRate: RateLimit;
  /** Sign-ins of one terminal. */
  readonly clientRate: RateLimit;
  /** Addresses, and terminals, whose rates are known at one time; the ones heard of longest ago are forgotten. */
  readonly trackedRates: number;
  readonly connectDeadlineMs: DurationMs;
  /** Largest frame of somebody unknown, and all bytes of a connection until then. */
  readonly frameBytesBeforeConnect: number;
  readonly bytesBeforeConnect: number;
  /** Largest frame of somebody known. */
  readonly frameBytes: number;
  /** Frames a connection may send: before it is known, as a terminal, as a cloud process. */
  readonly handshakeRate: RateLimit;
  readonly terminalRate: RateLimit;
  readonly cloudRate: RateLimit;
  /** Unsent bytes at which a reader is given up. */
  readonly terminalBacklogBytes: number;
  readonly cloudBacklogBytes: number;
  /** QoS 2 messages of a connection that wait for their PUBREL. */
  readonly inflightInbound: number;
  /** Filters a connection holds, and filters it may ask for. */
  readonly subscriptions: number;
  readonly subscribeRate: RateLimit;
  readonly topicLevels: number;
  readonly retained: { readonly messages: number; readonly bytes: number; readonly payloadBytes: number };
  /** Sessions of clients that are away, where the policy keeps them. */
  readonly kept: { readonly sessions: number; readonly queuedMessages: number; readonly bytes: number };
  readonly keepaliveSeconds: { readonly min: number; readonly max: number };
  /** How late the event loop may be until nobody new is let in, and until the program ends itself. */
  readonly loopLagMs: DurationMs;
  readonly loopHangMs: DurationMs;
  /** How long a stop may take. */
  readonly drainMs: DurationMs;
  readonly revocationPollMs: DurationMs;
  readonly keyMaxAgeMs: DurationMs;
  /** How soon after a fetch an unknown key id may cause another one. */
  readonly keyRefetchMs: DurationMs;
  readonly sweepMs: DurationMs;
  readonly fetchTimeoutMs: DurationMs;
  /** How often `$SYS/broker/…` is told, and how often certificate files are looked at. */
  readonly statusEveryMs: DurationMs;
  readonly certificatePollMs: DurationMs;
}

export const defaultLimits: Limits = {
  connections: 12_000,
  handshakes: 2_000,
  connectRate: { perSecond: 1_000, burst: 5_000 },
  addressRate: { perSecond: 200, burst: 3_000 },
  addressFailureRate: { perSecond: 5, burst: 200 },
  clientRate: { perSecond: 0.5, burst: 20 },
  trackedRates: 20_000,
  connectDeadlineMs: seconds(5),
  frameBytesBeforeConnect: 4_096,
  bytesBeforeConnect: 16_384,
  frameBytes: 262_144,
  handshakeRate: { perSecond: 10, burst: 40 },
  terminalRate: { perSecond: 100, burst: 400 },
  cloudRate: { perSecond: 20_000, burst: 40_000 },
  terminalBacklogBytes: 524_288,
  cloudBacklogBytes: 8_388_608,
  inflightInbound: 16,
  subscriptions: 16,
  subscribeRate: { perSecond: 1, burst: 64 },
  topicLevels: 16,
  retained: { messages: 25_000, bytes: 33_554_432, payloadBytes: 16_384 },
  kept: { sessions: 1_000, queuedMessages: 1_000, bytes: 33_554_432 },
  keepaliveSeconds: { min: 30, max: 120 },
  loopLagMs: milliseconds(1_000),
  loopHangMs: seconds(20),
  drainMs: seconds(5),
  revocationPollMs: seconds(2),
  keyMaxAgeMs: seconds(60),
  keyRefetchMs: seconds(5),
  sweepMs: milliseconds(1_000),
  fetchTimeoutMs: seconds(2),
  statusEveryMs: seconds(10),
  certificatePollMs: seconds(5),
};
