/**
 * A card as every reader of a site tells it, whichever way it was learned.
 * `w26`: Wiegand 26 (H10301), 8 bits facility and 16 bits number; `w34`: Wiegand 34, 32 bits; each with an even parity bit before and an odd one
 * after. `raw`: any other length, taken as it is.
 */
export interface Card {
  readonly format: 'w26' | 'w34' | 'raw';
  /** What its tag in the access list is made of (`cardPreimage`). */
  readonly text: string;
  /** The last digits of its number, as printed; of a `raw` card in hexadecimal. Tells cards in a drawer apart, and nothing more. */
  readonly last4: string;
}
export type NumberedFormat = Exclude<Card['format'], 'raw'>;

const rawBitsMin = 16;
const rawBitsMax = 64;

/** What a reader read: `bitCount` bits, the first one in the highest bit of the first byte (osdp_RAW). Undefined if a parity is wrong or it is no card's length. */
export function readCard(bitCount: number, bytes: Uint8Array): Card | undefined {
  if (bytes.length * 8 < bitCount) return undefined;
  const bits = Array.from({ length: bitCount }, (_, n) => ((bytes[n >> 3] ?? 0) >> (7 - (n & 7))) & 1);
  if (bitCount === 26) return framed(bits) ? wiegand26(valueOf(bits.slice(1, -1))) : undefined;
  if (bitCount === 34) return framed(bits) ? wiegand34(valueOf(bits.slice(1, -1))) : undefined;
  if (bitCount < rawBitsMin || bitCount > rawBitsMax) return undefined;
  const hex = valueOf(bits)
    .toString(16)
    .toUpperCase()
    .padStart(Math.ceil(bitCount / 4), '0');
  return { format: 'raw', text: `raw:${bitCount}:${hex}`, last4: hex.slice(-4) };
}

/**
 * A card by the number that is printed on it. `w26`: `123,45678` (facility, number), the same in eight digits, or ten digits for all 24 bits;
 * `w34`: up to ten digits for all 32 bits. Undefined for anything else.
 */
export function cardFromNumber(format: NumberedFormat, number: string): Card | undefined {
  const text = number.trim();
  if (format === 'w34') return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32 ? wiegand34(BigInt(text)) : undefined;
  const { facility, serial } =
    /^(?<facility>\d{1,3})[,，]\s*(?<serial>\d{1,5})$/.exec(text)?.groups ?? eightDigits(text);
  if (facility !== undefined && serial !== undefined) return parts26(Number(facility), Number(serial));
  return /^\d{10}$/.test(text) && Number(text) < 2 ** 24 ? wiegand26(BigInt(text)) : undefined;
}

const eightDigits = (text: string) => /^(?<facility>\d{3})(?<serial>\d{5})$/.exec(text)?.groups ?? {};

const parts26 = (facility: number, serial: number): Card | undefined =>
  facility <= 0xff && serial <= 0xffff ? wiegand26(BigInt(facility * 0x1_0000 + serial)) : undefined;

function wiegand26(value: bigint): Card {
  const serial = String(value & 0xffffn);
  return { format: 'w26', text: `w26:${value >> 16n}:${serial}`, last4: serial.padStart(4, '0').slice(-4) };
}

const wiegand34 = (value: bigint): Card => ({
  format: 'w34',
  text: `w34:${value}`,
  last4: String(value).padStart(4, '0').slice(-4),
});

const valueOf = (bits: readonly number[]): bigint => bits.reduce((sum, bit) => sum * 2n + BigInt(bit), 0n);
const ones = (bits: readonly number[]): number => bits.reduce((sum, bit) => sum + bit, 0);

/** The first half has an even number of ones, the second an odd one, each with its parity bit. */
function framed(bits: readonly number[]): boolean {
  const half = bits.length / 2;
  return ones(bits.slice(0, half)) % 2 === 0 && ones(bits.slice(half)) % 2 === 1;
}
