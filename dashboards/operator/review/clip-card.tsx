import { App, Button, Progress } from 'antd';
import type { Clip } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { RejectClip } from './reject-clip.tsx';

const tone: Record<Clip['status'], string> = {
  queued: '',
  transcoding: 'is-brand',
  'in-review': 'is-warn',
  approved: 'is-good',
  rejected: 'is-bad',
  failed: 'is-bad',
};
const refreshMs = 60_000;
const megabyte = 1_000_000;

export function ClipCard({ clip }: { readonly clip: Clip }) {
  const m = useMessages().review;
  const { kit } = useWords();
  const format = useFormats();
  const now = useNow(refreshMs);
  const facts = [
    clip.durationMs !== null && kit.seconds(Math.round(clip.durationMs / 1_000)),
    clip.width !== null && clip.height !== null && `${clip.width} × ${clip.height}`,
    clip.bytes !== null && `${format.number(Math.round((clip.bytes / megabyte) * 10) / 10)} MB`,
  ].filter(Boolean);
  return (
    <li className="card clip-card">
      <ClipPlayer clip={clip} />
      <div className="clip-about">
        <span className={`badge ${tone[clip.status]}`}>{m.status[clip.status]}</span>
        <h2>{clip.title}</h2>
        <p className="soft">{clip.merchantName ?? m.house}</p>
        <p className="soft digits">{facts.join(' · ')}</p>
        <p className="soft">{format.relative(clip.createdAt, now)}</p>
        {clip.reason && (
          <p className="clip-reason">{m.reasons[clip.reason] ?? problemText(clip.reason, kit.problems)}</p>
        )}
        {clip.note && <p className="soft">“{clip.note}”</p>}
      </div>
      {clip.status === 'in-review' && <Verdict clip={clip} />}
    </li>
  );
}

const problemText = (code: string, problems: Readonly<Record<string, string>>): string => problems[code] ?? code;

/** The clip as the screen will show it; before it is ready, how far the conversion has come. */
function ClipPlayer({ clip }: { readonly clip: Clip }) {
  const m = useMessages().review;
  if (clip.videoUrl !== null) {
    return (
      // Advert clips carry their words in the picture; there is no separate caption track.
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      <video
        className="clip-player"
        controls
        playsInline
        preload="none"
        aria-label={clip.title}
        src={clip.videoUrl}
        {...(clip.posterUrl !== null && { poster: clip.posterUrl })}
      />
    );
  }
  return (
    <div className="clip-player is-empty">
      {clip.status === 'transcoding' ? (
        <Progress type="circle" percent={clip.progressPercent} size={96} aria-label={m.status.transcoding} />
      ) : (
        <Icon name="film" size={48} />
      )}
    </div>
  );
}

function Verdict({ clip }: { readonly clip: Clip }) {
  const m = useMessages().review;
  const { kit } = useWords();
  const { message } = App.useApp();
  const [rejecting, setRejecting] = useState(false);
  const approve = useWrite('POST /v1/clips/:id/approve', ['GET /v1/clips']);
  const press = (): void =>
    approve.mutate(
      { params: { id: clip.id } },
      {
        onSuccess: () => void message.success(m.approved(clip.title)),
        onError: (error) => void message.error(problemSentence(error, kit)),
      },
    );
  return (
    <div className="clip-verdict">
      <Button
        danger
        size="large"
        icon={<Icon name="cross" />}
        onClick={() => setRejecting(true)}
        aria-label={`${m.reject} ${clip.title}`}
      >
        {m.reject}
      </Button>
      <Button
        type="primary"
        size="large"
        icon={<Icon name="check" />}
        loading={approve.isPending}
        onClick={press}
        aria-label={`${m.approve} ${clip.title}`}
      >
        {m.approve}
      </Button>
      <RejectClip clip={clip} open={rejecting} onClose={() => setRejecting(false)} />
    </div>
  );
}
