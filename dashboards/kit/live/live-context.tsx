import { useQueryClient } from '@tanstack/react-query';
import type { Endpoint, LiveEvent, LiveEventType } from '@gatecast/cloud-api/client';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useSession } from '../session/session-context.tsx';
import { createLiveStream, type LiveState } from './live-stream.ts';
import { createRefresher } from './refresher.ts';

/** Short enough for a door that is being opened to be followed, long enough for an answer to come. */
const refreshEveryMs = 500;

interface Live {
  readonly state: LiveState;
  readonly listen: (listener: (event: LiveEvent) => void) => () => void;
}
const LiveContext = createContext<Live | null>(null);

/** Which answers an event makes stale; asking again is how a page catches up after a gap too. */
export type LiveRefreshes = Partial<Record<LiveEventType, readonly Endpoint[]>>;

interface LiveProviderProps {
  readonly refreshes: LiveRefreshes;
  readonly children: ReactNode;
}

/** One live connection for the page while somebody is signed in. */
export function LiveProvider({ refreshes, children }: LiveProviderProps) {
  const { session, store } = useSession();
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const [listeners] = useState(() => new Set<(event: LiveEvent) => void>());
  const signedIn = session?.token;

  useEffect(() => {
    if (!signedIn) return;
    const refresher = createRefresher<Endpoint>(
      (endpoint) => void queries.invalidateQueries({ queryKey: [endpoint] }),
      refreshEveryMs,
    );
    const stream = createLiveStream({
      url: '/v1/events',
      token: store.token,
      onState(next) {
        setState(next);
        if (next === 'refused') store.expire();
        // What was read before the connection stood may have been overtaken by something that nobody told.
        if (next === 'live') for (const endpoint of new Set(Object.values(refreshes).flat())) refresher.stale(endpoint);
      },
      onEvent(event) {
        for (const endpoint of refreshes[event.type] ?? []) refresher.stale(endpoint);
        for (const listener of listeners) listener(event);
      },
    });
    stream.start();
    return () => {
      stream.stop();
      refresher.stop();
    };
  }, [signedIn, store, queries, refreshes, listeners]);

  const live = useMemo(
    (): Live => ({
      state,
      listen(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }),
    [state, listeners],
  );
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

export function useLiveState(): LiveState {
  return useLive().state;
}
function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive outside LiveProvider');
  return live;
}

/** Calls `onEvent` with each live event while the component is shown. */
export function useLiveEvents(onEvent: (event: LiveEvent) => void): void {
  const { listen } = useLive();
  const newest = useRef(onEvent);
  useEffect(() => {
    newest.current = onEvent;
  });
  useEffect(() => listen((event) => newest.current(event)), [listen]);
}
