import { ApiError, requestOf, type ListedReport } from '@gatecast/cloud-api/client';
import { useEffect, useState } from 'react';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { ExpectedPart } from '../../kit/result/expected-part.tsx';
import { saveFile } from '../../kit/save-file.ts';
import { useSession } from '../../kit/session/session-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, ProblemNotice } from '../../kit/ui/states.tsx';
import { DeliveryNote } from './delivery-note.tsx';
import { useReportWords } from './report-words.ts';
import { noteReportsSeen, reportsSeenAt } from './seen-reports.ts';

const perPage = 20;
const milli = 1_000;
/** Live events tell of new ones; this shows what became of messages. */
const refetchInterval = 5_000;

/** The reports that were made, newest first; what came since the last look is marked. */
export function ReportList() {
  const words = useReportWords();
  const pages = useReadPages('GET /v1/reports', { query: { limit: perPage } }, { refetchInterval });
  const [seenAt] = useState(reportsSeenAt);
  const newest = pages.items[0]?.madeAt;
  useEffect(() => {
    if (newest !== undefined) noteReportsSeen(newest);
  }, [newest]);
  return (
    <section className="stack">
      <h2 className="section-title">{words.list}</h2>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="list" title={words.none}>
            <p>{words.noneHint}</p>
          </Empty>
        }
      >
        {(reports) => (
          <ul className="stack">
            {reports.map((report) => (
              <li key={report.id}>
                <ReportCard report={report} isNew={report.madeAt > seenAt} />
              </li>
            ))}
          </ul>
        )}
      </LoadedPages>
      {pages.query.hasNextPage && (
        <button
          type="button"
          className="button is-wide"
          disabled={pages.query.isFetchingNextPage}
          onClick={() => void pages.query.fetchNextPage()}
        >
          {words.more}
        </button>
      )}
    </section>
  );
}

function ReportCard({ report, isNew }: { readonly report: ListedReport; readonly isNew: boolean }) {
  const words = useReportWords();
  const formats = useFormats();
  const again = useWrite('POST /v1/reports/:id/send-again', ['GET /v1/reports']);
  const { id, kind, from, to, zone, madeAt, totals, segments = [], delivery } = report;
  const figures = [
    [words.touches, formats.number(Math.floor(totals.verifiedMilliTouches / milli))],
    ...(totals.people > 0 ? [[words.people, formats.number(totals.people)]] : []),
    [words.scans, formats.number(totals.scans)],
    [words.orders, formats.number(totals.orders)],
    [words.pickedUp, formats.number(totals.pickedUp)],
    [words.cost, formats.money(totals.earnedFen)],
  ] as const;
  return (
    <article className="card stack">
      <div className="row spread">
        <strong>
          {words.kinds[kind]} · {from === to ? from : words.fromTo(from, to)}
        </strong>
        {isNew && <span className="badge is-brand">{words.fresh}</span>}
      </div>
      <dl className="report-figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt className="soft small">{name}</dt>
            <dd className="digits">{value}</dd>
          </div>
        ))}
      </dl>
      <ExpectedPart segments={segments} />
      {totals.silentHalfHours > 0 && <p className="soft small">{words.silent(totals.silentHalfHours)}</p>}
      <p className="soft small">{words.madeAt(formats.dateTime(madeAt, zone))}</p>
      <SaveReport report={report} />
      {delivery && (
        <div className="row spread">
          <DeliveryNote delivery={delivery} zone={zone} />
          {delivery.state !== 'sending' && (
            <button
              type="button"
              className="button is-quiet"
              disabled={again.isPending}
              onClick={() => again.mutate({ params: { id } })}
            >
              {words.again}
            </button>
          )}
        </div>
      )}
      <ProblemNotice error={again.error} />
    </article>
  );
}

const files = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
} as const;

function SaveReport({ report: { id, kind, from } }: { readonly report: ListedReport }) {
  const words = useReportWords();
  const { language } = useWords();
  const { store } = useSession();
  const [state, setState] = useState<{ readonly busy: boolean; readonly error: unknown }>({ busy: false, error: null });
  const save = (type: keyof typeof files): void => {
    setState({ busy: true, error: null });
    const options = { query: { lang: language === 'en' ? 'en' : 'zh' } };
    const { url, init } = requestOf('', `GET /v1/reports/${id}/report.${type}`, options, store.token());
    fetch(url, init)
      .then(async (answer) => {
        if (!answer.ok) throw new ApiError(await answer.json());
        saveFile(`${words.kinds[kind]}-${from}.${type}`, files[type], [await answer.blob()]);
        setState({ busy: false, error: null });
      })
      .catch((error: unknown) => setState({ busy: false, error }));
  };
  return (
    <>
      <div className="row report-files">
        <button type="button" className="button" disabled={state.busy} onClick={() => save('xlsx')}>
          <Icon name="list" /> {words.excel}
        </button>
        <button type="button" className="button" disabled={state.busy} onClick={() => save('csv')}>
          {words.csv}
        </button>
      </div>
      <ProblemNotice error={state.error} />
    </>
  );
}
