const firstMs = 500;
const longestMs = 20_000;

/**
 * How long to wait before the `attempt`th try (0 is the first) to connect again: doubles up to 20 s, the upper half of it at random,
 * so that a thousand open pages do not come back in the same moment. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
