import { videoFault } from './video-fault.ts';

/** Big-endian fields of one box (ISO/IEC 14496-12 §4.2). Reading past the end throws DomainError `video-malformed`. */
export class ByteReader {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#view.byteLength - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#step(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4));
  }

  i32(): number {
    return this.#view.getInt32(this.#step(4));
  }

  /** Refuses what a JavaScript number cannot hold: no honest file is that long. */
  u64(): number {
    const value = this.#view.getBigUint64(this.#step(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw videoFault('video-malformed', { field: 'u64' });
    return Number(value);
  }

  fourCc(): string {
    const at = this.#step(4);
    let text = '';
    for (let i = 0; i < 4; i += 1) text += String.fromCharCode(this.#view.getUint8(at + i));
    return text;
  }

  skip(bytes: number): void {
    this.#step(bytes);
  }

  take(bytes: number): Uint8Array {
    const at = this.#step(bytes);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, bytes);
  }

  #step(bytes: number): number {
    if (bytes > this.left) throw videoFault('video-malformed', { field: 'short box' });
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}
