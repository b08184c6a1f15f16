import { useRead } from '../../kit/api/api-context.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { ReportKinds } from './report-kinds.tsx';
import { ReportList } from './report-list.tsx';
import { useReportWords } from './report-words.ts';
import { WebhookFold } from './webhook-fold.tsx';
import './reports.css';

/** Soon enough to see what became of a message. */
const refetchInterval = 5_000;

/** Reports that are made by themselves: which, the last ones, and where they are sent. */
export function ReportsPage() {
  const words = useReportWords();
  const schedule = useRead('GET /v1/report-schedule', {}, { refetchInterval });
  return (
    <div className="stack reports">
      <h1 className="page-title">{words.title}</h1>
      <Loaded query={schedule}>{(found) => <ReportKinds schedule={found} />}</Loaded>
      <ReportList />
      {schedule.data && <WebhookFold schedule={schedule.data} />}
    </div>
  );
}
