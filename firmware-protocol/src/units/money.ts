/** An amount of Chinese money in whole fen (1/100 yuan); a safe integer. */
export type Fen = number & { readonly fen: true };

/** Throws RangeError unless `n` is a safe integer. */
export function fen(n: number): Fen {
  if (!Number.isSafeInteger(n)) throw new RangeError(`not a whole number of fen: ${n}`);
  return n as Fen;
}

/**
 * Splits `total` in proportion to `weights` by the largest-remainder method, so that the parts always add up to `total`.
 * Ties go to the earlier weight. Throws RangeError if a weight is negative or all are zero.
 */
export function allocate(total: Fen, weights: readonly number[]): Fen[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!(sum > 0) || weights.some((w) => w < 0)) throw new RangeError('weights must be non-negative, not all zero');
  const exact = weights.map((w) => (total * w) / sum);
  const parts = exact.map(Math.floor);
  const left = total - parts.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) parts[index] = (parts[index] ?? 0) + 1;
  return parts.map(fen);
}

/** `1234` → `12.34`, without a currency sign. */
export function yuanText(amount: Fen): string {
  const sign = amount < 0 ? '-' : '';
  const size = Math.abs(amount);
  return `${sign}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')}`;
}
