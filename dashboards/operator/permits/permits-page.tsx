import { Segmented } from 'antd';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useReviewWords } from '../review/review-words.ts';
import { PermitRow } from './permit-row.tsx';
import '../review/review.css';

/** Signed links to scans last an hour. */
const refetchMs = 10 * 60_000;

/** Permits that merchants handed in, those that wait first. */
export function PermitsPage() {
  const m = useReviewWords();
  const [all, setAll] = useState(false);
  const query = all ? {} : ({ status: 'waiting' } as const);
  const pages = useReadPages('GET /v1/permits', { query }, { refetchInterval: refetchMs });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.permitsTitle}</h1>
          <p>{m.permitsIntro}</p>
        </div>
        <Segmented
          size="large"
          aria-label={m.permitsTitle}
          value={all ? 'all' : 'waiting'}
          onChange={(value) => setAll(value === 'all')}
          options={[
            { value: 'waiting', label: m.permitsWaiting },
            { value: 'all', label: m.permitsAll },
          ]}
        />
      </div>
      <LoadedPages pages={pages} empty={<Empty icon="shield" title={all ? m.permitsNone : m.permitsEmpty} />}>
        {(permits) => (
          <ul className="library-rows">
            {permits.map((permit) => (
              <PermitRow key={permit.id} permit={permit} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}
