import { median } from './median.ts';

/** Does something so often. */
export type Side = (count: number) => void;

const rounds = 5;
/** CPU time of one side in one round. */
const sideMs = 400;
const countAtOnce = 2_000;

/**
 * How often a second of CPU time (user and system, all threads) does each side: medians of five rounds in which the sides take
 * turns, so that a neighbour on the machine disturbs all alike. One more round before them warms up.
 */
export function inTurns<Name extends string>(sides: Record<Name, Side>): Record<Name, number> {
  const rates = mapValues(sides, (): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    mapValues(sides, (side, name) => {
      const rate = perCpuSecond(side);
      if (round > 0) rates[name].push(rate);
    });
  }
  return mapValues(rates, median);
}

export function mapValues<Name extends string, Value, Result>(
  values: Record<Name, Value>,
  map: (value: Value, name: Name) => Result,
): Record<Name, Result> {
  const entries = (Object.keys(values) as Name[]).map((name) => [name, map(values[name], name)]);
  return Object.fromEntries(entries) as Record<Name, Result>;
}

function perCpuSecond(side: Side): number {
  const before = process.cpuUsage();
  let count = 0;
  for (;;) {
    side(countAtOnce);
    count += countAtOnce;
    const { user, system } = process.cpuUsage(before);
    const usedMs = (user + system) / 1_000;
    if (usedMs >= sideMs) return (count * 1_000) / usedMs;
  }
}
