import { useState } from 'react';
import { useApi } from '../../kit/api/api-context.tsx';
import { useSession } from '../../kit/session/session-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LanguageSwitch } from '../../kit/ui/language-switch.tsx';
import { TabBar } from '../tab-bar.tsx';
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
              {session.me.scope && (
                <p>
                  {words.myCommunity}：{session.me.scope.name}
                </p>
              )}
            </div>
          ) : (
            <h2>{words.signedOutLead}</h2>
          )}
        </section>
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

function SignInOrOut() {
  const words = useMeWords();
  const { session, store } = useSession();
  const { client } = useApi();
  const [open, setOpen] = useState(false);
  if (session) {
    return (
      <button
        type="button"
        className="button is-large is-wide"
        // The token is dropped whatever the cloud answers; without an answer it ends there by itself.
        onClick={() => void store.signOut(client).catch(() => undefined)}
      >
        {words.signOut}
      </button>
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
