/** One bit each, the lowest of the first byte first; the last byte is filled up with zeros (section 6.1). */
export function packBits(values: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (const [index, isOn] of values.entries()) {
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (isOn ? 1 << (index & 7) : 0);
  }
  return bytes;
}

/** The first `count` bits of `bytes`; what is not there is off. */
export function unpackBits(bytes: Uint8Array, count = bytes.length * 8): boolean[] {
  return Array.from({ length: count }, (_, index) => (((bytes[index >> 3] ?? 0) >> (index & 7)) & 1) === 1);
}

/** High byte first, as all numbers of Modbus but the CRC (section 4.2). */
export function word(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}

export function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** What was heard and what comes behind it; of more than `bytesMax` bytes the oldest are forgotten. */
export function appendHeard(heard: Uint8Array, bytes: Uint8Array, bytesMax: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(heard.length + bytes.length);
  all.set(heard);
  all.set(bytes, heard.length);
  return all.subarray(Math.max(0, all.length - bytesMax));
}

/** Whether `part` is somewhere in `bytes`, in one piece. */
export function contains(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let start = 0; start + part.length <= bytes.length; start += 1) {
    if (part.every((byte, at) => byte === bytes[start + at])) {
      return true;
    }
  }
  return false;
}
