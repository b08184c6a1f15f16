import { emptyBuffer, keyGapMsMax, typeKey, type Entered, type KeyBuffer } from './typed-code.ts';

/** The keys that somebody is pressing at one reader. They are forgotten when the next one does not come. */
export class Keypad {
  readonly #onLength: (characters: number) => void;
  #buffer: KeyBuffer = emptyBuffer;
  #timer: NodeJS.Timeout | undefined;

  /** `onLength` is told how many characters stand in the buffer, never which. */
  constructor(onLength: (characters: number) => void) {
    this.#onLength = onLength;
  }

  /** `enter` is called within this turn for each entry that the keys end. */
  press(keys: string, mono: number, enter: (entered: Entered) => void): void {
    for (const key of keys) {
      const { buffer, entered } = typeKey(this.#buffer, key, mono);
      this.#buffer = buffer;
      if (entered) enter(entered);
    }
    this.#onLength(this.#buffer.keys.length);
    clearTimeout(this.#timer);
    if (this.#buffer.keys !== '') this.#timer = setTimeout(() => this.#forget(), keyGapMsMax);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #forget(): void {
    this.#buffer = emptyBuffer;
    this.#onLength(0);
  }
}
