import { App, Button } from 'antd';
import type { CategoryInfo, Clip } from '@gatecast/cloud-api/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useRead, useReadPages, useWrite, type Pages } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { ClipCuts } from './clip-cuts.tsx';
import { Findings, Marked } from './findings.tsx';
import { isThrough, nextOf, skip, takenByColleague } from './queue.ts';
import { ReviewHistory } from './review-history.tsx';
import { useReviewWords } from './review-words.ts';
import { Verdict } from './verdict.tsx';
import './review.css';

/** Signed links to videos last an hour; a page left open asks for fresh ones. */
const refetchMs = 10 * 60_000;
const queueMax = 50;
/** Well before a claim is over. */
const claimAgainMs = 4 * 60_000;

/** The queue of clips that wait for a person: one at a time, the longest waiting first. */
export function ReviewPage() {
  const m = useReviewWords();
  const format = useFormats();
  const query = { status: 'in-review', order: 'waiting', limit: queueMax } as const;
  const pages = useReadPages('GET /v1/clips', { query }, { refetchInterval: refetchMs });
  const categories = useRead('GET /v1/clip-categories', {});
  const { clip, follows, decide, pass } = useQueue(pages);
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
        {() => (
          <Loaded query={categories}>
            {(known) =>
              clip === undefined ? (
                <Empty icon="film" title={m.allHeld}>
                  <p>{m.allHeldHint}</p>
                </Empty>
              ) : (
                <ClipDesk
                  key={clip.id}
                  clip={clip}
                  categories={known.items}
                  follows={follows}
                  onDecide={(isGone) => decide(clip.id, isGone)}
                  onSkip={() => pass(clip.id)}
                />
              )
            }
          </Loaded>
        )}
      </LoadedPages>
    </>
  );
}

/** Which clip lies on the desk; what was skipped, decided here and taken by others while the page is open. */
function useQueue({ items: clips, query }: Pages<Clip>) {
  const m = useReviewWords();
  const { message } = App.useApp();
  const [skipped, setSkipped] = useState<readonly string[]>([]);
  const decided = useRef(new Set<string>());
  const shown = useRef<Clip>(undefined);
  const clip = nextOf(clips, skipped);
  useClaim(clip?.id);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const isDry = isThrough(clips, skipped) && hasNextPage;
  useEffect(() => {
    if (isDry && !isFetchingNextPage) void fetchNextPage();
  }, [isDry, isFetchingNextPage, fetchNextPage]);
  useEffect(() => {
    const taken = takenByColleague(shown.current, clips, decided.current);
    if (taken) void message.info(m.takenByColleague(taken.title));
    shown.current = clip;
  }, [clips, clip, m, message]);
  const follows = useCallback((id: string) => shown.current !== undefined && shown.current.id !== id, []);
  return {
    clip,
    follows,
    /** A decision is on its way; `isGone`: it did not arrive. */
    decide: (id: string, isGone = false): void => void (isGone ? decided.current.delete(id) : decided.current.add(id)),
    pass: (id: string): void => setSkipped(skip(clips, skipped, id)),
  };
}

/** While a clip lies on the desk it is this reviewer's; whoever comes second gets the next one. */
function useClaim(id: string | undefined): void {
  const { mutate: claim } = useWrite('POST /v1/clips/:id/claim', ['GET /v1/clips']);
  const { mutate: release } = useWrite('POST /v1/clips/:id/release', []);
  useEffect(() => {
    if (id === undefined) return undefined;
    const take = (): void => claim({ params: { id } });
    take();
    const again = setInterval(take, claimAgainMs);
    return () => {
      clearInterval(again);
      release({ params: { id } });
    };
  }, [id, claim, release]);
}

interface ClipDeskProps {
  readonly clip: Clip;
  readonly categories: readonly CategoryInfo[];
  /** Whether another clip lay here before this one. */
  readonly follows: (id: string) => boolean;
  readonly onDecide: (isGone?: boolean) => void;
  readonly onSkip: () => void;
}

function ClipDesk({ clip, categories, follows, onDecide, onSkip }: ClipDeskProps) {
  const m = useReviewWords();
  const format = useFormats();
  const [withHistory, setWithHistory] = useState(false);
  const desk = useRef<HTMLElement>(null);
  // The button that was pressed is gone: eyes, keyboard and screen reader begin with the next clip, on a phone far above.
  useEffect(() => {
    if (!follows(clip.id)) return;
    desk.current?.focus({ preventScroll: true });
    desk.current?.scrollIntoView({ block: 'start' });
  }, [follows, clip.id]);
  const found = (clip.findings ?? []).flatMap(({ words = [] }) => words);
  const play = (): void => {
    const videos = [...(desk.current?.querySelectorAll('video') ?? [])];
    const running = videos.find((video) => !video.paused);
    if (running) running.pause();
    // A browser that refuses to play shows its own controls.
    else void videos[0]?.play().catch(() => undefined);
  };
  return (
    <article className="review-desk" ref={desk} tabIndex={-1} aria-label={clip.title}>
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
        <Verdict clip={clip} categories={categories} onPlay={play} onDecide={onDecide} onSkip={onSkip} />
        <Button type="link" aria-expanded={withHistory} onClick={() => setWithHistory(!withHistory)}>
          {m.history}
        </Button>
        {withHistory && <ReviewHistory clipId={clip.id} />}
      </div>
    </article>
  );
}
