/** Calls `act` at once, but never twice within `everyMs`: what comes in between is done once, at the end of that time. */
export class Throttle {
  readonly #act: () => void;
  readonly #everyMs: number;
  #resting: NodeJS.Timeout | undefined;
  #isOwed = false;

  constructor(act: () => void, everyMs: number) {
    this.#act = act;
    this.#everyMs = everyMs;
  }

  call(): void {
    if (this.#resting) {
      this.#isOwed = true;
      return;
    }
    this.#resting = setTimeout(() => this.#rested(), this.#everyMs);
    this.#act();
  }

  /** What is owed is dropped. Idempotent. */
  stop(): void {
    clearTimeout(this.#resting);
    this.#resting = undefined;
    this.#isOwed = false;
  }

  #rested(): void {
    this.#resting = undefined;
    if (!this.#isOwed) return;
    this.#isOwed = false;
    this.call();
  }
}
