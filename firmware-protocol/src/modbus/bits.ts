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
