import type { ComplaintAbout, ScreenFace } from '@gatecast/cloud-api/client';
import { ApiError } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty, Failed, ProblemNotice } from '../../kit/ui/states.tsx';
import { TabBar } from '../tab-bar.tsx';
import { useScreenWords } from './screen-words.ts';

const wordsMax = 300;
const abouts = ['too-loud', 'ad', 'other'] as const satisfies readonly ComplaintAbout[];

/** What the screen is and does, and a word against it, for whoever stands before it. */
export function ScreenPage({ token }: { readonly token: string }) {
  const m = useScreenWords();
  const query = useRead('GET /v1/screens/:token', { params: { token } });
  const isGone = query.error instanceof ApiError && query.error.problem.status === 404;
  return (
    <>
      <header className="page-head">
        <h1>{m.title}</h1>
      </header>
      <main className="page">
        {query.data ? (
          <>
            <p className="screen-place">{m.lead(query.data.community, query.data.entrance)}</p>
            <SayForm token={token} face={query.data} />
            <About face={query.data} />
          </>
        ) : isGone ? (
          <Empty icon="screen" title={m.gone}>
            <p>{m.goneHint}</p>
          </Empty>
        ) : query.error ? (
          <Failed error={query.error} retry={query.refetch} />
        ) : (
          <Bones heights={[200, 140]} />
        )}
      </main>
      <TabBar />
    </>
  );
}

function About({ face: { officePhone } }: { readonly face: ScreenFace }) {
  const m = useScreenWords();
  return (
    <section className="card">
      <h2>{m.what}</h2>
      <ul className="screen-facts">
        {m.facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <p className="row">
        <Link href="/me/consents" className="button">
          {m.consents}
        </Link>
        {officePhone !== null && (
          <a className="button" href={`tel:${officePhone.replaceAll(/[^+0-9]/g, '')}`}>
            {m.call(officePhone)}
          </a>
        )}
      </p>
    </section>
  );
}

function SayForm({ token, face }: { readonly token: string; readonly face: ScreenFace }) {
  const m = useScreenWords();
  const id = useId();
  const [, go] = useLocation();
  const [about, setAbout] = useState<ComplaintAbout>('too-loud');
  const [clip, setClip] = useState('');
  const [words, setWords] = useState('');
  const send = useWrite('POST /v1/screens/:token/complaints', ['GET /v1/me/complaints']);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const said = { about, words, clip: about === 'ad' && clip !== '' ? clip : null };
    send.mutate({ params: { token }, body: said }, { onSuccess: ({ receipt }) => go(`/s/answer/${receipt}`) });
  };
  return (
    <form className="card screen-form" onSubmit={submit}>
      <h2>{m.say}</h2>
      <fieldset className="screen-abouts">
        <legend className="visually-hidden">{m.say}</legend>
        {abouts.map((value) => (
          <label key={value} className={about === value ? 'is-chosen' : ''}>
            <input type="radio" name={id} value={value} checked={about === value} onChange={() => setAbout(value)} />
            {m.about[value]}
          </label>
        ))}
      </fieldset>
      {about === 'ad' && (
        <label className="field">
          <span>{m.which}</span>
          <select value={clip} onChange={(event) => setClip(event.currentTarget.value)}>
            <option value="">{m.notSure}</option>
            {face.clips.map(({ sha256, title, advertiser }) => (
              <option key={sha256} value={sha256}>
                {advertiser === null ? title : `${advertiser} · ${title}`}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="field">
        <span>{m.words}</span>
        <textarea
          rows={3}
          maxLength={wordsMax}
          value={words}
          placeholder={m.wordsPlaceholder}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      <p className="screen-soft">{m.noName}</p>
      <ProblemNotice error={send.error} />
      <button type="submit" className="button is-primary is-large" disabled={send.isPending}>
        {m.send}
      </button>
    </form>
  );
}
