import type { Clock } from '@gatecast/firmware-protocol';
import type { Session } from './access-policy.ts';
import type { Limits } from './limits.ts';
import { RateBucket } from './rate-bucket.ts';
import { callerOf, RateTable } from './rate-table.ts';
import type { RefusalCode } from './refusal.ts';

/** What the door looks at besides the caller. */
export interface Crowd {
  readonly connections: number;
  readonly handshakes: number;
  /** How late the event loop is. */
  readonly lagMs: number;
}

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

  /** Why a new connection may not stay, or undefined. The caller's own rates come first, so that one caller cannot use up everybody's. */
  connectionRefusal(address: string | undefined, { connections, handshakes, lagMs }: Crowd): RefusalCode | undefined {
    const nowMs = this.#clock.mono();
    const caller = callerOf(address);
    if (connections >= this.#limits.connections) return 'too-many-connections';
    if (handshakes >= this.#limits.handshakes) return 'too-many-handshakes';
    if (lagMs > this.#limits.loopLagMs) return 'overloaded';
    if (!this.#failuresByAddress.has(caller, nowMs)) return 'address-failures';
    if (!this.#byAddress.take(caller, nowMs)) return 'address-rate';
    return this.#connects.take(1, nowMs) ? undefined : 'connect-rate';
  }

  /** A sign-in of `address` was refused. It counts against the address alone: nobody can lock a terminal out by using its name. */
  signInFailed(address: string | undefined): void {
    this.#failuresByAddress.take(callerOf(address), this.#clock.mono());
  }

  /** Counts a sign-in whose token was good; why it is one too many, or undefined. Cloud processes share one name and are not held to it. */
  signInRefusal({ kind, subject }: Session): RefusalCode | undefined {
    if (kind === 'cloud') return undefined;
    return this.#byClient.take(subject, this.#clock.mono()) ? undefined : 'client-rate';
  }
}
