import { Component, StrictMode, useEffect, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProvider, useApi } from './api/api-context.tsx';
import { loadFontLater } from './font.ts';
import { LanguageProvider, useWords, type MessageSource } from './i18n/language-context.tsx';
import { createLanguageStore } from './i18n/language.ts';
import { SessionProvider, useSession } from './session/session-context.tsx';
import { createSessionStore, takeEnterLink, type AppName } from './session/session.ts';
import { Empty, Loading } from './ui/states.tsx';
import './styles/base.css';
import './ui/controls.css';

interface AppOptions<M> {
  readonly app: AppName;
  readonly messages: MessageSource<M>;
  readonly children: ReactNode;
}

/** Puts an app into `#app` with session, language, API and error boundary around it; redeems `?enter=LINK` first. */
export function mountApp<M>({ app, messages, children }: AppOptions<M>): void {
  const root = document.getElementById('app');
  if (!root) throw new Error('the page has no #app');
  const session = createSessionStore(app);
  const link = takeEnterLink();
  createRoot(root).render(
    <StrictMode>
      <SessionProvider store={session}>
        <LanguageProvider store={createLanguageStore()} messages={messages}>
          <ErrorBoundary>
            <ApiProvider session={session}>
              <Entering link={link}>{children}</Entering>
            </ApiProvider>
          </ErrorBoundary>
        </LanguageProvider>
      </SessionProvider>
    </StrictMode>,
  );
  loadFontLater();
}

/** A link can be redeemed once, while StrictMode runs effects twice: the running redemption is kept here. */
let redemption: Promise<unknown> | null = null;

/** Waits for the cloud's clock and for the link's session; a void link or no answer leads to the sign-in page. */
function Entering({ link, children }: { readonly link: string | null; readonly children: ReactNode }) {
  const { client, clock } = useApi();
  const { store } = useSession();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    redemption ??= Promise.allSettled([clock.adjust(), link ? store.signIn(client, { link }) : null]);
    let current = true;
    void redemption.then(() => current && setReady(true));
    return () => {
      current = false;
    };
  }, [client, clock, store, link]);
  return ready ? children : <Loading />;
}

interface RoleGateProps {
  readonly role: AppName;
  /** The sign-in page. */
  readonly signIn: ReactNode;
  readonly children: ReactNode;
}

/** Shows the page to who may use it, the sign-in page to others. */
export function RoleGate({ role, signIn, children }: RoleGateProps) {
  const { session, store } = useSession();
  const { client } = useApi();
  const { kit } = useWords();
  if (!session) return signIn;
  if (session.me.role === role) return children;
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
