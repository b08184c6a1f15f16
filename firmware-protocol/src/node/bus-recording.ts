import type { FileHandle } from 'node:fs/promises';
import { open, rename } from 'node:fs/promises';

export interface BusRecordingOptions {
  /** The newest lines; the older ones are in `${path}.1`. */
  readonly path: string;
  /** Both files together are never longer. */
  readonly bytesMax: number;
  /** Called once when the file cannot be written any more, and again after it could be written in between. */
  readonly onFault?: (error: unknown) => void;
}

/** Lines that wait for the disk; more are dropped and counted. */
export const WAITING_BYTES_MAX = 256 * 1024;

const OWNER_ONLY = 0o600;

/**
 * A record of a bus in a file of bounded size, readable by its owner only. Writing never waits and never throws: lines that a slow
 * or full disk cannot take are lost, and counted.
 */
export class BusRecording {
  readonly #options: BusRecordingOptions;
  readonly #waitingBytesMax: number;
  #isRunning = false;
  #file: FileHandle | undefined;
  #fileBytes = 0;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #flushing: Promise<void> | undefined;
  #isFaulty = false;
  #lostLines = 0;

  constructor(options: BusRecordingOptions) {
    this.#options = options;
    this.#waitingBytesMax = Math.min(WAITING_BYTES_MAX, options.bytesMax / 2);
  }

  /** Lines that are in no file. */
  get lostLines(): number {
    return this.#lostLines;
  }

  /** Appends to what an earlier run left. Rejects with the system's error when the file cannot be opened at all. */
  async start(): Promise<void> {
    await this.#open();
    this.#isRunning = true;
  }

  /** One line without its line end. */
  write(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    if (!this.#isRunning || this.#waitingBytes + bytes > this.#waitingBytesMax) {
      this.#lostLines += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += bytes;
    this.#flushing ??= this.#flush();
  }

  /** Resolves when all that could be written is written. Idempotent. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#flushing;
    await this.#close();
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      await this.#append(lines);
    }
    this.#flushing = undefined;
  }

  async #append(lines: readonly string[]): Promise<void> {
    // After a fault the last line may be torn: an empty one keeps it apart from the next.
    const bytes = Buffer.from(`${this.#isFaulty ? '\n' : ''}${lines.join('\n')}\n`);
    try {
      await this.#makeRoom(bytes.length);
      await this.#file?.appendFile(bytes);
      this.#fileBytes += bytes.length;
      this.#isFaulty = false;
    } catch (error) {
      this.#lostLines += lines.length;
      if (!this.#isFaulty) {
        this.#isFaulty = true;
        this.#options.onFault?.(error);
      }
    }
  }

  /** Two files of half the size each: the older one gives way to the full one. */
  async #makeRoom(bytes: number): Promise<void> {
    const { path, bytesMax } = this.#options;
    if (this.#isFaulty) {
      // Whatever happened to the file: its name is looked up anew, and its size with it.
      await this.#close();
    }
    if (this.#file === undefined) {
      await this.#open();
    }
    if (this.#fileBytes > 0 && this.#fileBytes + bytes > bytesMax / 2) {
      await this.#close();
      await rename(path, `${path}.1`);
      await this.#open();
    }
  }

  async #open(): Promise<void> {
    const file = await open(this.#options.path, 'a', OWNER_ONLY);
    this.#file = file;
    // A file that was there keeps the mode that it had.
    await file.chmod(OWNER_ONLY);
    this.#fileBytes = (await file.stat()).size;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
