/** The bounds between which four of five half-hours lie; 1.2816 is the ninetieth percentile of the normal distribution. */
const z = 1.2816;

/** Where the cube root's upper end lies highest for a mean: of fewer touches it would fall while less is known, to nothing but the mean. */
const upperShapeMin = (2 / (3 * z)) ** 2;

/** Less than a thousandth of a touch is nobody. */
const touchesTold = 0.001;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The tenth and the ninetieth percentile of a count with this mean and variance: of a gamma distribution, which a mixed Poisson's own follows closely, by
 * Wilson and Hilferty's cube root (1931). It leans to the right as counts do, and never begins below nothing.
 */
export function interval80(mean: number, variance: number): Interval {
  if (mean < touchesTold) return { low: 0, high: mean };
  const known = (mean * mean) / variance;
  const at = (deviate: number, shape: number) =>
    mean * Math.max(0, 1 - 1 / (9 * shape) + deviate / (3 * Math.sqrt(shape))) ** 3;
  // Of few touches none at all is the likeliest count, which a continuous distribution never reaches.
  const low = at(-z, known) < 0.5 ? 0 : at(-z, known);
  return { low: Math.min(mean, low), high: Math.max(mean, at(z, Math.max(known, upperShapeMin))) };
}

/** The interval of a told count: wider by the noise that its terminal added. */
export function widened({ low, high }: Interval, mean: number, noise: number): Interval {
  const by = (side: number) => Math.sqrt(side * side + z * z * noise);
  return { low: mean - by(mean - low), high: mean + by(high - mean) };
}
