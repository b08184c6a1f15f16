import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { useLiveState } from '../../kit/live/live-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useSettled } from '../../kit/use-settled.ts';
import { useNow } from '../../kit/use-now.ts';
import { instant, localTime } from '../../kit/zone.ts';
import { useMessages } from '../messages/use-messages.ts';
import { VisitorCard } from './visitor-card.tsx';
import './visitors.css';

const refetchMs = { live: 60_000, other: 15_000 };
const pageSize = 50;
const minuteMs = 60_000;

/** Who is expected today: found by a few letters of a name, or by the unit. */
export function Visitors() {
  const words = useMessages();
  const [text, setText] = useState('');
  return (
    <section className="visitors" aria-labelledby="visitors">
      <h2 id="visitors" className="guard-title">
        {words.visitors}
      </h2>
      <input
        type="search"
        className="input visitors-search"
        aria-label={words.search}
        placeholder={words.search}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Found search={useSettled(text.trim())} />
    </section>
  );
}

function Found({ search }: { readonly search: string }) {
  const words = useMessages();
  const { kit } = useWords();
  const live = useLiveState() === 'live';
  const now = useNow(minuteMs);
  const { date: day } = localTime(instant(now), homeZone);
  const pages = useReadPages(
    'GET /v1/passes',
    { query: { day, limit: pageSize, ...(search !== '' && { search }) } },
    { refetchInterval: live ? refetchMs.live : refetchMs.other },
  );
  const none = (
    <Empty icon="people" title={search === '' ? words.noVisitors : words.noMatch}>
      {search === '' && <p>{words.noVisitorsHint}</p>}
    </Empty>
  );
  return (
    <LoadedPages pages={pages} empty={none}>
      {(passes) => (
        <>
          <ul className="visitor-list">
            {passes.map((pass) => (
              <li key={pass.id}>
                <VisitorCard pass={pass} now={now} />
              </li>
            ))}
          </ul>
          {pages.query.hasNextPage && (
            <button
              type="button"
              className="button is-wide"
              disabled={pages.query.isFetchingNextPage}
              onClick={() => void pages.query.fetchNextPage()}
            >
              {kit.loadMore}
            </button>
          )}
        </>
      )}
    </LoadedPages>
  );
}
