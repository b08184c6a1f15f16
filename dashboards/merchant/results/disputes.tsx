import type { Dispute } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { useRead, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Dialog } from '../../kit/ui/dialog.tsx';
import { Loaded, ProblemNotice } from '../../kit/ui/states.tsx';
import { useBillWords } from './bill-words.ts';

const reasonMax = 500;
const reasonMin = 2;
const reads = ['GET /v1/disputes', 'GET /v1/invoices/:id/lines', 'GET /v1/invoices'] as const;

interface DisputeLineProps {
  readonly invoiceId: string;
  readonly lineId: string;
  readonly about: string;
}

/** Says what is wrong with a line. */
export function DisputeLine({ invoiceId, lineId, about }: DisputeLineProps) {
  const words = useBillWords();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const open = useWrite('POST /v1/invoices/:id/disputes', reads);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    open.mutate({ params: { id: invoiceId }, body: { lineId, reason } }, { onSuccess: () => setOpen(false) });
  };
  return (
    <>
      <button
        type="button"
        className="button is-quiet"
        aria-label={words.disputeAbout(about)}
        onClick={() => setOpen(true)}
      >
        {words.dispute}
      </button>
      <Dialog open={isOpen} title={words.disputeTitle} onClose={() => setOpen(false)}>
        <form className="stack" onSubmit={submit}>
          <p className="soft">{about}</p>
          <div className="field">
            <label htmlFor={id}>{words.reason}</label>
            <textarea
              id={id}
              className="input"
              rows={4}
              maxLength={reasonMax}
              placeholder={words.reasonHint}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          </div>
          <p className="soft">{words.sent}</p>
          <ProblemNotice error={open.error} />
          <button
            type="submit"
            className="button is-primary is-wide"
            disabled={open.isPending || reason.trim().length < reasonMin}
          >
            {words.send}
          </button>
        </form>
      </Dialog>
    </>
  );
}

/** What one has questioned, and how far each is. */
export function OwnDisputes() {
  const words = useBillWords();
  const { items } = useReadPages('GET /v1/disputes', { query: { limit: 50 } });
  if (items.length === 0) return null;
  return (
    <section className="stack">
      <h3>{words.disputes}</h3>
      <ul className="stack">
        {items.map((dispute) => (
          <li key={dispute.id} className="card stack">
            <OwnDispute dispute={dispute} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OwnDispute({ dispute }: { readonly dispute: Dispute }) {
  const words = useBillWords();
  const formats = useFormats();
  const { id, line, status, reason, note, credit, dueAt, isOverdue, silenceEndsAt, isBySilence } = dispute;
  const withdraw = useWrite('POST /v1/disputes/:id/withdraw', reads);
  return (
    <>
      <div className="row spread">
        <span>
          <span className="digits">{formats.dateTime(line.at, homeZone)}</span> · {line.communityName}
        </span>
        <span className={status === 'open' ? 'badge' : 'badge is-brand'}>{words.state[status]}</span>
      </div>
      <p>{reason}</p>
      {status === 'open' && (
        <p className="soft">
          {isOverdue ? words.overdue(formats.date(silenceEndsAt, homeZone)) : words.due(formats.date(dueAt, homeZone))}
        </p>
      )}
      {isBySilence && <p>{words.bySilence}</p>}
      {note !== null && (
        <p>
          <strong>{words.answer}</strong> {note}
        </p>
      )}
      {credit && <p>{words.refunded(formats.money(credit.amountFen), credit.refund === 'done')}</p>}
      <EvidenceOf id={id} />
      <ProblemNotice error={withdraw.error} />
      {status === 'open' && (
        <button
          type="button"
          className="button"
          disabled={withdraw.isPending}
          onClick={() => withdraw.mutate({ params: { id } })}
        >
          {words.withdraw}
        </button>
      )}
    </>
  );
}

function EvidenceOf({ id }: { readonly id: string }) {
  const words = useBillWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.evidence}</summary>
      {isOpen && <Evidence id={id} />}
    </details>
  );
}

const milli = 1_000;

function Evidence({ id }: { readonly id: string }) {
  const words = useBillWords();
  const formats = useFormats();
  const query = useRead('GET /v1/disputes/:id', { params: { id } });
  return (
    <Loaded query={query}>
      {({ evidence: { versions, screens } }) => (
        <ul>
          {versions.map(({ version, verifiedMilliTouches }) => (
            <li key={version}>{words.version(version, formats.number(verifiedMilliTouches / milli))}</li>
          ))}
          {screens?.map(({ screen, plays, viewable, firstSeq, lastSeq, checkpoint }) => (
            <li key={screen}>
              {words.screen(screen, plays, viewable)} · {words.proof(firstSeq, lastSeq)} ·{' '}
              {checkpoint ? words.signed(checkpoint.seq) : words.unsigned}
            </li>
          ))}
          {screens === null && <li>{words.gone}</li>}
        </ul>
      )}
    </Loaded>
  );
}
