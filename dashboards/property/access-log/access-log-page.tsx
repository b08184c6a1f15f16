import { Button } from 'antd';
import type { AccessEvent, Community } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { useSearchFilters } from '../search-filters.ts';
import { AccessEventRow } from './access-event-row.tsx';
import { byDay } from '../../kit/by-day.ts';
import { ExportLog } from './export-log.tsx';
import { filterOf, LogFilters, logFilterNames } from './log-filters.tsx';
import './access-log.css';

const pageSize = 50;
const refreshMs = 5_000;

/** Who opened which door, how and when; what just happened is on top. The filters live in the address, so that a view can be sent on. */
export function AccessLogPage() {
  const { community } = useCommunity();
  return community && <AccessLog key={community.id} community={community} />;
}

function AccessLog({ community }: { readonly community: Community }) {
  const m = useMessages().log;
  const filters = useSearchFilters(logFilterNames);
  const filter = filterOf(filters.values, community);
  const pages = useReadPages('GET /v1/access-events', { query: { limit: pageSize, ...filter } });
  return (
    <>
      <div className="page-head">
        <h1>{m.title}</h1>
        {pages.items.length > 0 && <ExportLog filter={filter} />}
      </div>
      <LogFilters community={community} filters={filters} />
      <LoadedPages
        pages={pages}
        empty={
          filters.any ? (
            <Empty icon="list" title={m.emptyFilter}>
              <Button size="large" onClick={filters.clear}>
                {m.clearFilter}
              </Button>
            </Empty>
          ) : (
            <Empty icon="list" title={m.empty}>
              <p>{m.emptyHint}</p>
            </Empty>
          )
        }
      >
        {(events) => <Days events={events} zone={community.zone} />}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function Days({ events, zone }: { readonly events: readonly AccessEvent[]; readonly zone: string }) {
  const m = useMessages().log;
  const format = useFormats();
  const now = useNow(refreshMs);
  const today = format.date(now, zone);
  return byDay(events, (at) => format.date(at, zone)).map(([day, rows]) => (
    <section key={day} className="card access-day">
      <h2>{day === today ? `${m.today} · ${day}` : day}</h2>
      <ol className="access-rows">
        {rows.map((event) => (
          <AccessEventRow key={event.id} event={event} now={now} zone={zone} showDoor />
        ))}
      </ol>
    </section>
  ));
}
