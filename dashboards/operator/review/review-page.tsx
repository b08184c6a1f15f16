import { Segmented } from 'antd';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { ClipCard } from './clip-card.tsx';
import './review.css';

/** Signed links to videos last an hour; a page left open asks for fresh ones. */
const refetchMs = 10 * 60_000;

export function ReviewPage() {
  const m = useMessages().review;
  const [all, setAll] = useState(false);
  const pages = useReadPages(
    'GET /v1/clips',
    { query: all ? {} : { status: 'in-review' } },
    { refetchInterval: refetchMs },
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
        <Segmented
          size="large"
          aria-label={m.title}
          value={all ? 'all' : 'waiting'}
          onChange={(value) => setAll(value === 'all')}
          options={[
            { value: 'waiting', label: m.waiting },
            { value: 'all', label: m.all },
          ]}
        />
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="film" title={all ? m.emptyAll : m.empty}>
            <p>{m.emptyHint}</p>
          </Empty>
        }
      >
        {(clips) => (
          <ul className="clip-cards">
            {clips.map((clip) => (
              <ClipCard key={clip.id} clip={clip} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}
