import type { Clip } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Dialog } from '../../kit/ui/dialog.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty, Failed } from '../../kit/ui/states.tsx';
import { useClipWords } from './clip-words.ts';
import { ClipCard } from './clip-card.tsx';
import { CutPreviews } from './cut-previews.tsx';
import { UploadCard } from './upload-card.tsx';
import './clips.css';

const refreshMs = 3_000;
const isOnTheWay = ({ status }: Clip): boolean => status === 'queued' || status === 'transcoding';

export function ClipsPage() {
  const words = useClipWords();
  return (
    <>
      <h1 className="page-title">{words.clips}</h1>
      <div className="clips-columns">
        <div className="stack">
          <UploadCard />
          <MakerCard />
        </div>
        <ClipList />
      </div>
    </>
  );
}

/** The way for whoever has no video. */
function MakerCard() {
  const words = useClipWords();
  return (
    <section className="card stack" aria-labelledby="maker-title">
      <h2 id="maker-title" className="section-title">
        {words.noVideo}
      </h2>
      <p className="soft">{words.noVideoHint}</p>
      <Link href="/clips/make" className="button is-large">
        <Icon name="plus" /> {words.makeOne}
      </Link>
    </section>
  );
}

function ClipList() {
  const words = useClipWords();
  const { kit } = useWords();
  const [watched, setWatched] = useState<Clip | null>(null);
  const [moving, setMoving] = useState(false);
  // Live events come first; while something is being converted the list is asked as well.
  const { items, query } = useReadPages(
    'GET /v1/clips',
    { query: {} },
    { refetchInterval: moving ? refreshMs : false },
  );
  const anyOnTheWay = items.some(isOnTheWay);
  if (anyOnTheWay !== moving) setMoving(anyOnTheWay);

  if (query.isLoading) return <Bones heights={[132, 132, 132]} />;
  if (items.length === 0 && query.error) return <Failed error={query.error} retry={query.refetch} />;
  if (items.length === 0) {
    return (
      <Empty icon="film" title={words.noClips}>
        <p>{words.noClipsHint}</p>
      </Empty>
    );
  }
  return (
    <div className="stack">
      <ul className="stack">
        {items.map((clip) => (
          <li key={clip.id}>
            <ClipCard clip={clip} onWatch={() => setWatched(clip)} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <button
          type="button"
          className="button is-wide"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {kit.loadMore}
        </button>
      )}
      <Dialog open={watched !== null} title={watched?.title ?? ''} onClose={() => setWatched(null)}>
        {watched && <CutPreviews key={watched.id} clip={watched} />}
      </Dialog>
    </div>
  );
}
