import type { Terminal } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { AccessEventRow } from './access-event-row.tsx';
import './access-log.css';

const recentCount = 8;
const refreshMs = 5_000;

/** The last few records of one door, live. */
export function RecentAccess({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages().log;
  const now = useNow(refreshMs);
  const pages = useReadPages('GET /v1/access-events', { query: { terminalId: terminal.id, limit: recentCount } });
  return (
    <section className="card">
      <div className="row spread">
        <h2>{m.title}</h2>
        <Link href={`/access-log?door=${terminal.id}`} className="more-link">
          {m.clearFilter}
        </Link>
      </div>
      <LoadedPages pages={pages} empty={<Empty icon="list" title={m.empty} />}>
        {(events) => (
          <ol className="access-rows is-compact">
            {events.slice(0, recentCount).map((event) => (
              <AccessEventRow key={event.id} event={event} now={now} zone={terminal.zone} showDoor={false} />
            ))}
          </ol>
        )}
      </LoadedPages>
    </section>
  );
}
