import type { ReportDelivery } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useReportWords } from './report-words.ts';

const tones = { sending: '', delivered: 'is-good', retrying: 'is-warn', failed: 'is-bad' } as const;

/** What became of a message, why it did not arrive, and when it is tried again. */
export function DeliveryNote({ delivery, zone }: { readonly delivery: ReportDelivery; readonly zone: string }) {
  const words = useReportWords();
  const formats = useFormats();
  const { state, at, detail, nextTryAt } = delivery;
  const isAmiss = state === 'retrying' || state === 'failed';
  const why = isAmiss ? reasonOf(detail, words) : null;
  const told = [
    at === null ? null : formats.dateTime(at, zone),
    why,
    nextTryAt === null ? null : words.nextTry(formats.time(nextTryAt, zone)),
  ].filter((part) => part !== null);
  return (
    <span className="small">
      <span className={`badge ${tones[state]}`}>{words.states[state]}</span> {told.join(' · ')}
    </span>
  );
}

function reasonOf(detail: string, words: ReturnType<typeof useReportWords>): string {
  const status = /answered (\d+)/.exec(detail)?.[1];
  if (status !== undefined) return words.answered(status);
  return /private address|may not be called/.test(detail) ? words.refused : words.unreachable;
}
