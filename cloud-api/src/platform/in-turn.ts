/**
 * Lets at most `atOnce` pieces of work run at a time, in the order in which they came, and gives the event loop a turn between one and the next. The
 * caller bounds how many wait.
 */
export function inTurn(atOnce: number): <R>(work: () => Promise<R>) => Promise<R> {
  const waiting: (() => void)[] = [];
  let running = 0;
  /** A place goes straight to who waits for it, so that nobody who comes in between takes it too. */
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
  return async (work) => {
    if (running < atOnce) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      setImmediate(leave);
    }
  };
}
