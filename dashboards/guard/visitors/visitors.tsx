import type { Community } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useAllPages } from '../../kit/api/use-all-pages.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { useLiveState } from '../../kit/live/live-context.tsx';
import { Choice } from '../../kit/ui/choice.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useSettled } from '../../kit/use-settled.ts';
import { instant, localTime } from '../../kit/zone.ts';
import { useMessages } from '../messages/use-messages.ts';
import { VisitorCard } from './visitor-card.tsx';
import './visitors.css';

const refetchMs = { live: 60_000, other: 15_000 };
const pageSize = 50;
/** For « came in at », and for the day to change at midnight. */
const lookMs = 10_000;
const communitiesMax = 200;
const place = 'gatecast.guard.community';

/** Who is expected today at one's gate: found by a few letters of a name. */
export function Visitors() {
  const words = useMessages();
  const read = useReadPages('GET /v1/communities', { query: { limit: communitiesMax } });
  const pages = useAllPages(read, communitiesMax);
  return (
    <section className="visitors" aria-labelledby="visitors">
      <h2 id="visitors" className="guard-title">
        {words.visitors}
      </h2>
      <LoadedPages pages={pages} empty={<Empty icon="people" title={words.noVisitors} />}>
        {(communities) => <VisitorsOf communities={communities} />}
      </LoadedPages>
    </section>
  );
}

function VisitorsOf({ communities }: { readonly communities: readonly Community[] }) {
  const words = useMessages();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(() => localStorage.getItem(place));
  const search = useSettled(text.trim());
  const community = communities.find(({ id }) => id === chosen) ?? communities[0];
  function choose(id: string): void {
    localStorage.setItem(place, id);
    setChosen(id);
  }
  return (
    <>
      {communities.length > 1 && (
        <Choice
          legend={words.community}
          options={communities.map(({ id, name }) => ({ value: id, label: name }))}
          value={community?.id ?? ''}
          onChange={choose}
        />
      )}
      <input
        type="search"
        className="input visitors-search"
        aria-label={words.search}
        placeholder={words.search}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {community && <Found community={community} search={search} />}
    </>
  );
}

interface FoundProps {
  readonly community: Community;
  readonly search: string;
}

function Found({ community: { id: communityId, zone }, search }: FoundProps) {
  const words = useMessages();
  const { kit } = useWords();
  const live = useLiveState() === 'live';
  const now = useNow(lookMs);
  const { date: day } = localTime(instant(now), zone);
  const pages = useReadPages(
    'GET /v1/passes',
    { query: { communityId, day, limit: pageSize, ...(search !== '' && { search }) } },
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
                <VisitorCard pass={pass} now={now} zone={zone} />
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
