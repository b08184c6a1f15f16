import { Button, DatePicker, Select } from 'antd';
import type { AccessEvent, AccessEventFilter, Community } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { SearchBox } from '../../kit/console/search-box.tsx';
import { zonedInstant } from '../../kit/zone.ts';
import { useMessages } from '../messages/zh.ts';
import type { useSearchFilters } from '../search-filters.ts';
import { useLogWords } from './log-words.ts';

export const logFilterNames = ['search', 'door', 'kind', 'via', 'person', 'resident', 'from', 'to'] as const;
type Name = (typeof logFilterNames)[number];
type Filters = ReturnType<typeof useSearchFilters<Name>>;

const terminalsMax = 200;
const dayMs = 86_400_000;
const isDay = /^\d{4}-\d{2}-\d{2}$/;

/** The filters of the address as the cloud understands them; days are whole days of the community. */
export function filterOf(values: Filters['values'], { id, zone }: Community): AccessEventFilter {
  const { search, door, kind, via, person, resident, from, to } = values;
  const startOf = (day: string): number => zonedInstant(day, 0, zone);
  return {
    communityId: id,
    ...(search && { search }),
    ...(door && { terminalId: door }),
    ...(kind && { kind: kind as AccessEvent['kind'] }),
    ...(via && { via: via as NonNullable<AccessEvent['via']> }),
    ...(person && { person: person as NonNullable<AccessEvent['who']>['person'] }),
    ...(resident && { residentId: resident }),
    ...(from && isDay.test(from) && { from: startOf(from) }),
    ...(to && isDay.test(to) && { to: startOf(dayAfter(to)) }),
  };
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10);

interface LogFiltersProps {
  readonly community: Community;
  readonly filters: Filters;
}

export function LogFilters({ community, filters }: LogFiltersProps) {
  const m = useLogWords();
  const { kinds, via, person } = useMessages().log;
  const { values, set, clear, any } = filters;
  const { items: terminals } = useReadPages('GET /v1/terminals', {
    query: { communityId: community.id, limit: terminalsMax },
  });
  const { all, ...kindsOnly } = kinds;
  const choice = (name: Name, label: string, none: string, options: readonly (readonly [string, string])[]) => (
    <Select
      aria-label={label}
      size="large"
      value={values[name] ?? ''}
      onChange={(value: string) => set(name, value)}
      options={[{ value: '', label: none }, ...options.map(([value, text]) => ({ value, label: text }))]}
      showSearch={name === 'door' ? { optionFilterProp: 'label' } : false}
    />
  );
  const doors = terminals.map((each) => [each.id, each.entranceName] as const);
  return (
    <search className="list-filters log-filters" aria-label={m.filters}>
      <SearchBox value={values.search ?? ''} label={m.search} onSettled={(text) => set('search', text)} />
      {choice('door', m.door, m.allDoors, doors)}
      {choice('kind', m.kind, all, Object.entries(kindsOnly))}
      {choice('via', m.via, m.anyVia, Object.entries(via))}
      {choice('person', m.person, m.anyPerson, Object.entries(person))}
      <DatePicker.RangePicker
        size="large"
        aria-label={`${m.from} ${m.to}`}
        placeholder={[m.from, m.to]}
        allowEmpty={[true, true]}
        onChange={(_, days) => {
          set('from', days?.[0] ?? '');
          set('to', days?.[1] ?? '');
        }}
      />
      {values.resident && <span className="badge is-brand">{m.oneResident}</span>}
      {any && (
        <Button size="large" onClick={clear}>
          {m.clear}
        </Button>
      )}
    </search>
  );
}
