import type { ReportSchedule } from '@gatecast/cloud-api/client';
import type { FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { CopyButton } from '../../kit/ui/copy-button.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { DeliveryNote } from './delivery-note.tsx';
import { useReportWords } from './report-words.ts';

const reads = ['GET /v1/report-schedule', 'GET /v1/reports'] as const;

/** Where messages about reports go, for whoever has a program that takes them. Open where the last one did not arrive. */
export function WebhookFold({ schedule }: { readonly schedule: ReportSchedule }) {
  const words = useReportWords();
  const put = useWrite('PUT /v1/report-schedule', reads);
  const test = useWrite('POST /v1/report-schedule/try-out', reads);
  const { daily, weekly, monthly, webhook, zone } = schedule;
  const set = (to: { readonly url: string; readonly newSecret?: boolean } | null): void =>
    put.mutate({ body: { daily, weekly, monthly, webhook: to } });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const url = new FormData(event.currentTarget).get('url');
    if (typeof url === 'string' && url.trim() !== '') set({ url: url.trim() });
  };
  const last = webhook?.last ?? null;
  const isAmiss = last?.state === 'retrying' || last?.state === 'failed';
  const secret = put.data?.secret ?? null;
  const isBusy = put.isPending || test.isPending;
  return (
    <details className="card report-hook" open={isAmiss || undefined}>
      <summary>
        {words.hook}
        {last && <DeliveryNote delivery={last} zone={zone} />}
      </summary>
      <form className="stack" onSubmit={submit}>
        <p className="soft small">{words.hookIntro}</p>
        <Field
          key={webhook?.url}
          label={words.url}
          name="url"
          type="url"
          defaultValue={webhook?.url}
          placeholder="https://"
          maxLength={500}
          required
        />
        <ProblemNotice error={put.error ?? test.error} />
        {secret !== null && (
          <output className="notice is-warn report-secret">
            <span>{words.secret}</span>
            <code>{secret}</code>
            <CopyButton text={secret} />
          </output>
        )}
        <div className="row report-files">
          <button type="submit" className="button is-primary" disabled={isBusy}>
            {words.save}
          </button>
          {webhook && (
            <>
              <button type="button" className="button" disabled={isBusy} onClick={() => test.mutate({})}>
                {words.tryOut}
              </button>
              <button
                type="button"
                className="button is-quiet"
                disabled={isBusy}
                onClick={() => set({ url: webhook.url, newSecret: true })}
              >
                {words.newSecret}
              </button>
              <button type="button" className="button is-quiet" disabled={isBusy} onClick={() => set(null)}>
                {words.remove}
              </button>
            </>
          )}
        </div>
      </form>
    </details>
  );
}
