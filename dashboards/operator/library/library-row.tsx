import { App, Button, Modal } from 'antd';
import type { Clip, ClipStatus } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { homeZone } from '../../kit/format.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { dayText } from '../../kit/local-moment.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { ClipCuts } from '../review/clip-cuts.tsx';
import { Findings } from '../review/findings.tsx';
import { ReviewHistory } from '../review/review-history.tsx';
import { useReviewWords } from '../review/review-words.ts';
import { DeleteHouseClip } from './delete-house-clip.tsx';
import { ScreensLeft } from './screens-left.tsx';
import { TakeDown } from './take-down.tsx';

const tone: Record<ClipStatus, string> = {
  queued: '',
  transcoding: 'is-brand',
  'in-review': 'is-warn',
  approved: 'is-good',
  rejected: 'is-bad',
  'taken-down': 'is-bad',
  expired: '',
  failed: 'is-bad',
  withdrawn: '',
};
/** Of the others no screen ever had a file. */
const wasOnScreens: readonly ClipStatus[] = ['approved', 'taken-down', 'expired', 'withdrawn'];
const comesBack: readonly ClipStatus[] = ['rejected', 'expired', 'taken-down'];

/** A clip in the library: what it is, how it stands, and what can be done with it. */
export function LibraryRow({ clip }: { readonly clip: Clip }) {
  const m = useReviewWords();
  const [isOpen, setOpen] = useState(false);
  const [isTakingDown, setTakingDown] = useState(false);
  return (
    <li className="card library-row">
      {clip.posterUrl ? (
        <img className="library-poster" src={clip.posterUrl} alt="" loading="lazy" />
      ) : (
        <span className="library-poster">
          <Icon name="film" size={28} />
        </span>
      )}
      <About clip={clip} />
      <div className="library-buttons">
        <Button onClick={() => setOpen(true)} aria-label={`${m.details} ${clip.title}`}>
          {m.details}
        </Button>
        {comesBack.includes(clip.status) && clip.filesDeletedAt === null && <ReviewAgain clip={clip} />}
        {clip.status === 'failed' && clip.reason !== 'source-gone' && <ConvertAgain clip={clip} />}
        {clip.status === 'approved' && (
          <Button danger onClick={() => setTakingDown(true)} aria-label={`${m.takeDown} ${clip.title}`}>
            {m.takeDown}
          </Button>
        )}
        {clip.merchantId === null && clip.status !== 'withdrawn' && clip.filesDeletedAt === null && (
          <DeleteHouseClip clip={clip} />
        )}
      </div>
      <TakeDown clip={clip} open={isTakingDown} onClose={() => setTakingDown(false)} />
      <Modal open={isOpen} title={clip.title} footer={null} width={820} destroyOnHidden onCancel={() => setOpen(false)}>
        <div className="stack review-side">
          <ClipCuts clip={clip} />
          <Findings clip={clip} />
          {wasOnScreens.includes(clip.status) && (
            <ScreensLeft clipId={clip.id} isPlaying={clip.status === 'approved'} />
          )}
          <h3>{m.history}</h3>
          <ReviewHistory clipId={clip.id} />
        </div>
      </Modal>
    </li>
  );
}

function About({ clip }: { readonly clip: Clip }) {
  const m = useReviewWords();
  const words = useCategoryWords();
  const { kit } = useWords();
  const day = (at: number): string => dayText(at, homeZone);
  const times = [
    clip.status === 'approved' && clip.approvedUntil !== null && m.validUntil(day(clip.approvedUntil)),
    clip.lastPlayedAt === null ? m.neverPlayed : m.lastPlayed(day(clip.lastPlayedAt)),
    clip.filesDeletedAt !== null && m.filesGone(day(clip.filesDeletedAt)),
  ].filter(Boolean);
  const { reason } = clip;
  return (
    <div className="library-about">
      <span className={`badge ${tone[clip.status]}`}>{m.status[clip.status]}</span>
      <h2>{clip.title}</h2>
      <span className="soft">
        {[clip.merchantName ?? m.house, clip.category && words.categories[clip.category]].filter(Boolean).join(' · ')}
      </span>
      <span className="soft digits">{times.join(' · ')}</span>
      {reason !== null && <span>{m.reasons[reason] ?? kit.problems[reason] ?? reason}</span>}
      {clip.note && <span className="soft">“{clip.note}”</span>}
    </div>
  );
}

function ReviewAgain({ clip }: { readonly clip: Clip }) {
  const m = useReviewWords();
  const again = useWrite('POST /v1/clips/:id/review-again', ['GET /v1/clips', 'GET /v1/clips/:id/reviews']);
  return <Again label={m.again} clip={clip} write={again} />;
}

function ConvertAgain({ clip }: { readonly clip: Clip }) {
  const { kit } = useWords();
  const again = useWrite('POST /v1/clips/:id/retry', ['GET /v1/clips']);
  return <Again label={kit.retry} clip={clip} write={again} />;
}

interface AgainProps {
  readonly label: string;
  readonly clip: Clip;
  readonly write: {
    readonly isPending: boolean;
    mutate(call: { params: { id: string } }, after: { onError: (error: Error) => void }): void;
  };
}

function Again({ label, clip, write }: AgainProps) {
  const { kit } = useWords();
  const { message } = App.useApp();
  const press = (): void =>
    write.mutate({ params: { id: clip.id } }, { onError: (error) => void message.error(problemSentence(error, kit)) });
  return (
    <Button loading={write.isPending} onClick={press} aria-label={`${label} ${clip.title}`}>
      {label}
    </Button>
  );
}
