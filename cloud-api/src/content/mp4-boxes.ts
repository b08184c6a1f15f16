import { ByteReader } from './byte-reader.ts';
import { videoFault } from './video-fault.ts';

const childBoxesMax = 1_024;

interface Box {
  readonly type: string;
  readonly body: Uint8Array;
}

/** The boxes inside a box (ISO/IEC 14496-12 §4.2); bounded, and none may stick out. Throws DomainError `video-malformed`. */
export function* children(bytes: Uint8Array): Generator<Box> {
  const reader = new ByteReader(bytes);
  for (let count = 0; reader.left >= 8; count += 1) {
    if (count === childBoxesMax) throw videoFault('video-malformed', { boxes: count });
    const size = reader.u32();
    const type = reader.fourCc();
    if (size === 0) return yield { type, body: reader.take(reader.left) };
    const bodyBytes = size === 1 ? reader.u64() - 16 : size - 8;
    if (bodyBytes < 0) throw videoFault('video-malformed', { box: type });
    yield { type, body: reader.take(bodyBytes) };
  }
}

/** The first box of a type. */
export const child = (bytes: Uint8Array, type: string): Uint8Array | undefined => {
  for (const box of children(bytes)) if (box.type === type) return box.body;
  return undefined;
};

/** Throws DomainError `video-malformed` where there is none. */
export function need(bytes: Uint8Array, type: string): Uint8Array {
  const found = child(bytes, type);
  if (!found) throw videoFault('video-malformed', { missing: type });
  return found;
}
