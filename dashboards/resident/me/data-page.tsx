import { useState, type FormEvent } from 'react';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { useSession } from '../../kit/session/session-context.tsx';
import { saveFile } from '../../kit/save-file.ts';
import { Field } from '../../kit/ui/field.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { AccountPage } from './account-page.tsx';
import { useAccountWords } from './account-words.ts';
import { leavePhone } from './leave-phone.ts';

/** All that is kept of oneself, to take away or to have deleted. */
export function DataPage() {
  return (
    <AccountPage page="data">
      <Download />
      <Erase />
    </AccountPage>
  );
}

function Download() {
  const words = useAccountWords();
  const { client } = useApi();
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  function download(): void {
    setState({ busy: true, error: null });
    client('GET /v1/me/export', {}).then(
      (data) => {
        saveFile(`${words.fileName}.json`, 'application/json', [JSON.stringify(data, null, 2)]);
        setState({ busy: false, error: null });
      },
      (error: unknown) => setState({ busy: false, error }),
    );
  }
  return (
    <section className="card account-card">
      <h2>{words.download}</h2>
      <p className="account-soft">{words.downloadHint}</p>
      <ProblemNotice error={state.error} />
      <button type="button" className="button is-primary is-large" disabled={state.busy} onClick={download}>
        {state.busy ? words.downloading : words.download}
      </button>
    </section>
  );
}

function Erase() {
  const words = useAccountWords();
  const { client } = useApi();
  const { store } = useSession();
  const [typed, setTyped] = useState('');
  const erase = useWrite('DELETE /v1/me');
  const isSure = typed.trim() === words.eraseWord;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isSure || erase.isPending) return;
    // Once the account is gone its session is void, so that leaving is for this phone alone.
    const leave = (): Promise<void> => leavePhone(client).then(() => store.expire());
    erase.mutate({}, { onSuccess: () => void leave() });
  }
  return (
    <section className="card account-card erase">
      <h2>{words.erase}</h2>
      <p className="notice is-warn">
        <Icon name="alert" /> <span>{words.eraseWarning}</span>
      </p>
      <h3>{words.eraseGoes}</h3>
      <Facts facts={words.eraseGoesFacts} />
      <h3>{words.eraseStays}</h3>
      <Facts facts={words.eraseStaysFacts} />
      <form className="stack" onSubmit={submit}>
        <Field
          label={words.eraseType(words.eraseWord)}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <ProblemNotice error={erase.error} />
        <button type="submit" className="button is-danger is-wide" disabled={!isSure || erase.isPending}>
          {erase.isPending ? words.erasing : words.eraseNow}
        </button>
      </form>
    </section>
  );
}

const Facts = ({ facts }: { readonly facts: readonly string[] }) => (
  <ul className="account-facts">
    {facts.map((fact) => (
      <li key={fact}>{fact}</li>
    ))}
  </ul>
);
