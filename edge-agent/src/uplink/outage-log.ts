import type { Log } from '../log.ts';
import { codeOf } from './cloud-http.ts';

/** Tells the beginning and the end of an outage, and when its reason changes; not each try in between. */
export class OutageLog {
  readonly #log: Log;
  readonly #what: string;
  #lastCode: string | undefined;

  /** `what` is the sentence's subject, such as `the journal upload`. */
  constructor(log: Log, what: string) {
    this.#log = log;
    this.#what = what;
  }

  failed(error: unknown): void {
    const code = codeOf(error);
    if (code === this.#lastCode) return;
    this.#lastCode = code;
    this.#log.warn({ code, ...(code === 'internal' && { err: error }) }, `${this.#what} fails`);
  }

  recovered(): void {
    if (this.#lastCode !== undefined) this.#log.info({ after: this.#lastCode }, `${this.#what} works again`);
    this.#lastCode = undefined;
  }
}
