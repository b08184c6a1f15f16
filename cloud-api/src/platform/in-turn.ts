/**
 * Lets at most `atOnce` pieces of work run at a time, in the order in which they came, and gives the event loop a turn between one and the next. The
 * caller bounds how many wait.
 */
export function inTurn(atOnce: number): <R>(work: () => Promise<R>) => Promise<R> {
  const waiting: (() => void)[] = [];
  let running = 0;
  const next = () => {
    running -= 1;
    waiting.shift()?.();
  };
  return async (work) => {
    if (running >= atOnce || waiting.length > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      setImmediate(next);
    }
  };
}
