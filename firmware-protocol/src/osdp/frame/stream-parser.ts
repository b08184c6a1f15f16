import { FRAME_BYTES_MAX, MARK, SOM, dissectFrame, frameExtent, isCheckValid } from './frame.ts';
import type { FrameFault, OsdpFrame } from './frame.ts';

export type DiscardReason = 'noise' | 'silence' | FrameFault;

/** What came out of the byte stream, in the order of the stream. Marks (0xFF between frames) are not reported. */
export type StreamItem =
  | { readonly kind: 'frame'; readonly frame: OsdpFrame }
  | { readonly kind: 'discarded'; readonly bytes: Uint8Array; readonly reason: DiscardReason };

/** Room for one unfinished frame and as much again of what follows it: the parser never holds more. */
export const STREAM_BUFFER_BYTES_MAX = 2 * FRAME_BYTES_MAX;

/**
 * Cuts a byte stream, split anywhere, into frames. After a damaged frame it looks for the next start *inside* that frame,
 * because a corrupted length may have swallowed good ones. Nothing is dropped silently: each byte is in a frame, a mark,
 * or a `discarded` item.
 */
export class StreamParser {
  readonly #buffer = new Uint8Array(STREAM_BUFFER_BYTES_MAX);
  #start = 0;
  #end = 0;
  #discardFrom = -1;
  #discardReason: DiscardReason = 'noise';

  /** Bytes of an unfinished frame that wait for the rest. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  push(chunk: Uint8Array): StreamItem[] {
    const items: StreamItem[] = [];
    let taken = 0;
    do {
      const size = Math.min(this.#buffer.length - this.#end, chunk.length - taken);
      this.#buffer.set(size === chunk.length ? chunk : chunk.subarray(taken, taken + size), this.#end);
      this.#end += size;
      taken += size;
      this.#scan(items);
      this.#compact();
    } while (taken < chunk.length);
    return items;
  }

  /**
   * To be called when the line has been silent for longer than a frame may pause (spec 5.8): whatever is unfinished never
   * will be, but whole frames may hide behind a false start in it.
   */
  endOfSilence(): StreamItem[] {
    const items: StreamItem[] = [];
    while (this.#start < this.#end) {
      this.#discardOne('silence');
      this.#scan(items);
    }
    this.#compact();
    return items;
  }

  #scan(items: StreamItem[]): void {
    while (this.#start < this.#end) {
      const byte = this.#buffer[this.#start];
      if (byte === MARK) {
        this.#flushDiscarded(items);
        this.#start += 1;
      } else if (byte !== SOM) {
        this.#discardOne('noise');
      } else if (!this.#takeFrame(items)) {
        break;
      }
    }
    this.#flushDiscarded(items);
  }

  /** False when the frame at `#start` needs more bytes. */
  #takeFrame(items: StreamItem[]): boolean {
    const length = frameExtent(this.#buffer, this.#start, this.#end);
    if (length === 'incomplete') {
      return false;
    }
    if (length === 'length') {
      this.#discardOne('length');
      return true;
    }
    const frameEnd = this.#start + length;
    if (frameEnd > this.#end) {
      return false;
    }
    if (!isCheckValid(this.#buffer, this.#start, frameEnd)) {
      this.#discardOne('check');
      return true;
    }
    this.#flushDiscarded(items);
    const raw = this.#buffer.slice(this.#start, frameEnd);
    this.#start = frameEnd;
    const frame = dissectFrame(raw);
    items.push(typeof frame === 'string' ? { kind: 'discarded', bytes: raw, reason: frame } : { kind: 'frame', frame });
    return true;
  }

  #discardOne(reason: DiscardReason): void {
    if (this.#discardFrom < 0) {
      this.#discardFrom = this.#start;
      this.#discardReason = reason;
    }
    this.#start += 1;
  }

  #flushDiscarded(items: StreamItem[]): void {
    if (this.#discardFrom >= 0) {
      const bytes = this.#buffer.slice(this.#discardFrom, this.#start);
      items.push({ kind: 'discarded', bytes, reason: this.#discardReason });
      this.#discardFrom = -1;
    }
  }

  #compact(): void {
    if (this.#start === this.#end) {
      this.#start = 0;
      this.#end = 0;
    } else if (this.#start > 0) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
  }
}
