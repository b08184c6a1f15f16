import type { AudienceAccuracy, CommunityAccuracy } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useAudienceWords } from './audience-words.ts';

const million = 1_000_000;

/** Parts per million as people read them; a dash where there was nothing to compare. */
export function usePartText(): (ppm: number | null) => string {
  const format = useFormats();
  return (ppm) => (ppm === null ? '–' : format.percent(ppm / million));
}

/** The three figures, with what they mean. */
export function AccuracyFacts({ accuracy }: { readonly accuracy: AudienceAccuracy }) {
  const m = useAudienceWords();
  const format = useFormats();
  const part = usePartText();
  if (accuracy.cells === 0) return <p className="card soft">{m.nothingCompared}</p>;
  const facts = [
    [m.error, part(accuracy.wapePpm), m.errorHint],
    [m.within, part(accuracy.coveragePpm), m.withinHint],
    [m.bias, part(accuracy.biasPpm), m.biasHint],
    [m.compared, m.halfHours(format.number(accuracy.cells)), ''],
  ] as const;
  return (
    <dl className="audience-facts">
      {facts.map(([name, value, hint]) => (
        <div key={name} className="card">
          <dt>{name}</dt>
          <dd className="digits">{value}</dd>
          {hint && <dd className="soft">{hint}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** Mondays beside Sundays and holidays. */
export function KindsTable({ kinds }: { readonly kinds: CommunityAccuracy['byKind'] }) {
  const m = useAudienceWords();
  const format = useFormats();
  const part = usePartText();
  if (kinds.length === 0) return null;
  return (
    // What scrolls sideways on a phone has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="card audience-table" aria-label={m.byKind} tabIndex={0}>
      <table>
        <caption>{m.byKind}</caption>
        <thead>
          <tr>
            <th scope="col">{m.kind}</th>
            <th scope="col">{m.error}</th>
            <th scope="col">{m.within}</th>
            <th scope="col">{m.bias}</th>
            <th scope="col">{m.compared}</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((one) => (
            <tr key={one.kind}>
              <th scope="row">{m.kinds[one.kind - 1]}</th>
              <td className="digits">{part(one.wapePpm)}</td>
              <td className="digits">{part(one.coveragePpm)}</td>
              <td className="digits">{part(one.biasPpm)}</td>
              <td className="digits">{format.number(one.cells)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
