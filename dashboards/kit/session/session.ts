import type { Client, Me, Session } from '@gatecast/cloud-api/client';

/** Which front end this is; each keeps its own session, so that one browser can be two people. */
export type AppName = 'operator' | 'property' | 'merchant' | 'resident' | 'guard';

type SignInBody =
  | { email: string; password: string; totp?: string }
  | { phone: string; code: string }
  | { link: string };

/** Why nobody is signed in: never was, left, or the cloud no longer takes the token. */
export type SignedOutReason = 'none' | 'left' | 'expired';

export interface SessionState {
  readonly session: Session | null;
  readonly reason: SignedOutReason;
}

/** Who is signed in here. Lives as long as the tab, or as `storage` does; the token never leaves there and the authorization header. */
export interface SessionStore {
  readonly state: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly token: () => string | undefined;
  /** Rejects with ApiError, `bad-credentials` among others. */
  readonly signIn: (client: Client, body: SignInBody) => Promise<Me>;
  /** Somebody has just been given a session by other means than signing in: an invitation. */
  readonly enter: (session: Session) => void;
  readonly signOut: (client: Client) => Promise<void>;
  /** The cloud answered 401: the token is void. */
  readonly expire: () => void;
}

export function createSessionStore(app: AppName, storage: Storage = sessionStorage): SessionStore {
  const key = `gatecast.${app}.session`;
  const listeners = new Set<() => void>();
  let current: SessionState = { session: storedSession(storage.getItem(key)), reason: 'none' };

  const change = (next: SessionState): void => {
    current = next;
    if (next.session) storage.setItem(key, JSON.stringify(next.session));
    else storage.removeItem(key);
    for (const listener of listeners) listener();
  };

  return {
    state: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    token: () => current.session?.token,
    async signIn(client, body) {
      const session = await client('POST /v1/sessions', { body });
      change({ session, reason: 'none' });
      return session.me;
    },
    enter: (session) => change({ session, reason: 'none' }),
    async signOut(client) {
      // The token is dropped here whatever the cloud answers; a session left behind there ends by itself.
      const ended = client('DELETE /v1/sessions/current', {});
      change({ session: null, reason: 'left' });
      await ended;
    },
    expire() {
      if (current.session) change({ session: null, reason: 'expired' });
    },
  };
}

/** What an earlier page of this tab stored, or null when there is nothing that we wrote. */
function storedSession(text: string | null): Session | null {
  if (!text) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'token' in value && 'me' in value ? (value as Session) : null;
  } catch {
    return null;
  }
}

/** Takes `?enter=LINK` out of the address bar (and so out of the history) and returns the link. */
export function takeEnterLink(): string | null {
  const address = new URL(location.href);
  const link = address.searchParams.get('enter');
  if (!link) return null;
  address.searchParams.delete('enter');
  history.replaceState(history.state, '', address);
  return link;
}
