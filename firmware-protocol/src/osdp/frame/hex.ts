/** Upper-case hexadecimal without separators, as OSDP papers and captures print frames. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += byte.toString(16).padStart(2, '0');
  }
  return text.toUpperCase();
}

/** Bytes of a hexadecimal text; spaces, colons and dashes between bytes are allowed. `undefined` when it is not hexadecimal. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/[\s:-]/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
    return undefined;
  }
  const bytes = new Uint8Array(digits.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
  }
  return bytes;
}
