import { milliseconds, seconds, type DurationMs } from '@gatecast/firmware-protocol';
import type { RateLimit } from './rate-bucket.ts';

/** Every bound of the broker. What a terminal sends is under 4 kB; the rest is room for growth. */
export interface Limits {
  readonly connections: number;
  /** Connections whose CONNECT has not been accepted yet. */
  readonly handshakes: number;
  readonly connectRate: RateLimit;
  readonly connectDeadlineMs: DurationMs;
  /** Largest frame of somebody unknown, and of somebody known. */
  readonly frameBytesBeforeConnect: number;
  readonly frameBytes: number;
  /** Frames a connection may send: before it is known, as a terminal, as a cloud process. */
  readonly handshakeRate: RateLimit;
  readonly terminalRate: RateLimit;
  readonly cloudRate: RateLimit;
  /** Unsent bytes at which a reader is given up. */
  readonly terminalBacklogBytes: number;
  readonly cloudBacklogBytes: number;
  readonly subscriptionRequests: number;
  readonly keepaliveSeconds: { readonly min: number; readonly max: number };
  readonly revocationPollMs: DurationMs;
  readonly keyMaxAgeMs: DurationMs;
  /** How soon after a fetch an unknown key id may cause another one. */
  readonly keyRefetchMs: DurationMs;
  readonly sweepMs: DurationMs;
  readonly fetchTimeoutMs: DurationMs;
}

export const defaultLimits: Limits = {
  connections: 12_000,
  handshakes: 2_000,
  connectRate: { perSecond: 1_000, burst: 5_000 },
  connectDeadlineMs: seconds(5),
  frameBytesBeforeConnect: 4_096,
  frameBytes: 262_144,
  handshakeRate: { perSecond: 10, burst: 40 },
  terminalRate: { perSecond: 100, burst: 400 },
  cloudRate: { perSecond: 20_000, burst: 40_000 },
  terminalBacklogBytes: 524_288,
  cloudBacklogBytes: 8_388_608,
  subscriptionRequests: 32,
  keepaliveSeconds: { min: 30, max: 120 },
  revocationPollMs: seconds(2),
  keyMaxAgeMs: seconds(60),
  keyRefetchMs: seconds(5),
  sweepMs: milliseconds(1_000),
  fetchTimeoutMs: seconds(2),
};
