import { wireTimeMs } from '../osdp/frame/bus-timing.ts';
import type { ByteLink } from './link.ts';

export interface MemoryLinkOptions {
  /** Bytes arrive no earlier than a wire of this speed would bring them. Default: at once. */
  readonly baud?: number;
}

/** Two ends of one line inside this program. What is written at one end arrives at the other in a later turn of the event loop. */
export function memoryLinkPair({ baud }: MemoryLinkOptions = {}): [ByteLink, ByteLink] {
  const left = new MemoryLink(baud);
  const right = new MemoryLink(baud);
  left.join(right);
  right.join(left);
  return [left, right];
}

class MemoryLink implements ByteLink {
  readonly #baud: number | undefined;
  #peer: MemoryLink | undefined;
  #isOpen = true;
  #wireFreeMs = 0;
  #onData: (bytes: Uint8Array) => void = () => {};
  #onClose: (error: Error | undefined) => void = () => {};

  constructor(baud: number | undefined) {
    this.#baud = baud;
  }

  join(peer: MemoryLink): void {
    this.#peer = peer;
  }

  write(bytes: Uint8Array): void {
    if (!this.#isOpen) {
      return;
    }
    const copy = bytes.slice();
    if (this.#baud === undefined) {
      setImmediate(() => this.#peer?.deliver(copy));
      return;
    }
    const nowMs = performance.now();
    this.#wireFreeMs = Math.max(nowMs, this.#wireFreeMs) + wireTimeMs(copy.length, this.#baud);
    setTimeout(() => this.#peer?.deliver(copy), this.#wireFreeMs - nowMs);
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#onData = listener;
  }

  onClose(listener: (error: Error | undefined) => void): void {
    this.#onClose = listener;
  }

  close(): void {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#peer?.close();
      queueMicrotask(() => this.#onClose(undefined));
    }
  }

  deliver(bytes: Uint8Array): void {
    if (this.#isOpen) {
      this.#onData(bytes);
    }
  }
}
