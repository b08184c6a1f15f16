import {
  QueryClient,
  QueryClientProvider,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import {
  ApiError,
  createClient,
  type CallOptions,
  type Client,
  type Endpoint,
  type Endpoints,
  type Page,
} from '@gatecast/cloud-api/client';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { SessionStore } from '../session/session.ts';
import { createCloudClock, type CloudClock } from './clock.ts';
import { newIdempotencyKey } from './idempotency-key.ts';

interface Api {
  readonly client: Client;
  readonly clock: CloudClock;
}
const ApiContext = createContext<Api | null>(null);

/** The page's own origin serves the API. */
const base = '';
const retriesMax = 2;

/** A call worth repeating: no answer, or the cloud was not able to. A refusal stays one. */
const isPassing = (error: unknown): boolean =>
  error instanceof ApiError && (error.problem.status === 0 || error.problem.status >= 502);

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < retriesMax && isPassing(error),
        // Without a network a page says so at once; left to itself a query would wait in silence.
        networkMode: 'always',
        refetchOnReconnect: true,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

export function ApiProvider({ session, children }: { readonly session: SessionStore; readonly children: ReactNode }) {
  const api = useMemo(() => {
    const plain = createClient({ base, token: session.token });
    const client: Client = async (endpoint, options) => {
      const token = session.token();
      try {
        return await plain(endpoint, options);
      } catch (error) {
        // Only the token that was refused: a late answer must not end a newer session.
        const isVoid = error instanceof ApiError && error.problem.code === 'unauthenticated';
        if (isVoid && token && token === session.token()) session.expire();
        throw error;
      }
    };
    return { client, clock: createCloudClock(base) };
  }, [session]);
  const [queries] = useState(newQueryClient);
  useEffect(() => {
    // Without an answer the page's own clock stays in charge, as it was until now.
    api.clock.adjust().catch(() => undefined);
  }, [api]);
  return (
    <ApiContext.Provider value={api}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </ApiContext.Provider>
  );
}

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error('useApi outside ApiProvider');
  return api;
}

type ReadEndpoint = Extract<Endpoint, `GET ${string}`>;
type WriteEndpoint = Exclude<Endpoint, ReadEndpoint>;
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

/**
 * A write. One intention keeps one idempotency key: pressing again after a lost answer repeats the same request and gets the
 * first answer; other content, or a success, starts a new key. `refreshes` are the endpoints whose answers it changes.
 */
export function useWrite<E extends WriteEndpoint>(
  endpoint: E,
  refreshes: readonly ReadEndpoint[] = [],
): UseMutationResult<Result<E>, Error, CallOptions<E>> {
  const { client } = useApi();
  const queries = useQueryClient();
  const intention = useRef<{ content: string; key: string } | null>(null);
  return useMutation<Result<E>, Error, CallOptions<E>>({
    mutationFn: (options) => {
      const content = JSON.stringify([options.params, options.query, options.body]);
      if (intention.current?.content !== content || options.body instanceof Blob)
        intention.current = { content, key: newIdempotencyKey() };
      return client(endpoint, { idempotencyKey: intention.current.key, ...options });
    },
    onSuccess: async () => {
      intention.current = null;
      await Promise.all(refreshes.map((read) => queries.invalidateQueries({ queryKey: [read] })));
    },
  });
}
