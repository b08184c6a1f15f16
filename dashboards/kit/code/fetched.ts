/** Code that is fetched when it is first wanted. */
export interface Fetched<T> {
  /** What is known by now; a failure stands until a later try succeeds. */
  readonly state: () => FetchedState<T>;
  /** Fetches it unless it is here or on its way. Settles with the answer and never rejects: the state tells of a failure. */
  readonly want: () => Promise<void>;
  readonly subscribe: (listener: () => void) => () => void;
}

export type FetchedState<T> = 'wanted' | 'missing' | { readonly value: T };

/** Nothing is fetched before it is wanted; what has failed is fetched anew whenever it is wanted again. */
export function createFetched<T>(fetchCode: () => Promise<T>): Fetched<T> {
  const listeners = new Set<() => void>();
  let current: FetchedState<T> = 'wanted';
  let onItsWay: Promise<void> | null = null;

  const change = (next: FetchedState<T>): void => {
    current = next;
    onItsWay = typeof next === 'object' ? onItsWay : null;
    for (const listener of listeners) listener();
  };

  return {
    state: () => current,
    // After a failure the state stays `missing` until the answer is known: a page must not flicker between the two.
    want: () =>
      (onItsWay ??= fetchCode().then(
        (value) => change({ value }),
        () => change('missing'),
      )),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
