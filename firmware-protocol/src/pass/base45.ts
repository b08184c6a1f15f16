/** RFC 9285: bytes in the 45 characters of a QR code's alphanumeric mode, where each costs 5.5 bits. */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

export function toBase45(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const [high = 0, low] = [bytes[at], bytes[at + 1]];
    const value = low === undefined ? high : high * 256 + low;
    const digits = low === undefined ? 2 : 3;
    for (let n = 0, rest = value; n < digits; n += 1, rest = Math.floor(rest / 45)) text += alphabet.charAt(rest % 45);
  }
  return text;
}

/** Undefined for what no encoder writes. */
export function fromBase45(text: string): Uint8Array | undefined {
  if (text.length % 3 === 1) return undefined;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = Array.from(text.slice(at, at + 3), (character) => alphabet.indexOf(character));
    if (group.includes(-1)) return undefined;
    const value = group.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (group.length === 3 && value <= 0xffff) bytes.push(value >> 8, value & 255);
    else if (group.length === 2 && value <= 0xff) bytes.push(value);
    else return undefined;
  }
  return Uint8Array.from(bytes);
}
