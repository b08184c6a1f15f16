/** MQTT 3.1.1, table 2.1. */
const connectType = 1;
const disconnectType = 14;

const maxLengthBytes = 4;

/**
 * Follows the fixed headers of an MQTT stream (MQTT 3.1.1, clause 2.2) without holding a byte of it,
 * so that a frame that is too large is known by its first five bytes, before anything is buffered for it.
 */
export class FrameMeter {
  #limitBytes: number;
  #begun = false;
  #bodyLeft = 0;
  #lengthBytes = -1;
  #length = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Bounds the frames that start from now on: fixed header and body together. */
  limit(bytes: number): void {
    this.#limitBytes = bytes;
  }

  /** How many frames start in `chunk`, or what is wrong with one of them. */
  read(chunk: Uint8Array): number | 'malformed-frame' | 'frame-too-large' {
    let frames = 0;
    for (let at = 0; at < chunk.length;) {
      if (this.#bodyLeft > 0) {
        const skipped = Math.min(this.#bodyLeft, chunk.length - at);
        this.#bodyLeft -= skipped;
        at += skipped;
        continue;
      }
      const byte = chunk[at++] ?? 0;
      if (this.#lengthBytes < 0) {
        if (!this.#startsFrame(byte)) return 'malformed-frame';
        frames += 1;
      } else if (!this.#continuesLength(byte)) {
        return 'malformed-frame';
      } else if (this.#length + this.#lengthBytes + 1 > this.#limitBytes) {
        return 'frame-too-large';
      } else if (byte < 0x80) {
        this.#bodyLeft = this.#length;
        this.#lengthBytes = -1;
      }
    }
    return frames;
  }

  /** A first byte: the first frame must be CONNECT (clause 3.1.0-1), types 0 and 15 are forbidden. */
  #startsFrame(byte: number): boolean {
    const type = byte >> 4;
    if (type < connectType || type > disconnectType || (!this.#begun && type !== connectType)) return false;
    this.#begun = true;
    this.#lengthBytes = 0;
    this.#length = 0;
    return true;
  }

  /** A byte of «remaining length», at most four of seven bits each, low bits first (clause 2.2.3). */
  #continuesLength(byte: number): boolean {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    return byte < 0x80 || this.#lengthBytes < maxLengthBytes;
  }
}
