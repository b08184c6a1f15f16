interface Factors {
  readonly stratum: string;
  readonly weekday: number;
}

/** So many rounds of both means leave less of either factor than a thousandth of an order. */
const rounds = 12;

/**
 * What is left of a value once each stratum's mean and each weekday's were taken out: alternating projections (von Neumann), which come to the residual of least
 * squares with both factors. The same linear map for whatever it is given, so that what is computed from it stays exact under re-draws.
 */
export function centred(days: readonly Factors[], values: readonly number[]): readonly number[] {
  const left = [...values];
  const strata = [...Map.groupBy(days.keys(), (n) => days[n]?.stratum).values()];
  const weekdays = [...Map.groupBy(days.keys(), (n) => days[n]?.weekday).values()];
  for (let round = 0; round < rounds; round += 1) {
    for (const places of weekdays) takeMeanOut(left, places);
    for (const places of strata) takeMeanOut(left, places);
  }
  return left;
}

function takeMeanOut(values: number[], places: readonly number[]): void {
  let sum = 0;
  for (const n of places) sum += values[n] ?? 0;
  const mean = sum / places.length;
  for (const n of places) values[n] = (values[n] ?? 0) - mean;
}
