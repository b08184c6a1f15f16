/** The keypad takes PINs of six to eight digits. */
const pinDigitsMin = 6;
const pinDigitsMax = 8;
const digits = Array.from('0123456789');

/**
 * Every PIN that could be mistaken for `pin`: itself, those with one other digit, one digit more or one less. The relation holds both ways, so that
 * it does not matter which of two PINs was there first.
 */
export function similarPins(pin: string): ReadonlySet<string> {
  const places = Array.from(pin, (_, at) => [pin.slice(0, at), pin.slice(at + 1)] as const);
  const changed = places.flatMap(([before, rest]) => digits.map((digit) => before + digit + rest));
  const shorter = places.map(([before, rest]) => before + rest);
  const longer = Array.from({ length: pin.length + 1 }, (_, at) => at).flatMap((at) =>
    digits.map((digit) => pin.slice(0, at) + digit + pin.slice(at)),
  );
  return new Set([...changed, ...shorter, ...longer].filter(isPinLength));
}

const isPinLength = ({ length }: string): boolean => length >= pinDigitsMin && length <= pinDigitsMax;
