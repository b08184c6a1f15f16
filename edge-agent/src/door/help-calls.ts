/** The property is told of one call in so long at each entrance, however often somebody presses. */
export const helpEveryMs = 30_000;

/** Who calls for help at the doors, and when last. Configured doors bound their number. */
export class HelpCalls {
  readonly #lastAt = new Map<string, number>();

  /** True if the property is to be told of this call. `mono` in ms. */
  isNew(entrance: string, mono: number): boolean {
    const last = this.#lastAt.get(entrance);
    if (last !== undefined && mono - last < helpEveryMs) return false;
    this.#lastAt.set(entrance, mono);
    return true;
  }
}
