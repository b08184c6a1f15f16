/** Card formats by their number of bits, parity included. */
export const WIEGAND_FORMATS = ['wiegand26', 'wiegand34'] as const;
export type WiegandFormat = (typeof WIEGAND_FORMATS)[number];

const DATA_BITS = { wiegand26: 24, wiegand34: 32 } as const satisfies Record<WiegandFormat, number>;

/**
 * Bits of a card number as a reader sends them: even parity over the first half, the number, odd parity over the second half
 * (Civintec CN56 manual). `undefined` when the number is not exactly 24 or 32 bits of hexadecimal.
 */
export function wiegandBits(hex: string, format: WiegandFormat): string | undefined {
  const size = DATA_BITS[format];
  if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length * 4 !== size) {
    return undefined;
  }
  const number = Array.from(hex, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
  const even = ones(number.slice(0, size / 2)) % 2;
  const odd = 1 - (ones(number.slice(size / 2)) % 2);
  return `${even}${number}${odd}`;
}

/** Text of 0 and 1 as bytes, first bit highest, the last byte filled with zeros. */
export function packBits(bits: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (let index = 0; index < bits.length; index += 1) {
    if (bits[index] === '1') {
      bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
    }
  }
  return bytes;
}

function ones(bits: string): number {
  return bits.replaceAll('0', '').length;
}
