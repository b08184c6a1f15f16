/** MQTT 3.1.1, table 2.1. */
const connectType = 1;
const disconnectType = 14;

/**
 * Packets that start with an identifier (clause 2.3.1), and what they hold at least: PUBACK to PUBCOMP the identifier alone, SUBSCRIBE and
 * UNSUBSCRIBE also one filter of one letter (3.8.3, 3.10.3). The parser takes an UNSUBSCRIBE of nothing, and an identifier of 0 for any other.
 */
const leastBodyBytes: Readonly<Record<number, number>> = { 4: 2, 5: 2, 6: 2, 7: 2, 8: 6, 10: 5 };
const identifierBytes = 2;

const maxLengthBytes = 4;

/**
 * Follows the fixed headers of an MQTT stream (MQTT 3.1.1, clause 2.2) without holding a byte of it,
 * so that a frame that is too large is known by its first five bytes, before anything is buffered for it.
 */
export class FrameMeter {
  #limitBytes: number;
  /** Type of the frame under way; 0 before the first. */
  #type = 0;
  #bodyLeft = 0;
  /** Bytes of the frame's identifier that have not come yet, and whether those that have are all 0. */
  #identifierLeft = 0;
  #isZero = true;
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
        if (this.#identifierLeft > 0) {
          if (!this.#continuesIdentifier(chunk[at++] ?? 0)) return 'malformed-frame';
          continue;
        }
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
        const least = leastBodyBytes[this.#type];
        if (this.#length < (least ?? 0)) return 'malformed-frame';
        this.#bodyLeft = this.#length;
        this.#identifierLeft = least === undefined ? 0 : identifierBytes;
        this.#isZero = true;
        this.#lengthBytes = -1;
      }
    }
    return frames;
  }

  /** A first byte: the first frame must be CONNECT (clause 3.1.0-1), types 0 and 15 are forbidden. */
  #startsFrame(byte: number): boolean {
    const type = byte >> 4;
    if (type < connectType || type > disconnectType || (this.#type === 0 && type !== connectType)) return false;
    this.#type = type;
    this.#lengthBytes = 0;
    this.#length = 0;
    return true;
  }

  /** A byte of an identifier, which must not be 0 (clause 2.3.1-1). */
  #continuesIdentifier(byte: number): boolean {
    this.#bodyLeft -= 1;
    this.#identifierLeft -= 1;
    this.#isZero &&= byte === 0;
    return this.#identifierLeft > 0 || !this.#isZero;
  }

  /** A byte of «remaining length», at most four of seven bits each, low bits first (clause 2.2.3). */
  #continuesLength(byte: number): boolean {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    return byte < 0x80 || this.#lengthBytes < maxLengthBytes;
  }
}
