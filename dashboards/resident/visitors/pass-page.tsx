import type { Pass } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useApi, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, ProblemNotice } from '../../kit/ui/states.tsx';
import { TopBar } from '../top-bar.tsx';
import { forgetPass, keptPass } from './made-passes.ts';
import { PassWindow, StateBadge } from './pass-list-page.tsx';
import { SharePass } from './share-pass.tsx';
import { useVisitorWords } from './visitor-words.ts';

/** Passes of more than one page are long over; the ones to look at are on the first. */
const passesMax = 100;
const refreshMs = 5_000;

/** One pass: what to send, and how it stands. */
export function PassPage({ id }: { readonly id: string }) {
  const words = useVisitorWords();
  const pages = useReadPages('GET /v1/me/passes', { query: { limit: passesMax } }, { refetchInterval: refreshMs });
  const gone = <Empty icon="ticket" title={words.passGone} />;
  return (
    <>
      <TopBar title={words.readyTitle} back="/door/visitors" />
      <main className="page pass-page">
        <LoadedPages pages={pages} empty={gone}>
          {(items) => {
            const pass = items.find((each) => each.id === id);
            return pass ? <PassDetails pass={pass} /> : gone;
          }}
        </LoadedPages>
      </main>
    </>
  );
}

function PassDetails({ pass }: { readonly pass: Pass }) {
  const words = useVisitorWords();
  const formats = useFormats();
  const { clock } = useApi();
  const secrets = keptPass(pass.id, clock.now());
  const isOpen = pass.state === 'active' || pass.state === 'scheduled';
  return (
    <>
      <section className="card pass-standing">
        <span className="row spread">
          <h2>{pass.label}</h2>
          <StateBadge state={pass.state} />
        </span>
        <PassWindow pass={pass} />
        <p>
          {words.used(pass.usedCount)}
          {pass.lastUsedAt !== null && ` · ${words.lastUsed(formats.dateTime(pass.lastUsedAt, homeZone))}`}
        </p>
        {isOpen && pass.codeWorksOffline && (
          <p className="pass-offline">
            <Icon name="shield" size={18} /> {words.worksOffline}
          </p>
        )}
        {isOpen && !pass.codeWorksOffline && pass.delivered.terminals < pass.delivered.of && (
          <output className="notice">{words.onItsWay}</output>
        )}
      </section>
      {isOpen && secrets && <SharePass pass={pass} secrets={secrets} />}
      {isOpen && !secrets && <p className="notice">{words.codeGone}</p>}
      {isOpen && <Revoke id={pass.id} />}
    </>
  );
}

function Revoke({ id }: { readonly id: string }) {
  const words = useVisitorWords();
  const { clock } = useApi();
  const [asks, setAsks] = useState(false);
  const write = useWrite('DELETE /v1/me/passes/:id', ['GET /v1/me/passes']);
  const revoke = (): void => write.mutate({ params: { id } }, { onSuccess: () => forgetPass(id, clock.now()) });
  if (!asks) {
    return (
      <button type="button" className="button is-wide" onClick={() => setAsks(true)}>
        {words.revoke}
      </button>
    );
  }
  return (
    <div className="stack" role="alert">
      <p>{words.revokeSure}</p>
      <ProblemNotice error={write.error} />
      <div className="pass-revoke">
        <button type="button" className="button is-large" onClick={() => setAsks(false)}>
          {words.keep}
        </button>
        <button type="button" className="button is-danger is-large" disabled={write.isPending} onClick={revoke}>
          {words.revoke}
        </button>
      </div>
    </div>
  );
}
