import type { Client } from '@gatecast/cloud-api/client';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.tsx';
import { useSession } from '../session/session-context.tsx';
import type { SessionStore } from '../session/session.ts';
import { UploadDesk, type UploadState } from './upload-desk.ts';

/** An upload outlives the page it was begun on, and ends with the tab. */
const desks = new WeakMap<SessionStore, UploadDesk>();

function deskOf(client: Client, store: SessionStore): UploadDesk {
  const desk = desks.get(store) ?? new UploadDesk(client, store.token);
  desks.set(store, desk);
  return desk;
}

/** The upload that is on its way here, with what can be done with it. The lists of uploads and clips follow it. */
export function useUpload(): { readonly state: UploadState; readonly desk: UploadDesk } {
  const { client } = useApi();
  const { store } = useSession();
  const queries = useQueryClient();
  const desk = useMemo(() => deskOf(client, store), [client, store]);
  const state = useSyncExternalStore(desk.subscribe, desk.state);
  useEffect(() => {
    let last = desk.state().phase;
    return desk.subscribe(() => {
      const { phase } = desk.state();
      // Progress alone changes no list.
      if (phase === last && phase === 'sending') return;
      last = phase;
      for (const list of ['GET /v1/clip-uploads', 'GET /v1/clips'])
        void queries.invalidateQueries({ queryKey: [list] });
    });
  }, [desk, queries]);
  return { state, desk };
}
