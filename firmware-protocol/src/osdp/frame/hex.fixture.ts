import { fromHex } from './hex.ts';

/** Bytes of a fixture; a typing error in the test fails it at once. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === undefined) {
    throw new Error(`not hexadecimal: ${text}`);
  }
  return bytes;
}
