import { videoFault } from './video-fault.ts';

const golombBitsMax = 32;

/** Bits of a parameter set (ISO/IEC 14496-10 §7.2, 23008-2 §7.2), high bit first. Reading past the end throws DomainError `video-malformed`. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  /** `nal` with its emulation prevention bytes still in it (00 00 03), which are left out here. */
  constructor(nal: Uint8Array) {
    this.#bytes = nal.filter((byte, i) => byte !== 3 || i < 2 || nal[i - 1] !== 0 || nal[i - 2] !== 0);
  }

  /** `count` ≤ 32. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw videoFault('video-malformed', { field: 'short parameter set' });
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  skip(count: number): void {
    for (let left = count; left > 0; left -= 32) this.bits(Math.min(32, left));
  }

  /** `ue(v)`, Exp-Golomb. */
  golomb(): number {
    let zeros = 0;
    while (!this.flag()) if ((zeros += 1) === golombBitsMax) throw videoFault('video-malformed', { field: 'ue(v)' });
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** `se(v)`. */
  signedGolomb(): number {
    const value = this.golomb();
    return value % 2 === 0 ? -value / 2 : (value + 1) / 2;
  }
}
