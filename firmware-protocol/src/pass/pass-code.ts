/**
 * Typed codes of visitors' passes that a terminal understands without having been told of them: a keyed permutation of all codes of nine or ten
 * digits, of which a few stand for a window of time. No two passes can have the same code, and a code tells nothing of the next one.
 *
 * The window is numbered `((startHour mod 8192) × 9 + durationClass) × 4 + index`; the number is carried through an alternating Feistel network
 * over the digits (the construction of NIST SP 800-38G, with HMAC-SHA256 as its round function). Each week of start hours has a key of its own.
 */
export interface PassWindow {
  /** Whole hours since 1970 in UTC. */
  readonly startHour: number;
  /** Place in {@link passHours}. */
  readonly durationClass: number;
  /** 0 to 3: passes with the same window. 0 and 1 open any number of times, 2 and 3 once. */
  readonly index: number;
}

/** How long a pass with such a code may last, in hours. */
export const passHours = [1, 2, 4, 8, 12, 24, 48, 72, 168] as const;
export type PassDigits = 9 | 10;
/** Nine digits are for passes of a day or less. */
export const shortPassHoursMax = 24;
const indices = 4;
const startModulus = 8_192;
const windows = startModulus * passHours.length * indices;
const rounds = 8;
const hoursOfEpoch = 168;

/** HMAC-SHA256 under the code key of the week that the pass begins in. */
export type PassPrf = (message: Uint8Array) => Uint8Array;

export const hourOf = (at: number): number => Math.floor(at / 3_600_000);
/** The week whose key a pass has that begins in `startHour`. */
export const passEpoch = (startHour: number): number => Math.floor(startHour / hoursOfEpoch);
export const isOncePass = ({ index }: PassWindow): boolean => index >= indices / 2;
/** Half-open, UTC ms. */
export const passWindowMs = ({
  startHour,
  durationClass,
}: PassWindow): { readonly from: number; readonly to: number } => ({
  from: startHour * 3_600_000,
  to: (startHour + (passHours[durationClass] ?? 0)) * 3_600_000,
});
/** A number for each window and index for ever, by which a list takes a code back. */
export const passCodeNo = ({ startHour, durationClass, index }: PassWindow): number =>
  (startHour * passHours.length + durationClass) * indices + index;

/** The code of a window. Throws RangeError for a window that has none of that length. */
export function encodePassCode(window: PassWindow, digits: PassDigits, prf: PassPrf): string {
  const { startHour, durationClass, index } = window;
  const isWindow =
    Number.isInteger(startHour) && startHour >= 0 && mayLast(durationClass, digits) && index >= 0 && index < indices;
  if (!isWindow) throw new RangeError('no pass code has this window');
  const number = passCodeNo({ startHour: startHour % startModulus, durationClass, index });
  const { left, right } = halvesOf(digits);
  let [a, b] = [Math.floor(number / right), number % right];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) a = (a + pseudo(prf, digits, round, b, left)) % left;
    else b = (b + pseudo(prf, digits, round, a, right)) % right;
  }
  return String(a * right + b).padStart(digits, '0');
}

/** The window that a code stands for, of those the one that begins nearest to `nearHour`. Undefined for most codes, and for all of another length. */
export function decodePassCode(code: string, nearHour: number, prf: PassPrf): PassWindow | undefined {
  if (!/^\d{9,10}$/.test(code)) return undefined;
  const digits = code.length as PassDigits;
  const { left, right } = halvesOf(digits);
  let [a, b] = [Math.floor(Number(code) / right), Number(code) % right];
  for (let round = rounds - 1; round >= 0; round -= 1) {
    if (round % 2 === 0) a = (a - pseudo(prf, digits, round, b, left) + left) % left;
    else b = (b - pseudo(prf, digits, round, a, right) + right) % right;
  }
  const number = a * right + b;
  if (number >= windows) return undefined;
  const durationClass = Math.floor(number / indices) % passHours.length;
  if (!mayLast(durationClass, digits)) return undefined;
  const start = Math.floor(number / (indices * passHours.length));
  return { startHour: nearest(start, nearHour), durationClass, index: number % indices };
}

/** How many codes of that length open at any hour, and of how many. */
export function passCodesValid(digits: PassDigits): { readonly valid: number; readonly of: number } {
  const hours = passHours.filter((_, durationClass) => mayLast(durationClass, digits));
  return { valid: indices * hours.reduce((sum, each) => sum + each, 0), of: 10 ** digits };
}

function mayLast(durationClass: number, digits: PassDigits): boolean {
  const hours = passHours[durationClass];
  return hours !== undefined && (digits === 10 || hours <= shortPassHoursMax);
}

/** Ten digits are five and five, nine are four and five. */
const halvesOf = (digits: PassDigits) => ({ left: 10 ** (digits - 5), right: 10 ** 5 });

function nearest(start: number, nearHour: number): number {
  const behind = (((nearHour - start) % startModulus) + startModulus) % startModulus;
  return behind <= startModulus / 2 ? nearHour - behind : nearHour - behind + startModulus;
}

/** 48 bits of the round function: their bias modulo a hundred thousand is below 10⁻⁹. */
function pseudo(prf: PassPrf, digits: PassDigits, round: number, half: number, below: number): number {
  const message = Uint8Array.of(digits, round, (half >>> 16) & 255, (half >>> 8) & 255, half & 255);
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0] = prf(message);
  return (((b0 * 256 + b1) * 256 + b2) * 2 ** 24 + (b3 * 256 + b4) * 256 + b5) % below;
}
