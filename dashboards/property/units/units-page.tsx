import type { Building, Community } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useAllPages } from '../../kit/api/use-all-pages.ts';
import { ListPage } from '../../kit/console/list-page.tsx';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { useSearchFilters } from '../search-filters.ts';
import { AddUnits } from './add-units.tsx';
import { UnitList } from './unit-list.tsx';
import './units.css';

const buildingsAtOnce = 200;

export function UnitsPage() {
  const { community } = useCommunity();
  return community && <Units key={community.id} community={community} />;
}

/** Buildings on the left, the flats of the chosen one beside them. */
function Units({ community }: { readonly community: Community }) {
  const m = useMessages().units;
  const [adding, setAdding] = useState(false);
  const filters = useSearchFilters(['building', 'search']);
  const pages = useAllPages(
    useReadPages('GET /v1/communities/:id/buildings', {
      params: { id: community.id },
      query: { limit: buildingsAtOnce },
    }),
    buildingsAtOnce,
  );
  const chosen = pages.items.find(({ name }) => name === filters.values.building) ?? pages.items[0];
  return (
    <>
      <ListPage
        title={m.title}
        intro={m.intro}
        add={{ label: m.addMany, icon: 'plus', onClick: () => setAdding(true) }}
        pages={pages}
        empty={{ icon: 'place', title: m.empty, hint: m.emptyHint }}
      >
        {(buildings) => (
          <div className="units-columns">
            <Buildings buildings={buildings} chosen={chosen?.name} onChoose={(name) => filters.set('building', name)} />
            {chosen && (
              <UnitList
                key={chosen.name}
                communityId={community.id}
                building={chosen.name}
                search={filters.values.search ?? ''}
                onSearch={(text) => filters.set('search', text)}
              />
            )}
          </div>
        )}
      </ListPage>
      <AddUnits
        communityId={community.id}
        open={adding}
        onClose={() => setAdding(false)}
        onMade={(name) => filters.set('building', name)}
      />
    </>
  );
}

interface BuildingsProps {
  readonly buildings: readonly Building[];
  readonly chosen: string | undefined;
  readonly onChoose: (name: string) => void;
}

function Buildings({ buildings, chosen, onChoose }: BuildingsProps) {
  const m = useMessages().units;
  return (
    <section className="card building-list" aria-label={m.buildings}>
      <ul>
        {buildings.map(({ name, units, residents }) => (
          <li key={name}>
            <button type="button" aria-pressed={name === chosen} onClick={() => onChoose(name)}>
              <b>{name}</b>
              <span className="soft">{m.counts(units, residents)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
