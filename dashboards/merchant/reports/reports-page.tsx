import { useRead } from '../../kit/api/api-context.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { AccountPageHead } from '../page-head.tsx';
import { ReportKinds } from './report-kinds.tsx';
import { ReportList } from './report-list.tsx';
import { useReportWords } from './report-words.ts';
import { WebhookFold } from './webhook-fold.tsx';
import './reports.css';

/** Soon enough to see what became of a message. */
const refetchInterval = 5_000;

/** What the choice takes on a phone. */
const kindsPx = 414;

/** Reports that are made by themselves: which, the last ones, and where they are sent. */
export function ReportsPage() {
  const words = useReportWords();
  const schedule = useRead('GET /v1/report-schedule', {}, { refetchInterval });
  return (
    <div className="stack reports">
      <AccountPageHead title={words.title} />
      <LoadedOver query={schedule} heights={[kindsPx]}>
        {(found) => <ReportKinds schedule={found} />}
      </LoadedOver>
      <ReportList />
      {schedule.data && <WebhookFold schedule={schedule.data} />}
    </div>
  );
}
