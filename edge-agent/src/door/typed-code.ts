/** What somebody typed at the keypad, once `#` was pressed. */
export type Typed =
  | { readonly kind: 'unit-pin'; readonly unit: string; readonly pin: string }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'bad-format' };

/** What the keys before `#` mean: `0` alone calls for help, and is no try at a code. */
export type Entered = Typed | { readonly kind: 'help' };

/** The reader's buffer: digits, so it is never logged, journalled or shown; only its length is. */
export interface KeyBuffer {
  readonly keys: string;
  /** Monotonic ms of the last key. */
  readonly at: number;
}

export const emptyBuffer: KeyBuffer = { keys: '', at: 0 };

/** The longest wait between two keys. */
export const keyGapMsMax = 10_000;
/** `UNIT*PIN` with a unit of 6 and a PIN of 12 digits; what is longer is no code. */
export const keysMax = 19;

const helpKeys = '0';
const unitAndPin = /^(?<unit>[0-9]{1,6})\*(?<pin>[0-9]{6,12})$/;
const codeAlone = /^[0-9]{6,12}$/;

/**
 * One key more. `#` ends the entry, `*` stands between unit and PIN; a `*` with nothing before it, or a second one, clears.
 * `entered` is there when an entry has ended.
 */
export function typeKey(
  buffer: KeyBuffer,
  key: string,
  at: number,
): { readonly buffer: KeyBuffer; readonly entered?: Entered } {
  const keys = at - buffer.at > keyGapMsMax ? '' : buffer.keys;
  if (key === '#') return keys === '' ? { buffer: emptyBuffer } : { buffer: emptyBuffer, entered: read(keys) };
  if (key === '*' && (keys === '' || keys.includes('*'))) return { buffer: emptyBuffer };
  return { buffer: { keys: keys.length > keysMax ? keys : keys + key, at } };
}

function read(keys: string): Entered {
  if (keys === helpKeys) return { kind: 'help' };
  const { unit, pin } = unitAndPin.exec(keys)?.groups ?? {};
  if (unit && pin) return { kind: 'unit-pin', unit, pin };
  return codeAlone.test(keys) ? { kind: 'code', code: keys } : { kind: 'bad-format' };
}
