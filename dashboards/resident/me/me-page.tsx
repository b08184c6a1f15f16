import { useState } from 'react';
import { Link } from 'wouter';
import { useApi, useRead } from '../../kit/api/api-context.tsx';
import { useSession } from '../../kit/session/session-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { LanguageSwitch } from '../../kit/ui/language-switch.tsx';
import { TabBar } from '../tab-bar.tsx';
import { leavePhone } from './leave-phone.ts';
import { useMeWords } from './me-words.ts';
import { SignInDialog } from '../sign-in-dialog.tsx';
import './me.css';

export function MePage() {
  const words = useMeWords();
  const { session } = useSession();
  return (
    <>
      <header className="page-head">
        <h1>{words.me}</h1>
      </header>
      <main className="page">
        <section className="card me-card">
          <span className="me-picture">
            <Icon name="person" size={32} />
          </span>
          {session ? (
            <div>
              <h2>{words.signedInAs(session.me.name)}</h2>
              <p>
                <Home />
              </p>
            </div>
          ) : (
            <h2>{words.signedOutLead}</h2>
          )}
        </section>
        {session && <Menu />}
        <section className="card row spread">
          <h2 className="setting-name">{words.language}</h2>
          <LanguageSwitch />
        </section>
        <p className="privacy">
          <Icon name="shield" size={20} /> <span>{words.privacy}</span>
        </p>
        <SignInOrOut />
      </main>
      <TabBar />
    </>
  );
}

/** The community at once, the unit as soon as it is known. */
function Home() {
  const words = useMeWords();
  const { session } = useSession();
  const { data } = useRead('GET /v1/me/profile', {});
  if (!data) return session?.me.scope?.name;
  return words.home(data.communityName, data.building, data.unit);
}

const icons = {
  'ways-in': 'key',
  records: 'list',
  views: 'people',
  consents: 'shield',
  screens: 'volume',
  income: 'money',
  sessions: 'screen',
  data: 'box',
} as const satisfies Readonly<Record<keyof ReturnType<typeof useMeWords>['pages'], IconName>>;

function Menu() {
  const words = useMeWords();
  return (
    <nav className="card me-menu" aria-label={words.menu}>
      {(Object.keys(icons) as (keyof typeof icons)[]).map((page) => (
        <Link key={page} href={`/me/${page}`}>
          <Icon name={icons[page]} size={26} />
          <span>
            <b>{words.pages[page].title}</b>
            <span>{words.pages[page].hint}</span>
          </span>
          <Icon name="forward" />
        </Link>
      ))}
    </nav>
  );
}

function SignInOrOut() {
  const words = useMeWords();
  const { session, store } = useSession();
  const { client } = useApi();
  const [open, setOpen] = useState(false);
  if (session) {
    const signOut = async (): Promise<void> => {
      await leavePhone(client);
      // The token is dropped whatever the cloud answers; without an answer it ends there by itself.
      await store.signOut(client).catch(() => undefined);
    };
    return (
      <>
        <button type="button" className="button is-large is-wide" onClick={() => void signOut()}>
          {words.signOut}
        </button>
        <p className="me-sign-out">{words.signOutHint}</p>
      </>
    );
  }
  return (
    <>
      <button type="button" className="button is-primary is-large is-wide" onClick={() => setOpen(true)}>
        {words.signInHere}
      </button>
      <SignInDialog open={open} onClose={() => setOpen(false)} onSignedIn={() => setOpen(false)} />
    </>
  );
}
