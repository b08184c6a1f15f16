import type { Dispute, DisputeWithEvidence } from '@gatecast/cloud-api/client';
import { Segmented, Tag } from 'antd';
import { useState } from 'react';
import { useRead, useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { BundleButton } from './bundle-button.tsx';
import { Decide } from './decide.tsx';
import { useDisputeWords } from './dispute-words.ts';

const states = ['open', 'upheld', 'refused', 'withdrawn'] as const;
const milli = 1_000;

/** What merchants question in their bills, with the evidence, for a decision and its reason. */
export function DisputesPage() {
  const m = useDisputeWords();
  const [status, setStatus] = useState<Dispute['status']>('open');
  const pages = useReadPages('GET /v1/disputes', { query: { status } });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <div className="stack">
        <Segmented
          aria-label={m.filter}
          value={status}
          options={states.map((value) => ({ value, label: m.states[value] }))}
          onChange={setStatus}
        />
        <LoadedPages
          pages={pages}
          empty={
            <Empty icon="check" title={m.none}>
              <p>{m.noneHint}</p>
            </Empty>
          }
        >
          {(disputes) => (
            <div className="stack">
              {disputes.map((dispute) => (
                <DisputeCard key={dispute.id} dispute={dispute} />
              ))}
            </div>
          )}
        </LoadedPages>
        <LoadMore pages={pages} />
      </div>
    </>
  );
}

function DisputeCard({ dispute }: { readonly dispute: Dispute }) {
  const m = useDisputeWords();
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  const { id, line, reason, status, dueAt, isOverdue, note, credit } = dispute;
  return (
    <article className="card stack">
      <div className="row spread">
        <h2>
          {line.communityName} · <span className="digits">{formats.dateTime(line.at, homeZone)}</span>
        </h2>
        <span>
          {isOverdue ? (
            <Tag color="red">{m.overdue(formats.date(dispute.silenceEndsAt, homeZone))}</Tag>
          ) : (
            status === 'open' && <span className="soft">{m.due(formats.date(dueAt, homeZone))}</span>
          )}
        </span>
      </div>
      <p>{reason}</p>
      <p className="soft">
        {m.billed}: <span className="digits">{formats.number(line.verifiedMilliTouches / milli)}</span> ·{' '}
        <strong className="digits">{formats.money(line.amountFen)}</strong>
      </p>
      {dispute.isBySilence && (
        <p>
          {m.bySilence} {credit && formats.money(credit.amountFen)}
        </p>
      )}
      {note !== null && (
        <p>
          {m.states[status]}: {note} {credit && formats.money(credit.amountFen)}
        </p>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{m.evidence}</summary>
        {isOpen && (
          <>
            <EvidenceOf id={id} />
            <BundleButton invoiceId={dispute.invoiceId} />
          </>
        )}
      </details>
      {status === 'open' && <Decide dispute={dispute} />}
    </article>
  );
}

function EvidenceOf({ id }: { readonly id: string }) {
  const query = useRead('GET /v1/disputes/:id', { params: { id } });
  return <Loaded query={query}>{(dispute) => <Evidence evidence={dispute.evidence} />}</Loaded>;
}

function Evidence({ evidence: { versions, screens } }: Pick<DisputeWithEvidence, 'evidence'>) {
  const m = useDisputeWords();
  const formats = useFormats();
  return (
    <ul>
      {versions.map(({ version, rendered, viewable, verifiedMilliTouches, filtered }) => (
        <li key={version}>
          {m.version(version, rendered, viewable, formats.number(verifiedMilliTouches / milli))}
          {filtered.length > 0 && (
            <> · {m.notCounted(filtered.map(({ reason, plays }) => `${reason} ${plays}`).join(', '))}</>
          )}
        </li>
      ))}
      {screens?.map(({ screen, plays, viewable, firstSeq, lastSeq, checkpoint }) => (
        <li key={screen}>
          {m.screen(screen, plays, viewable, firstSeq, lastSeq)} ·{' '}
          {checkpoint ? m.signed(checkpoint.seq, checkpoint.kid) : m.unsigned}
        </li>
      ))}
      {screens === null && <li>{m.gone}</li>}
    </ul>
  );
}
