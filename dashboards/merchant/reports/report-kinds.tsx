import type { ReportSchedule } from '@gatecast/cloud-api/client';
import { useId } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useReportWords } from './report-words.ts';

const kinds = ['daily', 'weekly', 'monthly'] as const;

/** Which reports are wanted; saved with the tap. */
export function ReportKinds({ schedule }: { readonly schedule: ReportSchedule }) {
  const words = useReportWords();
  const id = useId();
  const put = useWrite('PUT /v1/report-schedule', ['GET /v1/report-schedule', 'GET /v1/reports']);
  const { daily, weekly, monthly, webhook } = schedule;
  const now = { daily, weekly, monthly };
  const turn = (kind: (typeof kinds)[number], wanted: boolean): void =>
    put.mutate({ body: { ...now, [kind]: wanted, webhook: webhook && { url: webhook.url } } });
  return (
    <section className="card stack">
      <p className="soft">{words.intro}</p>
      {kinds.map((kind) => (
        <div key={kind} className="report-kind">
          <label>
            <input
              type="checkbox"
              checked={now[kind]}
              disabled={put.isPending}
              aria-describedby={`${id}-${kind}`}
              onChange={(event) => turn(kind, event.target.checked)}
            />
            <strong>{words.kinds[kind]}</strong>
          </label>
          <span id={`${id}-${kind}`} className="soft">
            {words.when[kind]}
          </span>
        </div>
      ))}
      <p className="soft small">{words.late}</p>
      <output className="small" aria-live="polite">
        {put.isSuccess && words.saved}
      </output>
      <ProblemNotice error={put.error} />
    </section>
  );
}
