import { repeatWithinMs } from './billable.ts';

/** Who opened in the last 30 s, to tell a repeat from a new touch. Monotonic times in ms. */
export class RecentCredentials {
  readonly #lastAt = new Map<string, number>();

  /** Ms since this credential last opened, null if that is long ago; from now on, it opened at `mono`. */
  opened(credential: string, mono: number): number | null {
    const last = this.#lastAt.get(credential);
    this.#lastAt.delete(credential);
    this.#lastAt.set(credential, mono);
    for (const [known, at] of this.#lastAt) {
      if (mono - at < repeatWithinMs) break;
      this.#lastAt.delete(known);
    }
    return last === undefined ? null : mono - last;
  }
}
