/** Keys of a door keypad and their bytes on the wire (spec 7.12): digits and letters as ASCII, `*` as DEL, `#` as CR. */
const STAR = 0x7f;
const HASH = 0x0d;
const KEYS = /^[0-9*#A-D]*$/;

/** Whether each character is a key that a keypad has. */
export function areKeys(text: string): boolean {
  return KEYS.test(text);
}

/** Rejects with RangeError what is not a key; the text itself stays out of the message, it may be a PIN. */
export function keysToWire(keys: string): Uint8Array {
  if (!areKeys(keys)) {
    throw new RangeError('keys are 0-9, *, # and A-D');
  }
  return Uint8Array.from(keys, (key) => (key === '*' ? STAR : key === '#' ? HASH : key.charCodeAt(0)));
}

/** `undefined` when a byte is no key. The plain ASCII of `*` and `#` is accepted too: some keypads send it. */
export function keysFromWire(bytes: Uint8Array): string | undefined {
  let keys = '';
  for (const byte of bytes) {
    keys += byte === STAR ? '*' : byte === HASH ? '#' : String.fromCharCode(byte);
  }
  return areKeys(keys) ? keys : undefined;
}
