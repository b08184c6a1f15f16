import { afterWrong, freeLane, isLocked, type Lane } from './lockout.ts';

/** Lanes are units of the list and one for the reader, so there are never more than units. */
const lanesMax = 10_000;

/** The lanes of one terminal, in memory: they start free after a restart, which nobody at the keypad can cause. */
export class WrongCodes {
  readonly #lanes = new Map<string, Lane>();

  isLocked(lane: string, mono: number): boolean {
    return isLocked(this.#lanes.get(lane) ?? freeLane, mono);
  }

  /** Returns true if this wrong code locked its lane. */
  wrong(lane: string, mono: number): boolean {
    if (this.#lanes.size >= lanesMax && !this.#lanes.has(lane)) this.#forgetOne(mono);
    const next = afterWrong(this.#lanes.get(lane) ?? freeLane, mono);
    this.#lanes.set(lane, next);
    return isLocked(next, mono);
  }

  right(lane: string): void {
    this.#lanes.delete(lane);
  }

  #forgetOne(mono: number): void {
    for (const [lane, state] of this.#lanes) {
      if (isLocked(state, mono)) continue;
      this.#lanes.delete(lane);
      return;
    }
  }
}
