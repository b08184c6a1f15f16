export interface Refresher<E> {
  /** Asks again at once, or as soon as the last time is `everyMs` ago. */
  stale(endpoint: E): void;
  stop(): void;
}

/**
 * Answers that live events make stale, each asked for again at most once in `everyMs`. The doors of a big company tell of something many times a second
 * in the morning: asking each time would break off the question before it, and no answer would ever come.
 */
export function createRefresher<E>(refresh: (endpoint: E) => void, everyMs: number): Refresher<E> {
  const resting = new Map<E, { isStale: boolean; readonly timer: ReturnType<typeof setTimeout> }>();
  const ask = (endpoint: E): void => {
    const timer = setTimeout(() => {
      const isStale = resting.get(endpoint)?.isStale;
      resting.delete(endpoint);
      if (isStale) ask(endpoint);
    }, everyMs);
    resting.set(endpoint, { isStale: false, timer });
    refresh(endpoint);
  };
  return {
    stale(endpoint) {
      const rest = resting.get(endpoint);
      if (rest) rest.isStale = true;
      else ask(endpoint);
    },
    stop() {
      for (const { timer } of resting.values()) clearTimeout(timer);
      resting.clear();
    },
  };
}
