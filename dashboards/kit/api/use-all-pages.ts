import { useEffect } from 'react';
import type { Pages } from './use-read.ts';

/** Lists longer than this are shown as far as they go; 20 pages of 200 are 4,000 rows. */
const pagesMax = 20;

/** Fetches a list to its end, for sums over all of it. */
export function useAllPages<T>(list: Pages<T>, fetched: number): Pages<T> {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list.query;
  const pages = Math.ceil(list.items.length / fetched);
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && pages < pagesMax) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, pages]);
  return list;
}
