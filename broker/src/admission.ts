import type { Clock } from '@gatecast/firmware-protocol';
import type { Session } from './access-policy.ts';
import type { Limits } from './limits.ts';
import { RateBucket } from './rate-bucket.ts';
import { RateTable } from './rate-table.ts';
import type { RefusalCode } from './refusal.ts';

/** What the door looks at besides the caller. */
export interface Crowd {
  readonly connections: number;
  readonly handshakes: number;
  /** How late the event loop is. */
  readonly lagMs: number;
}

/** Who calls, by the network address; undefined for a proxy that speaks for others without saying for whom. */
export type Caller = string | undefined;

/** How many may come, and how often: all together, from one address, and as one client. */
export class Admission {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #connects: RateBucket;
  readonly #byAddress: RateTable;
  readonly #failuresByAddress: RateTable;
  readonly #byClient: RateTable;

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#connects = new RateBucket(limits.connectRate, clock.mono());
    this.#byAddress = new RateTable(limits.addressRate, limits.trackedRates);
    this.#failuresByAddress = new RateTable(limits.addressFailureRate, limits.trackedRates);
    this.#byClient = new RateTable(limits.clientRate, limits.trackedRates);
  }

  /** Why there is no room for one more, whoever it is, or undefined. */
  crowdRefusal({ connections, handshakes, lagMs }: Crowd): RefusalCode | undefined {
    if (connections >= this.#limits.connections) return 'too-many-connections';
    if (handshakes >= this.#limits.handshakes) return 'too-many-handshakes';
    return lagMs > this.#limits.loopLagMs ? 'overloaded' : undefined;
  }

  /** Why a caller comes too often, or undefined. The caller's own rates come first, so that one caller cannot use up everybody's. */
  callerRefusal(caller: Caller): RefusalCode | undefined {
    const nowMs = this.#clock.mono();
    if (caller !== undefined && !this.#failuresByAddress.has(caller, nowMs)) return 'address-failures';
    if (caller !== undefined && !this.#byAddress.take(caller, nowMs)) return 'address-rate';
    return this.#connects.take(1, nowMs) ? undefined : 'connect-rate';
  }

  /** A sign-in of `caller` was refused. It counts against the address alone: nobody can lock a terminal out by using its name. */
  signInFailed(caller: Caller): void {
    if (caller !== undefined) this.#failuresByAddress.take(caller, this.#clock.mono());
  }

  /** Counts a sign-in whose token was good; why it is one too many, or undefined. Cloud processes share one name and are not held to it. */
  signInRefusal({ kind, subject }: Session): RefusalCode | undefined {
    if (kind === 'cloud') return undefined;
    return this.#byClient.take(subject, this.#clock.mono()) ? undefined : 'client-rate';
  }
}
