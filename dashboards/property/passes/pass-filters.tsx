import { Checkbox, Select } from 'antd';
import { SearchBox } from '../../kit/console/search-box.tsx';
import { useMessages } from '../messages/zh.ts';
import type { useSearchFilters } from '../search-filters.ts';

export const passFilterNames = ['search', 'person', 'state', 'today'] as const;
type Filters = ReturnType<typeof useSearchFilters<(typeof passFilterNames)[number]>>;

export function PassFilters({ filters: { values, set } }: { readonly filters: Filters }) {
  const m = useMessages().passes;
  const choice = (name: 'person' | 'state', label: string, all: string, words: Readonly<Record<string, string>>) => (
    <Select
      aria-label={label}
      size="large"
      value={values[name] ?? ''}
      onChange={(value: string) => set(name, value)}
      options={[{ value: '', label: all }, ...Object.entries(words).map(([value, text]) => ({ value, label: text }))]}
    />
  );
  return (
    <search className="list-filters" aria-label={m.filters}>
      <SearchBox value={values.search ?? ''} label={m.search} onSettled={(text) => set('search', text)} />
      {choice('person', m.filterPerson, m.allPersons, m.person)}
      {choice('state', m.filterState, m.allStates, m.state)}
      <Checkbox checked={values.today !== undefined} onChange={({ target }) => set('today', target.checked ? '1' : '')}>
        {m.todayOnly}
      </Checkbox>
    </search>
  );
}
