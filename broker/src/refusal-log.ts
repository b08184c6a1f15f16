import type { Clock } from '@gatecast/firmware-protocol';
import type { Logger } from 'pino';
import { RateTable } from './rate-table.ts';
import type { RefusalCode } from './refusal.ts';

/** Lines for each code: a flood is told by its figures, not by a line for each of its connections. */
const lineRate = { perSecond: 2, burst: 100 };
const codesMax = 100;

/** Tells of refusals, and of how many it did not tell. */
export class RefusalLog {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #lines = new RateTable(lineRate, codesMax);
  readonly #untold = new Map<RefusalCode, number>();

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  refused(code: RefusalCode, facts: object): void {
    const untold = this.#untold.get(code) ?? 0;
    if (!this.#lines.take(code, this.#clock.mono())) {
      this.#untold.set(code, untold + 1);
      return;
    }
    this.#untold.delete(code);
    this.#log.warn({ code, ...facts, ...(untold > 0 && { untold }) }, 'refused');
  }
}
