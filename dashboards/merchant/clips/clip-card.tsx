import type { Clip, ClipStatus } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { homeZone } from '../../kit/format.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useClipWords } from './clip-words.ts';
import { DeleteClip } from './delete-clip.tsx';
import { ReviewHelp } from './review-help.tsx';

const tones: Record<ClipStatus, string> = {
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

/** Clips that play no more, or never did. */
const refused: readonly ClipStatus[] = ['rejected', 'failed', 'taken-down', 'expired'];

/** A clip with what became of it, in words, and what to do about it. */
export function ClipCard({ clip, onWatch }: { readonly clip: Clip; readonly onWatch: () => void }) {
  const words = useClipWords();
  const formats = useFormats();
  const { categories } = useCategoryWords();
  const { status, progressPercent } = clip;
  const said = status === 'transcoding' ? words.transcodingPercent(progressPercent) : words.clipStatus[status];
  return (
    <article className="card clip-card" aria-label={clip.title}>
      <Poster clip={clip} onWatch={onWatch} />
      <div className="clip-text">
        <h2>{clip.title}</h2>
        <p className="row clip-facts">
          <output className={`badge ${tones[status]}`}>{said}</output>
          {clip.durationMs !== null && (
            <span className="soft digits">{words.seconds(Math.round(clip.durationMs / 1_000))}</span>
          )}
          <span className="soft digits">{formats.dateTime(clip.createdAt, homeZone)}</span>
        </p>
        {(status === 'transcoding' || status === 'queued') && (
          <progress className="progress" max={100} value={progressPercent} aria-label={said} />
        )}
        {status === 'queued' && clip.reason !== null && (
          <p className="soft">{words.waiting[clip.reason] ?? words.waitingAgain}</p>
        )}
        {clip.category !== null && <p className="soft">{categories[clip.category]}</p>}
        {status === 'approved' && clip.approvedUntil !== null && (
          <p className="soft">{words.approvedUntil(formats.date(clip.approvedUntil, homeZone))}</p>
        )}
        {status === 'in-review' && <p className="soft">{words.inReviewHint}</p>}
        {status === 'approved' && (
          <Link href={`/book?clip=${clip.id}`} className="button">
            <Icon name="megaphone" /> {words.useInCampaign}
          </Link>
        )}
        {refused.includes(status) && <Refusal clip={clip} />}
        <ReviewHelp clip={clip} />
        <div className="row clip-tools">
          {clip.isMade && (
            <Link href={`/clips/make?from=${clip.id}`} className="button" aria-label={words.makeAnotherOf(clip.title)}>
              {words.makeAnother}
            </Link>
          )}
          <DeleteClip clip={clip} />
        </div>
      </div>
    </article>
  );
}

function Poster({ clip, onWatch }: { readonly clip: Clip; readonly onWatch: () => void }) {
  const words = useClipWords();
  const picture = clip.posterUrl ? <img src={clip.posterUrl} alt="" loading="lazy" /> : <Icon name="film" size={32} />;
  if (!clip.videoUrl) return <div className="clip-poster">{picture}</div>;
  return (
    <button type="button" className="clip-poster" aria-label={words.watch(clip.title)} onClick={onWatch}>
      {picture}
      <span className="clip-play">
        <Icon name="play" size={22} />
      </span>
    </button>
  );
}

/** Why a clip was sent back, what the reviewer says, and what helps. */
function Refusal({ clip }: { readonly clip: Clip }) {
  const words = useClipWords();
  const { kit } = useWords();
  const reason = clip.reason ?? '';
  return (
    <div className="clip-refusal">
      <strong>{words.reasons[reason] ?? kit.problems[reason] ?? words.unknownReason}</strong>
      {clip.note && <p>{words.reviewerSays(clip.note)}</p>}
      <p>{words.advice[reason] ?? words.unknownAdvice}</p>
      {clip.status === 'failed' && reason !== 'source-gone' && <Retry clipId={clip.id} />}
    </div>
  );
}

function Retry({ clipId }: { readonly clipId: string }) {
  const words = useClipWords();
  const retry = useWrite('POST /v1/clips/:id/retry', ['GET /v1/clips']);
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={retry.isPending}
        onClick={() => retry.mutate({ params: { id: clipId } })}
      >
        {words.retry}
      </button>
      <ProblemNotice error={retry.error} />
    </>
  );
}
