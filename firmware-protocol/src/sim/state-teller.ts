/** How often a change of the state is told at most; LEDs that blink need no more. */
const TELL_INTERVAL_MS = 30;
/** Whether somebody speaks to the hardware, and blinking, change by themselves. */
const TICK_MS = 250;

/** Tells listeners each change of a state that can be asked for at any time; a state that has not changed is not told again. */
export class StateTeller<State> {
  readonly #state: () => State;
  readonly #listeners = new Set<(state: State) => void>();
  #tick: ReturnType<typeof setInterval> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastTold = '';

  constructor(state: () => State) {
    this.#state = state;
  }

  start(): void {
    this.#tick = setInterval(() => this.#tell(), TICK_MS);
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#tick);
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  /** Each change from now on. Returns how to stop listening. */
  watch(listener: (state: State) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something may have changed. */
  changed(): void {
    this.#timer ??= setTimeout(() => this.#tell(), TELL_INTERVAL_MS);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const state = this.#state();
    const told = JSON.stringify(state);
    if (told !== this.#lastTold) {
      this.#lastTold = told;
      for (const listener of this.#listeners) {
        listener(state);
      }
    }
  }
}
