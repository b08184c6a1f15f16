import { App, Button } from 'antd';
import { ApiError, type ResidentImport } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Empty, Loaded, ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { ImportErrors, ImportPreview } from './import-rows.tsx';
import { importTone } from './import-tone.ts';
import './imports.css';

/** While rows are being written. Live events tell of the end at once. */
const pollMs = 1_000;
const refreshMs = 30_000;

const isBusy = ({ state }: ResidentImport): boolean => state === 'applying' || state === 'undoing';

/** One file: what it would do, then how far it has come, then how to take it back. Its address finds it again after a reload. */
export function ImportPage({ id }: { readonly id: string }) {
  const m = useMessages().imports;
  const [busy, setBusy] = useState(false);
  const query = useRead('GET /v1/resident-imports/:id', { params: { id } }, { refetchInterval: busy ? pollMs : false });
  if (query.data && isBusy(query.data) !== busy) setBusy(!busy);
  const isGone = query.error instanceof ApiError && query.error.problem.code === 'not-found';
  return (
    <>
      <Link href="/imports" className="back-link">
        <Icon name="back" />
        {m.backToList}
      </Link>
      {isGone ? (
        <Empty icon="upload" title={m.notFound}>
          <p>{m.notFoundHint}</p>
        </Empty>
      ) : (
        <Loaded query={query}>{(of) => <Known of={of} />}</Loaded>
      )}
    </>
  );
}

function Known({ of }: { readonly of: ResidentImport }) {
  const m = useMessages().imports;
  const format = useFormats();
  const zone = useCommunity().community?.zone ?? homeZone;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{of.filename}</h1>
          <p>
            {m.by(of.byName, format.dateTime(of.at, zone))}{' '}
            <span className={`badge ${importTone[of.state]}`}>{m.state[of.state]}</span>
          </p>
        </div>
      </div>
      <div className="stack">
        <Counts of={of} />
        <section className="card stack" aria-live="polite">
          <Standing of={of} zone={zone} />
        </section>
        {of.errorCount > 0 && <ImportErrors of={of} />}
        <ImportPreview of={of} />
      </div>
    </>
  );
}

function Counts({ of }: { readonly of: ResidentImport }) {
  const m = useMessages().imports.counts;
  const format = useFormats();
  const counts = [
    ['new', of.new, 'is-good'],
    ['changed', of.changed, 'is-brand'],
    ['unchanged', of.unchanged, ''],
    ['errors', of.errorCount, of.errorCount > 0 ? 'is-bad' : ''],
  ] as const;
  return (
    <dl className="import-counts">
      {counts.map(([name, count, tone]) => (
        <div key={name} className={`card ${tone}`}>
          <dt>{m[name]}</dt>
          <dd className="digits">{format.number(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Standing({ of, zone }: { readonly of: ResidentImport; readonly zone: string }) {
  const m = useMessages().imports;
  switch (of.state) {
    case 'checked':
      return <Apply of={of} />;
    case 'applying':
    case 'undoing':
      return <Progress of={of} />;
    case 'applied':
    case 'failed':
      return <Applied of={of} zone={zone} />;
    case 'undone':
      return (
        <>
          <p className="notice">{m.undone}</p>
          <AnotherFile />
        </>
      );
  }
}

function Apply({ of }: { readonly of: ResidentImport }) {
  const m = useMessages().imports;
  const apply = useWrite('POST /v1/resident-imports/:id/apply', ['GET /v1/resident-imports/:id']);
  const wanted = of.new + of.changed;
  const bad = of.errorCount > 0;
  return (
    <>
      <p>{m.checkedLead}</p>
      {bad && <p className="notice is-warn">{m.fixFirst}</p>}
      {wanted === 0 && <p className="notice">{m.nothingToDo}</p>}
      <ProblemNotice error={apply.error} />
      <div className="row">
        {wanted > 0 && (
          <Button
            type="primary"
            size="large"
            loading={apply.isPending}
            onClick={() => apply.mutate({ params: { id: of.id }, body: bad ? { skipErrors: true } : {} })}
          >
            {bad ? m.applySkipping(wanted, badRows(of)) : m.apply(wanted)}
          </Button>
        )}
        <AnotherFile />
      </div>
    </>
  );
}

/** Rows, where `errorCount` counts faults: a row may have several. */
const badRows = (of: ResidentImport): number => of.rows - of.new - of.changed - of.unchanged;

function AnotherFile() {
  const m = useMessages().imports;
  const [, go] = useLocation();
  return (
    <Button size="large" onClick={() => go('/imports')}>
      {m.again}
    </Button>
  );
}

function Progress({ of }: { readonly of: ResidentImport }) {
  const m = useMessages().imports;
  return (
    <>
      <p>{of.state === 'undoing' ? m.undoing : m.applying}</p>
      <progress className="progress" max={Math.max(1, of.of)} value={of.done} aria-label={m.progress(of.done, of.of)} />
      <span className="digits soft">{m.progress(of.done, of.of)}</span>
    </>
  );
}

function Applied({ of, zone }: { readonly of: ResidentImport; readonly zone: string }) {
  const m = useMessages().imports;
  const format = useFormats();
  const [, go] = useLocation();
  const now = useNow(refreshMs);
  const until = of.undoUntil;
  const mayUndo = until !== null && now < until;
  return (
    <>
      <p className={`notice ${of.state === 'failed' ? 'is-bad' : 'is-good'}`}>
        <Icon name={of.state === 'failed' ? 'alert' : 'check'} />
        {of.state === 'failed' ? m.failed : m.applied}
      </p>
      <div className="row">
        <Button type="primary" size="large" onClick={() => go('/residents')}>
          {m.seeResidents}
        </Button>
        {mayUndo && <Undo of={of} />}
        {until !== null && (
          <span className="soft">{mayUndo ? m.undoUntil(format.dateTime(until, zone)) : m.undoOver}</span>
        )}
      </div>
    </>
  );
}

/** The code of a refusal because somebody changed what the import had written. */
const changedSince = 'import-changed-since';

function Undo({ of }: { readonly of: ResidentImport }) {
  const m = useMessages().imports;
  const { kit } = useWords();
  const { modal, message } = App.useApp();
  const undo = useWrite('POST /v1/resident-imports/:id/undo', ['GET /v1/resident-imports/:id']);
  const send = (skipChanged: boolean): Promise<void> =>
    undo.mutateAsync({ params: { id: of.id }, body: skipChanged ? { skipChanged } : {} }).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof ApiError && error.problem.code === changedSince && !skipChanged) askToSkip();
        else void message.error(problemSentence(error, kit));
      },
    );
  const askToSkip = (): void =>
    void modal.confirm({
      title: m.undoSkip,
      okText: m.undoSkipOk,
      okButtonProps: { danger: true },
      onOk: () => send(true),
    });
  const ask = (): void =>
    void modal.confirm({
      title: m.undoTitle,
      content: m.undoText,
      okText: m.undo,
      okButtonProps: { danger: true },
      onOk: () => send(false),
    });
  return (
    <Button danger size="large" loading={undo.isPending} onClick={ask}>
      {m.undo}
    </Button>
  );
}
