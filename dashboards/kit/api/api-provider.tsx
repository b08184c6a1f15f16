import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ApiError, createClient, type Client } from '@gatecast/cloud-api/client';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { SessionStore } from '../session/session.ts';
import { createCloudClock } from './clock.ts';
import { ApiContext } from './use-api.ts';

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
