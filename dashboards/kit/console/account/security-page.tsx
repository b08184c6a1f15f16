import type { OwnSession } from '@gatecast/cloud-api/client';
import type { FormEvent } from 'react';
import { useReadPages, useWrite } from '../../api/api-context.tsx';
import { homeZone } from '../../format.ts';
import { useFormats } from '../../i18n/language-context.tsx';
import { Field } from '../../ui/field.tsx';
import { LoadedPages } from '../../ui/loaded-pages.tsx';
import { ProblemNotice } from '../../ui/states.tsx';
import { useNow } from '../../use-now.ts';
import { useAccountWords } from './account-words.ts';
import { SecondFactorCard } from './second-factor-card.tsx';
import './account.css';

const refreshMs = 60_000;
const passwordSpan = { minLength: 10, maxLength: 200 } as const;

/** Password, second factor and devices of whoever is signed in; without the desk kit, as phones show it too. */
export const SecurityPage = () => (
  <>
    <SecurityHead />
    <SecurityCards />
  </>
);

function SecurityHead() {
  const m = useAccountWords().security;
  return (
    <div className="page-head">
      <h1>{m.title}</h1>
    </div>
  );
}

/** The same where they are a part of a page. */
export function SecurityCards() {
  return (
    <div className="account-cards">
      <PasswordCard />
      <SecondFactorCard />
      <DevicesCard />
    </div>
  );
}

function PasswordCard() {
  const m = useAccountWords().security;
  const change = useWrite('PUT /v1/me/password', ['GET /v1/me/sessions']);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = new FormData(form);
    const body = { current: textOf(typed, 'current'), next: textOf(typed, 'next') };
    change.mutate({ body }, { onSuccess: () => form.reset() });
  };
  return (
    <section className="card">
      <h2>{m.password}</h2>
      <form className="stack" onSubmit={submit}>
        <Field label={m.current} name="current" type="password" autoComplete="current-password" required />
        <Field
          label={m.next}
          hint={m.nextHint}
          name="next"
          type="password"
          autoComplete="new-password"
          {...passwordSpan}
          required
        />
        <ProblemNotice error={change.error} />
        {change.isSuccess && <output className="notice is-good">{m.changed}</output>}
        <div>
          <button type="submit" className="button" disabled={change.isPending}>
            {m.change}
          </button>
        </div>
      </form>
    </section>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

function DevicesCard() {
  const m = useAccountWords().security;
  const pages = useReadPages('GET /v1/me/sessions', { query: {} });
  const endOthers = useWrite('DELETE /v1/me/sessions', ['GET /v1/me/sessions']);
  return (
    <section className="card">
      <h2>{m.sessions}</h2>
      <LoadedPages pages={pages} empty={null}>
        {(sessions) => (
          <>
            <ul className="device-rows">
              {sessions.map((each) => (
                <Device key={each.id} device={each} />
              ))}
            </ul>
            {sessions.length === 1 ? (
              <p className="soft">{m.noOthers}</p>
            ) : (
              <button
                type="button"
                className="button"
                disabled={endOthers.isPending}
                onClick={() => endOthers.mutate({})}
              >
                {m.endOthers}
              </button>
            )}
            <ProblemNotice error={endOthers.error} />
          </>
        )}
      </LoadedPages>
    </section>
  );
}

function Device({ device: { id, device, lastSeenAt, current } }: { readonly device: OwnSession }) {
  const m = useAccountWords().security;
  const format = useFormats();
  const now = useNow(refreshMs);
  const end = useWrite('DELETE /v1/me/sessions/:id', ['GET /v1/me/sessions']);
  return (
    <li>
      <span className="device-name">
        <b>{device || m.unknownDevice}</b>
        <span className="soft">{m.lastSeen(format.timeOrDate(lastSeenAt, now, homeZone))}</span>
      </span>
      {current ? (
        <span className="badge is-good">{m.current_}</span>
      ) : (
        <button
          type="button"
          className="button"
          disabled={end.isPending}
          onClick={() => end.mutate({ params: { id } })}
        >
          {m.end}
        </button>
      )}
      <ProblemNotice error={end.error} />
    </li>
  );
}
