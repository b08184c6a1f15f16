/** What a terminal remembers of its own log: an hour of a busy door, minutes of a storm. */
const ringBytesMax = 512 * 1024;
/** A line is cut after this; a stack trace is shorter. */
const lineLengthMax = 8_192;

/** The newest lines of the program's log in memory, for whoever is far away. A destination for pino; whatever is written here stays unredacted. */
export class LogRing {
  readonly #bytesMax: number;
  readonly #lines: string[] = [];
  #bytes = 0;

  constructor(bytesMax = ringBytesMax) {
    this.#bytesMax = bytesMax;
  }

  write(text: string): void {
    const line = text.trimEnd().slice(0, lineLengthMax);
    this.#lines.push(line);
    this.#bytes += weightOf(line);
    while (this.#bytes > this.#bytesMax) this.#bytes -= weightOf(this.#lines.shift() ?? '');
  }

  /** The newest whole lines that fit into `bytes`, oldest first. */
  newest(bytes: number): readonly string[] {
    let from = this.#lines.length;
    let left = bytes;
    while (from > 0) {
      left -= weightOf(this.#lines[from - 1] ?? '');
      if (left < 0) break;
      from -= 1;
    }
    return this.#lines.slice(from);
  }
}

/** In UTF-8, with its end of line. */
const weightOf = (line: string): number => Buffer.byteLength(line) + 1;
