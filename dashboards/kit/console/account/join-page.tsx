import type { InvitationLook } from '@gatecast/cloud-api/client';
import { useEffect, useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { useSession } from '../../session/session-context.tsx';
import { Field } from '../../ui/field.tsx';
import { LanguageSwitch } from '../../ui/language-switch.tsx';
import { Empty, Loading, ProblemNotice } from '../../ui/states.tsx';
import { useAccountWords } from './account-words.ts';
import '../../session/sign-in-page.css';

type State =
  | { readonly is: 'looking' }
  | { readonly is: 'void' }
  | { readonly is: 'open'; readonly invitation: InvitationLook };

/** Where an invitation leads: who invites whom, and a password to choose. The token is in the address behind `#`. */
export function JoinPage({ onJoined }: { readonly onJoined: () => void }) {
  const m = useAccountWords().join;
  const { client } = useApi();
  const [token] = useState(() => location.hash.slice(1));
  const [state, setState] = useState<State>({ is: 'looking' });
  useEffect(() => {
    let current = true;
    client('POST /v1/invitations/look', { body: { token } }).then(
      (invitation) => current && setState({ is: 'open', invitation }),
      () => current && setState({ is: 'void' }),
    );
    return () => {
      current = false;
    };
  }, [client, token]);
  return (
    <div className="sign-in">
      <header>
        <span />
        <LanguageSwitch />
      </header>
      <main>
        <div className="sign-in-card card stack">
          {state.is === 'looking' && <Loading />}
          {state.is === 'void' && (
            <Empty icon="alert" title={m.void}>
              <p>{m.voidHint}</p>
              <button type="button" className="button" onClick={onJoined}>
                {m.toSignIn}
              </button>
            </Empty>
          )}
          {state.is === 'open' && <Accept token={token} invitation={state.invitation} onJoined={onJoined} />}
        </div>
      </main>
    </div>
  );
}

interface AcceptProps {
  readonly token: string;
  readonly invitation: InvitationLook;
  readonly onJoined: () => void;
}

function Accept({ token, invitation, onJoined }: AcceptProps) {
  const { team, join: m } = useAccountWords();
  const { client } = useApi();
  const { store } = useSession();
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const { role, name, email, partyName } = invitation;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get('password');
    setState({ busy: true, error: null });
    client('POST /v1/invitations/accept', {
      body: { token, password: typeof password === 'string' ? password : '' },
    }).then(
      (session) => {
        store.enter(session);
        onJoined();
      },
      (error: unknown) => setState({ busy: false, error }),
    );
  };
  return (
    <form className="stack" onSubmit={submit}>
      <div>
        <h1>{m.title}</h1>
        <p>
          {name} · {partyName === null ? m.leadPlain(team.role[role]) : m.lead(partyName, team.role[role])}
        </p>
      </div>
      <Field label={m.email} type="email" value={email} autoComplete="username" readOnly />
      <Field
        label={m.password}
        hint={m.passwordHint}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={10}
        required
      />
      <ProblemNotice error={state.error} />
      <button type="submit" className="button is-primary is-large is-wide" disabled={state.busy}>
        {m.accept}
      </button>
    </form>
  );
}
