import { ApiError, requestOf, type Invoice, type InvoiceLine } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { saveFile } from '../../kit/save-file.ts';
import { useSession } from '../../kit/session/session-context.tsx';
import { useNow } from '../../kit/use-now.ts';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, ProblemNotice } from '../../kit/ui/states.tsx';
import { useCommunityZone } from '../use-community-zone.ts';
import { useBillWords } from './bill-words.ts';
import { DisputeLine, OwnDisputes } from './disputes.tsx';

const linesPerPage = 50;
const lookMs = 60_000;
const milli = 1_000;

/** What a campaign cost, month by month, each half-hour with its reasons; a line can be questioned. */
export function Bills({ campaignId }: { readonly campaignId: string }) {
  const words = useBillWords();
  const pages = useReadPages('GET /v1/invoices', { query: { campaignId, limit: 50 } });
  return (
    <section className="stack bills">
      <div>
        <h2 className="section-title">{words.bills}</h2>
        <p className="soft">{words.hint}</p>
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="money" title={words.none}>
            <p>{words.noneHint}</p>
          </Empty>
        }
      >
        {(invoices) => (
          <ul className="stack">
            {invoices.map((invoice) => (
              <li key={invoice.id}>
                <Bill invoice={invoice} />
              </li>
            ))}
          </ul>
        )}
      </LoadedPages>
      <OwnDisputes />
    </section>
  );
}

function Bill({ invoice }: { readonly invoice: Invoice }) {
  const words = useBillWords();
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="card bill" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="row spread">
          <strong>{words.month(invoice.month)}</strong>
          <span className={invoice.status === 'draft' ? 'badge' : 'badge is-brand'}>
            {words.status[invoice.status]}
          </span>
          <strong className="digits">{formats.money(invoice.totalFen)}</strong>
        </span>
        <span className="soft">
          {words.touches(formats.number(Math.floor(invoice.verifiedMilliTouches / milli)))}
          {invoice.creditedFen > 0 && ` · ${words.credited(formats.money(invoice.creditedFen))}`}
        </span>
      </summary>
      {isOpen && <Lines invoice={invoice} />}
    </details>
  );
}

function Lines({ invoice }: { readonly invoice: Invoice }) {
  const words = useBillWords();
  const pages = useReadPages('GET /v1/invoices/:id/lines', {
    params: { id: invoice.id },
    query: { limit: linesPerPage },
  });
  const now = useNow(lookMs);
  const isDisputable = invoice.disputableUntil !== null && now < invoice.disputableUntil;
  return (
    <div className="stack">
      <LoadedPages pages={pages} empty={<p className="soft">{words.noneHint}</p>}>
        {(lines) => (
          <ul className="bill-lines">
            {lines.map((line) => (
              <Line key={line.id} line={line} invoiceId={invoice.id} isDisputable={isDisputable} />
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
      <SaveCsv invoice={invoice} />
    </div>
  );
}

interface LineProps {
  readonly line: InvoiceLine;
  readonly invoiceId: string;
  readonly isDisputable: boolean;
}

const ppmPerPercent = 10_000;

function Line({ line, invoiceId, isDisputable }: LineProps) {
  const words = useBillWords();
  const formats = useFormats();
  const zone = useCommunityZone()(line.communityId);
  const plays = line.filtered.reduce((sum, one) => sum + one.plays, 0);
  const when = `${formats.date(line.at, zone)} ${formats.halfHour(line.at, zone)}`;
  return (
    <li className="bill-line">
      <div className="row spread">
        <span>
          <span className="digits">{when}</span> · {line.communityName}
        </span>
        <strong className="digits">{formats.money(line.amountFen)}</strong>
      </div>
      <div className="row spread soft">
        <span>
          {words.kinds[line.kind]} · {words.touches(formats.number(line.verifiedMilliTouches / milli))}
          {plays > 0 && ` · ${words.filtered(plays)}`}
        </span>
        {isDisputable && line.kind !== 'credit' && line.amountFen > 0 && line.disputeId === null && (
          <DisputeLine invoiceId={invoiceId} lineId={line.id} about={`${when} ${line.communityName}`} />
        )}
      </div>
      {line.segment !== 'all' && line.expectedPpm > 0 && (
        <p className="soft small">{words.expected(`${(line.expectedPpm / ppmPerPercent).toFixed(0)}%`)}</p>
      )}
    </li>
  );
}

function SaveCsv({ invoice }: { readonly invoice: Invoice }) {
  const words = useBillWords();
  const { store } = useSession();
  const [state, setState] = useState<{ readonly busy: boolean; readonly error: unknown }>({ busy: false, error: null });
  const save = (): void => {
    setState({ busy: true, error: null });
    const { url, init } = requestOf('', `GET /v1/invoices/${invoice.id}/lines.csv`, {}, store.token());
    fetch(url, init)
      .then(async (answer) => {
        if (!answer.ok) throw new ApiError(await answer.json());
        saveFile(`${invoice.month}.csv`, 'text/csv', [await answer.blob()]);
        setState({ busy: false, error: null });
      })
      .catch((error: unknown) => setState({ busy: false, error }));
  };
  return (
    <>
      <ProblemNotice error={state.error} />
      <button type="button" className="button is-wide" disabled={state.busy} onClick={save}>
        {words.csv}
      </button>
    </>
  );
}
