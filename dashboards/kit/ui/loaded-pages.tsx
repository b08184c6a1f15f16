import type { ReactNode } from 'react';
import type { Pages } from '../api/use-read.ts';
import { Failed, Loading } from './states.tsx';

interface LoadedPagesProps<T> {
  readonly pages: Pages<T>;
  readonly empty: ReactNode;
  readonly children: (items: readonly T[]) => ReactNode;
}

/** A list in one of its states: loading, failed with a way to try again, empty, or its items. */
export function LoadedPages<T>({ pages: { items, query }, empty, children }: LoadedPagesProps<T>) {
  if (items.length > 0) return children(items);
  if (query.isPending) return <Loading />;
  if (query.error) return <Failed error={query.error} retry={query.refetch} />;
  return empty;
}
