import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useReportWords } from './report-words.ts';
import { reportsSeenAt } from './seen-reports.ts';

/** The way to the reports, with the newest one's name, marked until it was looked at. */
export function ReportsLink() {
  const words = useReportWords();
  const { items } = useReadPages('GET /v1/reports', { query: { limit: 1 } });
  const [newest] = items;
  return (
    <Link href="/reports" className="button is-wide">
      <Icon name="list" /> {words.title}
      {newest && <span className="soft small">{words.newest(`${words.kinds[newest.kind]} ${newest.from}`)}</span>}
      {newest && newest.madeAt > reportsSeenAt() && <span className="badge is-brand">{words.fresh}</span>}
    </Link>
  );
}
