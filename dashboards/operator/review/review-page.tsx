import { Button } from 'antd';
import type { CategoryInfo, Clip } from '@gatecast/cloud-api/client';
import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, Loading } from '../../kit/ui/states.tsx';
import { useCategories } from './category-info.ts';
import { ClipCuts } from './clip-cuts.tsx';
import { Findings, Marked } from './findings.tsx';
import { ReviewHistory } from './review-history.tsx';
import { useReviewWords } from './review-words.ts';
import { Verdict } from './verdict.tsx';
import './review.css';

/** Signed links to videos last an hour; a page left open asks for fresh ones. */
const refetchMs = 10 * 60_000;
const queueMax = 50;

/** The queue of clips that wait for a person: one at a time, the longest waiting first. */
export function ReviewPage() {
  const m = useReviewWords();
  const format = useFormats();
  const query = { status: 'in-review', order: 'waiting', limit: queueMax } as const;
  const pages = useReadPages('GET /v1/clips', { query }, { refetchInterval: refetchMs });
  const categories = useCategories();
  const [skipped, setSkipped] = useState<readonly string[]>([]);
  const { items, query: asked } = pages;
  const count = `${format.number(items.length)}${asked.hasNextPage ? '+' : ''}`;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.review}</h1>
          <p>{m.reviewIntro}</p>
        </div>
        {items.length > 0 && <output className="badge is-warn">{m.waiting(count)}</output>}
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="film" title={m.nothing}>
            <p>{m.nothingHint}</p>
            <Link href="/library" className="button">
              {m.toLibrary}
            </Link>
          </Empty>
        }
      >
        {(clips) => {
          const clip = nextOf(clips, skipped);
          if (!categories || !clip) return <Loading />;
          return (
            <ClipDesk
              key={clip.id}
              clip={clip}
              categories={categories}
              onSkip={() => setSkipped(skip(clips, skipped, clip.id))}
            />
          );
        }}
      </LoadedPages>
    </>
  );
}

/** The first that was not skipped; after all were, the one that was skipped first. */
const nextOf = (clips: readonly Clip[], skipped: readonly string[]): Clip | undefined =>
  clips.find(({ id }) => !skipped.includes(id)) ?? clips.find(({ id }) => id === skipped[0]) ?? clips[0];

function skip(clips: readonly Clip[], skipped: readonly string[], id: string): string[] {
  const there = skipped.filter((one) => one !== id && clips.some((clip) => clip.id === one));
  return [...there, id];
}

interface ClipDeskProps {
  readonly clip: Clip;
  readonly categories: readonly CategoryInfo[];
  readonly onSkip: () => void;
}

function ClipDesk({ clip, categories, onSkip }: ClipDeskProps) {
  const m = useReviewWords();
  const format = useFormats();
  const [withHistory, setWithHistory] = useState(false);
  const desk = useRef<HTMLElement>(null);
  const found = (clip.findings ?? []).flatMap(({ words = [] }) => words);
  const play = (): void => {
    const videos = [...(desk.current?.querySelectorAll('video') ?? [])];
    const running = videos.find((video) => !video.paused);
    if (running) running.pause();
    // A browser that refuses to play shows its own controls.
    else void videos[0]?.play().catch(() => undefined);
  };
  return (
    <article className="review-desk" ref={desk} aria-label={clip.title}>
      <ClipCuts clip={clip} />
      <div className="stack review-side">
        <header>
          <h2>
            <Marked text={clip.title} words={found} />
          </h2>
          <p className="soft">
            {clip.merchantName ?? m.house} · <span className="digits">{format.dateTime(clip.createdAt, homeZone)}</span>
          </p>
        </header>
        <Findings clip={clip} />
        <Verdict clip={clip} categories={categories} onPlay={play} onSkip={onSkip} />
        <Button type="link" aria-expanded={withHistory} onClick={() => setWithHistory(!withHistory)}>
          {m.history}
        </Button>
        {withHistory && <ReviewHistory clipId={clip.id} />}
      </div>
    </article>
  );
}
