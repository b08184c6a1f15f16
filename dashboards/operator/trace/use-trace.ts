import type { LiveEvent } from '@gatecast/cloud-api/client';
import { useEffect, useMemo, useState } from 'react';
import { useApi } from '../../kit/api/api-context.tsx';
import { useLiveEvents, useLiveState } from '../../kit/live/live-context.tsx';
import type { LiveState } from '../../kit/live/live-stream.ts';
import { historyEvents, isToldLive } from './history.ts';
import { traceOf, type TraceItem } from './trace-items.ts';

const eventsKept = 400;
const historyLimit = 12;

interface LiveTrace {
  readonly items: readonly TraceItem[];
  readonly isLoading: boolean;
  /** Why the past could not be read; what happens now is shown nevertheless. */
  readonly error: unknown;
  readonly isPaused: boolean;
  /** Events that came while it was paused. */
  readonly waiting: number;
  readonly setPaused: (paused: boolean) => void;
}

/** The trace so far: some of what happened before, and everything that happens from now on. */
export function useTrace(): LiveTrace {
  const past = usePast(useLiveState());
  const [live, setLive] = useState<readonly LiveEvent[]>([]);
  const [heldAt, setHeldAt] = useState<number | null>(null);
  useLiveEvents((event) => setLive((before) => [...before, event].slice(-eventsKept)));

  const shown = useMemo(() => (heldAt === null ? live : live.filter(({ id }) => id <= heldAt)), [live, heldAt]);
  const items = useMemo(
    () => traceOf([...past.events.filter((event) => !isToldLive(event, shown)), ...shown]),
    [past.events, shown],
  );
  return {
    items,
    isLoading: past.isLoading,
    error: past.error,
    isPaused: heldAt !== null,
    waiting: live.length - shown.length,
    setPaused: (paused) => setHeldAt(paused ? (live.at(-1)?.id ?? 0) : null),
  };
}

interface Past {
  readonly events: readonly LiveEvent[];
  readonly isLoading: boolean;
  readonly error: unknown;
}

/** Read once, when the live events have begun to come or cannot: read before, what happened in between would be in neither. */
function usePast(live: LiveState): Past {
  const { client } = useApi();
  const [past, setPast] = useState<Past>({ events: [], isLoading: true, error: null });
  const isTime = live !== 'connecting';
  useEffect(() => {
    if (!isTime) return;
    const stopping = new AbortController();
    const options = { query: { limit: historyLimit }, signal: stopping.signal };
    Promise.all([
      client('GET /v1/access-events', options),
      client('GET /v1/plays', options),
      client('GET /v1/traces', options),
    ])
      .then(([access, plays, traces]) => {
        const events = historyEvents({ access: access.items, plays: plays.items, traces: traces.items });
        setPast({ events, isLoading: false, error: null });
      })
      .catch((error: unknown) => !stopping.signal.aborted && setPast({ events: [], isLoading: false, error }));
    return () => stopping.abort();
  }, [client, isTime]);
  return past;
}
