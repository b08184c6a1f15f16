/**
 * Resolves with the first result of `look` that is neither false, null nor undefined.
 * Rejects after `withinMs` with `what` and the last error. Looking is cheap, waiting blindly is not: there is no sleep without a look.
 */
export async function waitUntil<T>(
  what: string,
  look: () => Promise<T> | T,
  { withinMs = 10_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== null && seen !== false) return seen;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
