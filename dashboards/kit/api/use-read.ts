import { useInfiniteQuery, useQuery, type UseInfiniteQueryResult, type UseQueryResult } from '@tanstack/react-query';
import type { CallOptions, Endpoint, Endpoints, Page } from '@gatecast/cloud-api/client';
import { useMemo } from 'react';
import { useApi, type ReadEndpoint } from './use-api.ts';

type Result<E extends Endpoint> = Endpoints[E]['result'];
type Item<E extends Endpoint> = Result<E> extends Page<infer T> ? T : never;
type ReadOptions<E extends Endpoint> = Omit<CallOptions<E>, 'signal' | 'idempotencyKey' | 'body'>;
interface QueryRules {
  readonly enabled?: boolean;
  readonly refetchInterval?: number | false;
}

/** What a query is known by: the endpoint first, so that a live event can refresh all of an endpoint's answers. */
export const queryKeyOf = (endpoint: Endpoint, options: object): readonly unknown[] => [endpoint, options];

/** One answer of a GET endpoint, kept fresh. */
export function useRead<E extends ReadEndpoint>(
  endpoint: E,
  options: ReadOptions<E>,
  rules: QueryRules = {},
): UseQueryResult<Result<E>> {
  const { client } = useApi();
  return useQuery<Result<E>>({
    queryKey: queryKeyOf(endpoint, options),
    queryFn: ({ signal }) => client(endpoint, { ...options, signal } as unknown as CallOptions<E>),
    ...rules,
  });
}

export interface Pages<T> {
  readonly items: readonly T[];
  readonly query: UseInfiniteQueryResult<unknown>;
}

/** A list endpoint page by page: `items` of all pages so far; `query.fetchNextPage()` gets more while `query.hasNextPage`. */
export function useReadPages<E extends ReadEndpoint>(
  endpoint: E,
  options: ReadOptions<E>,
  rules: QueryRules = {},
): Pages<Item<E>> {
  const { client } = useApi();
  const query = useInfiniteQuery({
    queryKey: [...queryKeyOf(endpoint, options), 'pages'],
    queryFn: async ({ signal, pageParam }): Promise<Page<Item<E>>> => {
      const asked = { ...options, query: { ...queryOf(options), cursor: pageParam ?? undefined }, signal };
      return (await client(endpoint, asked as unknown as CallOptions<E>)) as Page<Item<E>>;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    ...rules,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { items, query };
}

const queryOf = (options: object): object =>
  'query' in options && typeof options.query === 'object' && options.query !== null ? options.query : {};
