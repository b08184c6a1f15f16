import { App, Button } from 'antd';
import type { Permit } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { homeZone } from '../../kit/format.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { dayText } from '../../kit/local-moment.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { ReasonDialog } from '../review/reason-dialog.tsx';
import { useReviewWords } from '../review/review-words.ts';

const tone = { waiting: 'is-warn', accepted: 'is-good', refused: 'is-bad', withdrawn: 'is-bad' } as const;
const refusalReasons = [
  'unreadable',
  'not-theirs',
  'wrong-category',
  'out-of-date',
  'not-found-at-office',
  'other',
] as const;
const minuteMs = 60_000;

export function PermitRow({ permit }: { readonly permit: Permit }) {
  const m = useReviewWords();
  const words = useCategoryWords();
  const now = useNow(minuteMs);
  const day = (at: number): string => dayText(at, homeZone);
  const isOver = permit.validTo <= now;
  return (
    <li className="card permit-row">
      <Scan permit={permit} />
      <div className="library-about">
        <span className={`badge ${tone[permit.status]}`}>{m.permitStatus[permit.status]}</span>
        <h2>{permit.merchantName ?? permit.merchantId}</h2>
        <span>
          {words.categories[permit.category]} · <span className="digits">{permit.number}</span>
        </span>
        <span className="soft digits">
          {m.validFromTo(day(permit.validFrom), day(permit.validTo))}
          {isOver && ` · ${m.permitOver}`}
        </span>
        {permit.reason !== null && <span>{m.reasons[permit.reason] ?? permit.reason}</span>}
        {permit.note && <span className="soft">“{permit.note}”</span>}
      </div>
      {permit.status === 'waiting' && <Decision permit={permit} isOver={isOver} />}
      {permit.status === 'accepted' && !isOver && <Refusal permit={permit} verb="withdraw" />}
    </li>
  );
}

/** Looked at rather than read: a photo as a picture, a PDF as something to open. */
function Scan({ permit: { fileUrl, fileType, number } }: { readonly permit: Permit }) {
  const m = useReviewWords();
  if (fileUrl === null) return <span className="permit-scan" />;
  return (
    <a className="permit-scan" href={fileUrl} target="_blank" rel="noreferrer">
      {fileType === 'application/pdf' ? (
        <span>
          <Icon name="card" size={28} /> PDF
        </span>
      ) : (
        <img src={fileUrl} alt="" loading="lazy" />
      )}
      <small>
        {m.openScan} <span className="visually-hidden">{number}</span>
      </small>
    </a>
  );
}

const refreshed = ['GET /v1/permits', 'GET /v1/clips'] as const;

function Decision({ permit, isOver }: { readonly permit: Permit; readonly isOver: boolean }) {
  const m = useReviewWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const accept = useWrite('POST /v1/permits/:id/accept', refreshed);
  // The row is gone from the list of those that wait before this is answered.
  const press = (): void =>
    void accept.mutateAsync({ params: { id: permit.id } }).then(
      () => message.success(m.accepted),
      (error: unknown) => message.error(problemSentence(error, kit)),
    );
  return (
    <div className="library-buttons">
      <Refusal permit={permit} verb="refuse" />
      <Button
        type="primary"
        size="large"
        disabled={isOver}
        loading={accept.isPending}
        onClick={press}
        aria-label={`${m.accept} ${permit.number}`}
      >
        {m.accept}
      </Button>
    </div>
  );
}

function Refusal({ permit, verb }: { readonly permit: Permit; readonly verb: 'refuse' | 'withdraw' }) {
  const m = useReviewWords();
  const { message } = App.useApp();
  const [isOpen, setOpen] = useState(false);
  const refuse = useWrite('POST /v1/permits/:id/refuse', refreshed);
  const withdraw = useWrite('POST /v1/permits/:id/withdraw', refreshed);
  const write = verb === 'refuse' ? refuse : withdraw;
  const said = verb === 'refuse' ? m.refused : m.withdrawn;
  return (
    <div className="library-buttons">
      <Button danger size="large" onClick={() => setOpen(true)} aria-label={`${m[verb]} ${permit.number}`}>
        {m[verb]}
      </Button>
      <ReasonDialog
        open={isOpen}
        title={verb === 'refuse' ? m.refuseTitle : m.withdrawTitle}
        warning={verb === 'withdraw' && <p className="notice is-warn">{m.withdrawWarning}</p>}
        reasons={refusalReasons}
        action={m[verb]}
        isPending={write.isPending}
        error={write.error}
        onClose={() => setOpen(false)}
        onSubmit={(body) =>
          void write.mutateAsync({ params: { id: permit.id }, body }).then(
            () => {
              void message.success(said);
              setOpen(false);
            },
            // The dialog shows it.
            () => undefined,
          )
        }
      />
    </div>
  );
}
