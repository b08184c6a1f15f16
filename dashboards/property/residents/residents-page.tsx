import { Button } from 'antd';
import type { Community, Resident } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { useSearchFilters } from '../search-filters.ts';
import { AddResident } from './add-resident.tsx';
import { ResidentFilters, residentFilterNames } from './resident-filters.tsx';
import { ResidentRow } from './resident-row.tsx';
import './residents.css';

const pageSize = 50;

export function ResidentsPage() {
  const { community } = useCommunity();
  return community && <Residents key={community.id} community={community} />;
}

function Residents({ community }: { readonly community: Community }) {
  const m = useMessages().residents;
  const [, go] = useLocation();
  const filters = useSearchFilters(residentFilterNames);
  const { search, building, state = 'active', relation } = filters.values;
  const [adding, setAdding] = useState(false);
  const pages = useReadPages('GET /v1/communities/:id/residents', {
    params: { id: community.id },
    query: {
      limit: pageSize,
      ...(search && { search }),
      ...(building && { building }),
      ...(state !== 'all' && { state: state as Resident['state'] }),
      ...(relation && { relation: relation as Resident['relation'] }),
    },
  });
  const addButton = (
    <Button type="primary" size="large" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>
      {m.add}
    </Button>
  );
  const importButton = (
    <Button size="large" icon={<Icon name="upload" />} onClick={() => go('/imports')}>
      {m.importMany}
    </Button>
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          {pages.items.length > 0 && <p>{m.shown(pages.items.length, pages.query.hasNextPage)}</p>}
        </div>
        {(pages.items.length > 0 || filters.any) && (
          <div className="row">
            {importButton}
            {addButton}
          </div>
        )}
      </div>
      <ResidentFilters communityId={community.id} filters={filters} />
      <LoadedPages
        pages={pages}
        empty={
          filters.any ? (
            <Empty icon="people" title={m.emptySearch}>
              <p>{m.emptySearchHint}</p>
              <Button size="large" onClick={filters.clear}>
                {m.clearFilters}
              </Button>
            </Empty>
          ) : (
            <Empty icon="people" title={m.empty}>
              <p>{m.emptyHint}</p>
              <div className="row">
                {addButton}
                {importButton}
              </div>
            </Empty>
          )
        }
      >
        {(residents) => (
          <ul className="resident-rows card">
            {residents.map((resident) => (
              <ResidentRow key={resident.id} resident={resident} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      <AddResident communityId={community.id} open={adding} onClose={() => setAdding(false)} />
    </>
  );
}
