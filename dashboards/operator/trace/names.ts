import type { LiveEvent } from '@gatecast/cloud-api/client';
import { useMemo } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { terminalOf } from './trace-items.ts';

const namesMax = 200;

/** What the ids in events stand for: places, clips with their pictures, deals. */
export interface TraceNames {
  place(event: LiveEvent): string | null;
  clip(event: LiveEvent): { readonly title: string; readonly posterUrl: string | null } | null;
  deal(event: LiveEvent): { readonly title: string; readonly imageUrl: string | null } | null;
}

export function useTraceNames(): TraceNames {
  const query = { limit: namesMax };
  const { data: terminals } = useRead('GET /v1/terminals', { query });
  const { data: clips } = useRead('GET /v1/clips', { query });
  const { data: deals } = useRead('GET /v1/deals', { query });
  return useMemo(() => {
    const terminalOfEvent = (event: LiveEvent) =>
      terminals?.items.find(({ entranceId }) => entranceId === event.facts['entranceId']) ??
      terminals?.items.find(({ id }) => id === terminalOf(event));
    return {
      place: (event) => textFact(event, 'entranceName') ?? terminalOfEvent(event)?.entranceName ?? null,
      clip(event) {
        const { clip: hash, clipId, clipTitle } = event.facts;
        const known = clips?.items.find(
          (each) => (hash !== undefined && each.sha256 === hash) || each.id === clipId || each.title === clipTitle,
        );
        const title = textFact(event, 'clipTitle') ?? known?.title;
        return title === undefined ? null : { title, posterUrl: known?.posterUrl ?? null };
      },
      deal(event) {
        const known = deals?.items.find(({ id }) => id === event.facts['dealId']);
        const title = textFact(event, 'dealTitle') ?? known?.title;
        return title === undefined ? null : { title, imageUrl: known?.imageUrl ?? null };
      },
    };
  }, [terminals, clips, deals]);
}

/** A fact that is a text, or undefined. */
export function textFact({ facts }: LiveEvent, name: string): string | undefined {
  const value = facts[name];
  return typeof value === 'string' ? value : undefined;
}
