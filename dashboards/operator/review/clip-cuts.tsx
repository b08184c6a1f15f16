import type { Clip } from '@gatecast/cloud-api/client';
import { useRef } from 'react';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { useReviewWords } from './review-words.ts';

type File = Clip['files'][number];
const cuts = ['door', 'lift'] as const;

/** Of each cut the largest file: what is wrong is seen best there. */
const largest = (files: readonly File[], cut: File['cut']): File | undefined =>
  files.filter((file) => file.cut === cut).toSorted((a, b) => b.width - a.width)[0];

/** Both cuts of a clip, beside each other, each as its screens play it. Starting one stops the other. */
export function ClipCuts({ clip }: { readonly clip: Clip }) {
  const m = useReviewWords();
  const { kit } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const stopOthers = (playing: HTMLVideoElement): void =>
    box.current?.querySelectorAll('video').forEach((video) => {
      if (video !== playing) video.pause();
    });
  const files = cuts.flatMap((cut) => largest(clip.files, cut) ?? []);
  if (files.length === 0) return <p className="soft">{m.noVideo}</p>;
  return (
    <div className="clip-cuts" ref={box}>
      {files.map((file) => (
        <figure key={file.cut}>
          {/* Advert clips carry their words in the picture; there is no separate caption track. */}
          {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
          <video
            className="clip-cut"
            controls
            playsInline
            preload="metadata"
            aria-label={`${clip.title} · ${m.cuts[file.cut] ?? ''}`}
            src={file.videoUrl}
            onPlay={(event) => stopOthers(event.currentTarget)}
            {...(file.posterUrl !== null && { poster: file.posterUrl })}
          />
          <figcaption className="soft">
            {m.cuts[file.cut]} · <span className="digits">{kit.seconds(Math.round(file.durationMs / 1_000))}</span> ·{' '}
            <span className="digits">
              {file.width} × {file.height}
            </span>
          </figcaption>
        </figure>
      ))}
    </div>
  );
}
