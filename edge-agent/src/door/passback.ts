/** Where somebody was last seen. */
type Side = 'entry' | 'exit';

/** Credentials remembered; the one not seen for longest is forgotten first, and forgotten means not suspected. */
const rememberedMax = 20_000;

/**
 * Who is inside, as far as readers on the way in and out have told since the start of the program. Doors of one placement lead to the same inside.
 * A restart forgets everybody.
 */
export class Passback {
  readonly #lastSide = new Map<string, Side>();

  /** Somebody has passed. Returns true for who comes in twice without having gone out. */
  passed(placement: string, credential: string, side: Side): boolean {
    const key = `${placement} ${credential}`;
    const last = this.#lastSide.get(key);
    this.#lastSide.delete(key);
    this.#lastSide.set(key, side);
    for (const oldest of this.#lastSide.keys()) {
      if (this.#lastSide.size <= rememberedMax) break;
      this.#lastSide.delete(oldest);
    }
    return side === 'entry' && last === 'entry';
  }
}
