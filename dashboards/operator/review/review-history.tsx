import type { ReviewStep } from '@gatecast/cloud-api/client';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { dayText } from '../../kit/local-moment.ts';
import { Loaded } from '../../kit/ui/states.tsx';
import { useReviewWords } from './review-words.ts';

/** Who did what with a clip and when, what was ticked and what the checks had found. */
export function ReviewHistory({ clipId }: { readonly clipId: string }) {
  const steps = useRead('GET /v1/clips/:id/reviews', { params: { id: clipId } });
  return (
    <Loaded query={steps}>
      {({ items }) => (
        <ol className="review-steps">
          {items.map((step) => (
            <Step key={step.id} step={step} />
          ))}
        </ol>
      )}
    </Loaded>
  );
}

function Step({ step }: { readonly step: ReviewStep }) {
  const m = useReviewWords();
  const format = useFormats();
  const { reason, note, ticked, findings, until } = step;
  const facts = [
    step.by ?? m.system,
    reason !== null && (m.reasons[reason] ?? reason),
    ticked !== null && m.tickedCount(ticked.length),
    step.step === 'checked' && m.foundCount(findings?.length ?? 0),
    until !== null && m.validUntil(dayText(until, homeZone)),
  ].filter(Boolean);
  return (
    <li>
      <span className="soft digits">{format.dateTime(step.at, homeZone)}</span>
      <strong>{m.steps[step.step]}</strong>
      <span>{facts.join(' · ')}</span>
      {note && <span className="soft">“{note}”</span>}
    </li>
  );
}
