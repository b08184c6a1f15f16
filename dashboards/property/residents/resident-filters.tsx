import { Select } from 'antd';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useAllPages } from '../../kit/api/use-all-pages.ts';
import { SearchBox } from '../../kit/console/search-box.tsx';
import { useMessages } from '../messages/zh.ts';
import type { useSearchFilters } from '../search-filters.ts';

export const residentFilterNames = ['search', 'building', 'state', 'relation'] as const;
type Filters = ReturnType<typeof useSearchFilters<(typeof residentFilterNames)[number]>>;

const buildingsAtOnce = 200;

interface ResidentFiltersProps {
  readonly communityId: string;
  readonly filters: Filters;
}

export function ResidentFilters({ communityId, filters }: ResidentFiltersProps) {
  const m = useMessages().residents;
  const { values, set } = filters;
  const buildings = useReadPages('GET /v1/communities/:id/buildings', {
    params: { id: communityId },
    query: { limit: buildingsAtOnce },
  });
  const { items } = useAllPages(buildings, buildingsAtOnce);
  const choice = (name: 'building' | 'state' | 'relation', label: string, options: [string, string][], none = '') => (
    <Select
      aria-label={label}
      size="large"
      value={values[name] ?? none}
      onChange={(value: string) => set(name, value === none ? '' : value)}
      options={options.map(([value, text]) => ({ value, label: text }))}
      showSearch={name === 'building' ? { optionFilterProp: 'label' } : false}
    />
  );
  return (
    <search className="list-filters" aria-label={m.filters}>
      <SearchBox value={values.search ?? ''} label={m.search} onSettled={(text) => set('search', text)} />
      {choice('building', m.filterBuilding, [
        ['', m.allBuildings],
        ...items.map(({ name }): [string, string] => [name, name]),
      ])}
      {choice('state', m.filterState, Object.entries(m.states), 'active')}
      {choice('relation', m.filterRelation, [['', m.allRelations], ...Object.entries(m.relation)])}
    </search>
  );
}
