import type { Community } from '@gatecast/cloud-api/client';
import { Segmented } from 'antd';
import { useSearchParams } from 'wouter';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { Holidays } from './holidays.tsx';
import { WeeklySchedules } from './weekly-schedules.tsx';
import './schedules.css';

export function SchedulesPage() {
  const { community } = useCommunity();
  return community && <Schedules key={community.id} community={community} />;
}

/** When staff, couriers and craftsmen may come: in an ordinary week, and which days are none. */
function Schedules({ community }: { readonly community: Community }) {
  const m = useMessages().schedules;
  const [search, setSearch] = useSearchParams();
  const tab = search.has('holidays') ? 'holidays' : 'weekly';
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
        <Segmented
          size="large"
          value={tab}
          onChange={(next) => setSearch(next === 'holidays' ? { holidays: '' } : {})}
          options={[
            { value: 'weekly', label: m.tabs.weekly },
            { value: 'holidays', label: m.tabs.holidays },
          ]}
        />
      </div>
      {tab === 'weekly' ? <WeeklySchedules communityId={community.id} /> : <Holidays community={community} />}
    </>
  );
}
