import type { ByteLink } from '../transport/link.ts';

/** What a bad line does, to both directions alike. Rates are per write, 0 to 1. */
export interface LineFaults {
  readonly drop: number;
  readonly corrupt: number;
  readonly duplicate: number;
  readonly delayMs: number;
}

export const NO_FAULTS: LineFaults = { drop: 0, corrupt: 0, duplicate: 0, delayMs: 0 };

/** A link whose faults can change while it runs; `faults` is asked for each write. `random` is 0 (in) to 1 (out). */
export function faultyLink(link: ByteLink, faults: () => LineFaults, random: () => number): ByteLink {
  const carry = (bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void => {
    const { drop, corrupt, duplicate, delayMs } = faults();
    if (random() < drop) {
      return;
    }
    const arrived = random() < corrupt ? damaged(bytes, random) : bytes;
    const copies = random() < duplicate ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (delayMs === 0) {
        deliver(arrived);
      } else {
        setTimeout(() => deliver(arrived), delayMs);
      }
    }
  };
  return {
    write: (bytes) => carry(bytes, (arrived) => link.write(arrived)),
    onData: (listener) => link.onData((bytes) => carry(bytes, listener)),
    onClose: (listener) => link.onClose(listener),
    close: () => link.close(),
  };
}

/** One bit flips. */
function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = bytes.slice();
  const at = Math.floor(random() * copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  return copy;
}
