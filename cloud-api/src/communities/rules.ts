/** Numbers that half the country would try first. */
const favourites = new Set(['520131', '131452', '5201314', '147258', '258369', '112233', '123321', '789456', '159357']);

/** True for a PIN that a stranger would try: one digit repeated, a run up or down, a short pattern repeated, a favourite. */
export function isTrivialPin(pin: string): boolean {
  return favourites.has(pin) || isRun(pin) || [1, 2, 3, 4].some((length) => repeats(pin, length));
}

/** `345678`, `987654`, also over the end: `890123`. */
function isRun(pin: string): boolean {
  const steps = Array.from(pin.slice(1), (digit, i) => (Number(digit) - Number(pin[i]) + 10) % 10);
  return steps.every((step) => step === 1) || steps.every((step) => step === 9);
}

function repeats(pin: string, length: number): boolean {
  return pin.length >= 2 * length && pin === pin.slice(0, length).repeat(pin.length).slice(0, pin.length);
}
