import type { Session } from '@gatecast/cloud-api/client';
import { createContext, useContext, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import type { SessionStore, SignedOutReason } from './session.ts';

const SessionContext = createContext<SessionStore | null>(null);

export function SessionProvider({ store, children }: { readonly store: SessionStore; readonly children: ReactNode }) {
  return <SessionContext.Provider value={store}>{children}</SessionContext.Provider>;
}

export interface SessionView {
  /** Null while nobody is signed in. */
  readonly session: Session | null;
  readonly reason: SignedOutReason;
  readonly store: SessionStore;
}

export function useSession(): SessionView {
  const store = useContext(SessionContext);
  if (!store) throw new Error('useSession outside SessionProvider');
  const state = useSyncExternalStore(store.subscribe, store.state);
  return useMemo(() => ({ ...state, store }), [state, store]);
}
