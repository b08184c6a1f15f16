import type { OsdpFrame } from '../frame/frame.ts';
import { MARK, dissectFrame } from '../frame/frame.ts';
import type { DiscardReason, StreamItem } from '../frame/stream-parser.ts';
import { StreamParser } from '../frame/stream-parser.ts';

/** What was on the line: a frame, whole but perhaps with a wrong check, or bytes that are none. */
export type Cut =
  | { readonly kind: 'frame'; readonly frame: OsdpFrame }
  | { readonly kind: 'noise'; readonly bytes: Uint8Array; readonly reason: DiscardReason };

/**
 * Cuts what was heard on a line into frames, however it was split, for people who want to see all of it: unlike a receiver it
 * hands out a frame with a wrong check too.
 */
export class FrameCutter {
  readonly #parser = new StreamParser();

  /** Bytes of an unfinished frame that wait for the rest. */
  get pendingBytes(): number {
    return this.#parser.pendingBytes;
  }

  push(bytes: Uint8Array): Cut[] {
    const frame = this.#parser.pendingBytes === 0 ? dissectFrame(withoutMarks(bytes)) : 'start';
    return typeof frame === 'string' ? this.#parser.push(bytes).map(asCut) : [{ kind: 'frame', frame }];
  }

  /** To be called when nothing more comes, or when the line was silent for longer than a frame may pause. */
  endOfSilence(): Cut[] {
    return this.#parser.endOfSilence().map(asCut);
  }
}

function asCut(item: StreamItem): Cut {
  if (item.kind === 'frame') {
    return item;
  }
  const damaged = dissectFrame(item.bytes);
  return typeof damaged === 'string'
    ? { kind: 'noise', bytes: item.bytes, reason: item.reason }
    : { kind: 'frame', frame: damaged };
}

function withoutMarks(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== MARK);
  return bytes.subarray(Math.max(0, start));
}
