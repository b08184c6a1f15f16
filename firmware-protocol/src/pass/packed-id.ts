import { isId, type Id } from '../units/ids.ts';

/** An id's 20 characters of Crockford's base 32 are 100 bits. */
export const packedIdBytes = 13;
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const prefix = 'cred_';
const padBits = 4n;

/** A credential's id in {@link packedIdBytes} bytes, the last four bits zero. Throws RangeError for what is none. */
export function packCredentialId(id: string): Uint8Array {
  if (!isId('credential', id)) throw new RangeError('not a credential id');
  let value = 0n;
  for (const character of id.slice(prefix.length)) value = value * 32n + BigInt(alphabet.indexOf(character));
  value <<= padBits;
  return Uint8Array.from({ length: packedIdBytes }, (_, n) =>
    Number((value >> BigInt(8 * (packedIdBytes - 1 - n))) & 255n),
  );
}

/** Undefined for other lengths and for bits that no id has. */
export function unpackCredentialId(bytes: Uint8Array): Id<'credential'> | undefined {
  if (bytes.length !== packedIdBytes) return undefined;
  let value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  if ((value & 15n) !== 0n) return undefined;
  value >>= padBits;
  let text = '';
  for (let n = 0; n < 20; n += 1, value /= 32n) text = alphabet.charAt(Number(value % 32n)) + text;
  return `${prefix}${text}`;
}
