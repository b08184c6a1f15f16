import { createClient, type Role } from '@gatecast/cloud-api/client';
import { Component, StrictMode, useEffect, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProvider } from './api/api-provider.tsx';
import { useApi } from './api/use-api.ts';
import { loadFontLater } from './font.ts';
import { LanguageProvider, useWords, type MessageSource } from './i18n/language-context.tsx';
import { createLanguageStore } from './i18n/language.ts';
import { SessionProvider, useSession } from './session/session-context.tsx';
import { createSessionStore, takeEnterLink, type AppName, type SessionStore } from './session/session.ts';
import { Empty, Loading } from './ui/states.tsx';
import './styles/base.css';
import './ui/controls.css';

interface AppOptions<M> {
  readonly app: AppName;
  readonly messages: MessageSource<M>;
  /** Where the session lives: as long as the tab, unless the app says otherwise. */
  readonly storage?: Storage;
  readonly children: ReactNode;
}

/** Puts an app into `#app` with session, language, API and error boundary around it; redeems `?enter=LINK` first. */
export function mountApp<M>({ app, messages, storage, children }: AppOptions<M>): void {
  const root = document.getElementById('app');
  if (!root) throw new Error('the page has no #app');
  const session = createSessionStore(app, storage);
  const link = takeEnterLink();
  const redeemed = link === null ? null : redeem(session, link);
  createRoot(root).render(
    <StrictMode>
      <SessionProvider store={session}>
        <LanguageProvider store={createLanguageStore()} messages={messages}>
          <ErrorBoundary>
            <ApiProvider session={session}>
              <Entering redeemed={redeemed}>{children}</Entering>
            </ApiProvider>
          </ErrorBoundary>
        </LanguageProvider>
      </SessionProvider>
    </StrictMode>,
  );
  loadFontLater();
}

/** Signs in by a one-time link. One that is used up or too old is no error here: the sign-in page comes up as usual. */
const redeem = (session: SessionStore, link: string): Promise<unknown> =>
  session.signIn(createClient({ base: '', token: () => undefined }), { link }).catch(() => undefined);

interface EnteringProps {
  /** Settles when the link was redeemed or refused; null if there was none. */
  readonly redeemed: Promise<unknown> | null;
  readonly children: ReactNode;
}

/** Waits for the session of the link; a void link leads to what is shown without one. */
function Entering({ redeemed, children }: EnteringProps) {
  const [ready, setReady] = useState(redeemed === null);
  useEffect(() => {
    let current = true;
    void redeemed?.finally(() => current && setReady(true));
    return () => {
      current = false;
    };
  }, [redeemed]);
  return ready ? children : <Loading />;
}

interface RoleGateProps {
  /** Whose page it is. */
  readonly roles: readonly Role[];
  /** The sign-in page. */
  readonly signIn: ReactNode;
  readonly children: ReactNode;
}

/** Shows the page to who may use it, the sign-in page to others. */
export function RoleGate({ roles, signIn, children }: RoleGateProps) {
  const { session, store } = useSession();
  const { client } = useApi();
  const { kit } = useWords();
  if (!session) return signIn;
  if (roles.includes(session.me.role)) return children;
  return (
    <main>
      <Empty icon="person" title={kit.wrongRole}>
        <button type="button" className="button is-primary" onClick={() => void store.signOut(client)}>
          {kit.signOut}
        </button>
      </Empty>
    </main>
  );
}

/** A bug of ours in one component: says so and offers a way on, instead of a white page. */
class ErrorBoundary extends Component<{ readonly children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }
  override render(): ReactNode {
    return this.state.broken ? <BrokenPage /> : this.props.children;
  }
}

function BrokenPage() {
  const { kit } = useWords();
  return (
    <main>
      <Empty icon="alert" title={kit.pageBroken}>
        <p>{kit.pageBrokenHint}</p>
        <button type="button" className="button is-primary" onClick={() => location.reload()}>
          {kit.reload}
        </button>
      </Empty>
    </main>
  );
}
