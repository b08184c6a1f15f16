import { Button } from 'antd';
import type { Community, Pass, PassPerson } from '@gatecast/cloud-api/client';
import { instant, localTime } from '@gatecast/firmware-protocol';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { useSearchFilters } from '../search-filters.ts';
import { IssuePass } from './issue-pass.tsx';
import { PassFilters, passFilterNames } from './pass-filters.tsx';
import { PassRow } from './pass-row.tsx';
import './passes.css';

/** A safety net under the live events, which tell at once when a code has reached a door. */
const refetchMs = 10_000;
const pageSize = 50;
const dayRefreshMs = 60_000;

export function PassesPage() {
  const { community } = useCommunity();
  return community && <Passes key={community.id} community={community} />;
}

function Passes({ community }: { readonly community: Community }) {
  const m = useMessages().passes;
  const [issuing, setIssuing] = useState(false);
  const filters = useSearchFilters(passFilterNames);
  const { search, person, state, today } = filters.values;
  const day = localTime(instant(useNow(dayRefreshMs)), community.zone).date;
  const pages = useReadPages(
    'GET /v1/passes',
    {
      query: {
        communityId: community.id,
        limit: pageSize,
        ...(search && { search }),
        ...(person && { person: person as PassPerson }),
        ...(state && { state: state as Pass['state'] }),
        ...(today && { day }),
      },
    },
    { refetchInterval: refetchMs },
  );
  const issueButton = (
    <Button type="primary" size="large" icon={<Icon name="plus" />} onClick={() => setIssuing(true)}>
      {m.issue}
    </Button>
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
        {(pages.items.length > 0 || filters.any) && issueButton}
      </div>
      <PassFilters filters={filters} />
      <LoadedPages
        pages={pages}
        empty={
          filters.any ? (
            <Empty icon="ticket" title={m.emptyFilter}>
              <Button size="large" onClick={filters.clear}>
                {m.clearFilters}
              </Button>
            </Empty>
          ) : (
            <Empty icon="ticket" title={m.empty}>
              <p>{m.emptyHint}</p>
              {issueButton}
            </Empty>
          )
        }
      >
        {(passes) => (
          <ul className="pass-rows">
            {passes.map((pass) => (
              <PassRow key={pass.id} pass={pass} zone={community.zone} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      <IssuePass community={community} open={issuing} onClose={() => setIssuing(false)} />
    </>
  );
}
