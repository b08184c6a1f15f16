import type { Exposure } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { PlacementRows } from './placement-rows.tsx';
import { segmentParts } from './placements.ts';
import { useResultWords } from './result-words.ts';
import '../../kit/ui/foldable.css';

const ppmPerPercent = 10_000;

/** Whose touches they are expected to be, where they were, how good the plays were, what does not count and why, and what the report said before. */
export function ExposureProof({ exposure, zone }: { readonly exposure: Exposure; readonly zone: string }) {
  const words = useResultWords();
  const formats = useFormats();
  const { averageViewableMs, dropRatePpm, viewable, panelOn, missingScreens, filtered } = exposure;
  return (
    <div className="exposure-proof soft">
      {segmentParts(exposure).map(({ segment, of100 }) => (
        <p key={segment}>{words.segmentPart(words.segments[segment], formats.number(of100))}</p>
      ))}
      <PlacementRows placements={exposure.placements ?? []} />
      {averageViewableMs !== null && (
        <p>
          {words.quality((averageViewableMs / 1_000).toFixed(1), `${((dropRatePpm ?? 0) / ppmPerPercent).toFixed(1)}%`)}
        </p>
      )}
      {!!viewable && <p>{words.panelOn(formats.number(panelOn ?? 0), formats.number(viewable))}</p>}
      {filtered.length > 0 && <NotCounted filtered={filtered} />}
      {!!missingScreens && <p>{words.missing(missingScreens)}</p>}
      <Versions exposure={exposure} zone={zone} />
    </div>
  );
}

function NotCounted({ filtered }: Pick<Exposure, 'filtered'>) {
  const words = useResultWords();
  const formats = useFormats();
  const all = filtered.reduce((sum, { plays }) => sum + plays, 0);
  return (
    <details className="foldable">
      <summary>{words.notCounted(formats.number(all))}</summary>
      <ul>
        {filtered.map(({ reason, plays }) => (
          <li key={reason} className="row spread">
            <span>{words.reasons[reason] ?? reason}</span>
            <span className="digits">{formats.number(plays)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Versions({ exposure, zone }: { readonly exposure: Exposure; readonly zone: string }) {
  const words = useResultWords();
  const formats = useFormats();
  const { version, restatedAt, earlier } = exposure;
  const last = earlier.at(-1);
  if (version === null || restatedAt === null || !last) return null;
  return <p>{words.restated(version, formats.date(restatedAt, zone), formats.number(last.verified))}</p>;
}
