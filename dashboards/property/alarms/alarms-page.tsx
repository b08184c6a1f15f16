import { Button, Segmented, Select } from 'antd';
import type { Alarm, Community } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { useLiveState } from '../../kit/live/live-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useCommunity } from '../community-context.tsx';
import { alarmIcon } from '../doors/door-look.ts';
import { useMessages } from '../messages/zh.ts';
import { useSearchFilters } from '../search-filters.ts';
import { AlarmRow } from './alarm-row.tsx';
import { useAlarmWords } from './alarm-words.ts';
import './alarms.css';

/** Live events come at once; without them, and for what they missed, this asks again. */
const refetchMs = { live: 15_000, other: 4_000 };
const kinds = Object.keys(alarmIcon) as Alarm['kind'][];

export function AlarmsPage() {
  const { community } = useCommunity();
  return community && <Alarms key={community.id} community={community} />;
}

function Alarms({ community }: { readonly community: Community }) {
  const m = useAlarmWords();
  const words = useMessages().log.kinds;
  const live = useLiveState() === 'live';
  const filters = useSearchFilters(['state', 'kind']);
  const { state = 'open', kind } = filters.values;
  const pages = useReadPages(
    'GET /v1/alarms',
    {
      query: {
        communityId: community.id,
        state: state === 'all' ? 'all' : 'open',
        ...(kind && { kind: kind as Alarm['kind'] }),
      },
    },
    { refetchInterval: live ? refetchMs.live : refetchMs.other },
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <search className="list-filters" aria-label={m.filter}>
        <Segmented
          size="large"
          aria-label={m.filter}
          value={state}
          options={(['open', 'all'] as const).map((value) => ({ value, label: m.state[value] }))}
          onChange={(value) => filters.set('state', value === 'open' ? '' : value)}
        />
        <Select
          aria-label={m.kind}
          size="large"
          value={kind ?? ''}
          options={[{ value: '', label: m.allKinds }, ...kinds.map((value) => ({ value, label: words[value] }))]}
          onChange={(value) => filters.set('kind', value)}
        />
      </search>
      <LoadedPages
        pages={pages}
        empty={<NoAlarms isFiltered={Boolean(kind)} isAll={state === 'all'} onClear={filters.clear} />}
      >
        {(alarms) => (
          <ul className="alarm-rows">
            {alarms.map((alarm) => (
              <AlarmRow key={alarm.id} alarm={alarm} zone={community.zone} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

interface NoAlarmsProps {
  readonly isFiltered: boolean;
  readonly isAll: boolean;
  readonly onClear: () => void;
}

function NoAlarms({ isFiltered, isAll, onClear }: NoAlarmsProps) {
  const m = useAlarmWords();
  if (isFiltered) {
    return (
      <Empty icon="shield" title={m.noMatch}>
        <Button size="large" onClick={onClear}>
          {m.clear}
        </Button>
      </Empty>
    );
  }
  return (
    <Empty icon="shield" title={isAll ? m.noneAll : m.none}>
      <p>{m.noneHint}</p>
    </Empty>
  );
}
