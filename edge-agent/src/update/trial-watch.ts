import type { Clock } from '@gatecast/firmware-protocol';
import type { UpdateFault } from '@gatecast/firmware-protocol/messages';
import type { Trial } from './boot-state.ts';
import { lackOf, type Vitals } from './trial-rules.ts';

export interface TrialParts {
  readonly clock: Pick<Clock, 'mono'>;
  readonly before: Trial['before'];
  readonly vitals: () => Vitals;
  /** Bounds of the trial: how long all has to hold in one piece, and how long it may take to get there. */
  readonly steadyMs: number;
  readonly trialMs: number;
  /** Called once: healthy, or what was lacking at the end. */
  readonly onVerdict: (fault: UpdateFault | undefined) => void;
}

const lookEveryMs = 500;

/** Looks whether a release on trial does what the one before did. */
export class TrialWatch {
  readonly #parts: TrialParts;
  #timer: NodeJS.Timeout | undefined;
  #healthySince: number | undefined;

  constructor(parts: TrialParts) {
    this.#parts = parts;
  }

  start(): void {
    const since = this.#parts.clock.mono();
    this.#timer = setInterval(() => this.#look(since), lookEveryMs);
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(since: number): void {
    const { clock, before, vitals, steadyMs, trialMs } = this.#parts;
    const now = clock.mono();
    const lack = lackOf(before, vitals());
    if (lack === undefined) this.#healthySince ??= now;
    else this.#healthySince = undefined;
    if (this.#healthySince !== undefined && now - this.#healthySince >= steadyMs) this.#end(undefined);
    else if (lack !== undefined && now - since >= trialMs) this.#end(lack);
  }

  #end(fault: UpdateFault | undefined): void {
    this.stop();
    this.#parts.onVerdict(fault);
  }
}
