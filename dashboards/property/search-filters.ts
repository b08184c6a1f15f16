import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** Filters of a list, kept in the address: a view can be sent on, and the way back finds it as it was. */
export function useSearchFilters<Name extends string>(
  names: readonly Name[],
): {
  readonly values: Partial<Record<Name, string>>;
  readonly set: (name: Name, value: string) => void;
  readonly clear: () => void;
  /** Some filter is on. */
  readonly any: boolean;
} {
  const [search, setSearch] = useSearchParams();
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = search.get(name);
    if (value) values[name] = value;
  }
  const set = useCallback(
    (name: Name, value: string): void =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (value) next.set(name, value);
          else next.delete(name);
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const clear = useCallback(() => setSearch({}, { replace: true }), [setSearch]);
  return { values, set, clear, any: Object.keys(values).length > 0 };
}
