import type { ForecastCell } from './forecast.ts';

/** A local day's cells from midnight on, 46 to 50 of them: expected, low and high milli-touches as 32-bit integers, in the machine's order. */
export const packCells = (cells: readonly ForecastCell[]): Buffer =>
  Buffer.from(
    Uint32Array.from(cells.flatMap(({ expectedMilli, lowMilli, highMilli }) => [expectedMilli, lowMilli, highMilli]))
      .buffer,
  );

export function unpackCells(bytes: Uint8Array): ForecastCell[] {
  const numbers = new Uint32Array(Uint8Array.from(bytes).buffer);
  return Array.from({ length: numbers.length / 3 }, (_, n) => ({
    expectedMilli: numbers[3 * n] ?? 0,
    lowMilli: numbers[3 * n + 1] ?? 0,
    highMilli: numbers[3 * n + 2] ?? 0,
  }));
}
