import { useFormats } from '../../kit/i18n/language-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useHealthWords } from './health-words.ts';

interface LineChartProps {
  readonly title: string;
  /** The newest value, as it is read out. */
  readonly value: string;
  /** Oldest first; null breaks the line. */
  readonly points: readonly { readonly at: number; readonly value: number | null }[];
  /** A gap longer than this breaks the line too, ms. */
  readonly gapMs: number;
  /** How a value is written. */
  readonly say: (value: number) => string;
}

const width = 320;
const height = 64;
const inset = 3;

/** A small line of one figure over time. The words beside it say the same to whoever cannot see it. */
export function LineChart({ title, value, points, gapMs, say }: LineChartProps) {
  const m = useHealthWords();
  const format = useFormats();
  const known = points.filter((point): point is { at: number; value: number } => point.value !== null);
  const values = known.map((point) => point.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  return (
    <figure className="line-chart card">
      <figcaption>
        <span>{title}</span>
        <b className="digits">{value}</b>
      </figcaption>
      {known.length > 1 && (
        <>
          <p className="soft digits">{m.range(say(low), say(high))}</p>
          <svg
            viewBox={`0 0 ${width} ${height}`}
            preserveAspectRatio="none"
            aria-hidden="true"
            className="line-chart-line"
          >
            <path d={pathOf(points, { low, high, gapMs })} vectorEffect="non-scaling-stroke" />
          </svg>
          <p className="line-chart-times soft digits">
            <span>{format.timeOrDate(first, last, homeZone)}</span>
            <span>{format.time(last, homeZone)}</span>
          </p>
        </>
      )}
    </figure>
  );
}

/** `M` where the line begins anew, `L` where it goes on. */
export function pathOf(
  points: LineChartProps['points'],
  { low, high, gapMs }: { readonly low: number; readonly high: number; readonly gapMs: number },
): string {
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const x = (at: number) => (last === first ? 0 : ((at - first) / (last - first)) * width);
  const y = (value: number) =>
    high === low ? height / 2 : height - inset - ((value - low) / (high - low)) * (height - 2 * inset);
  let before: number | undefined;
  const steps = points.flatMap(({ at, value }) => {
    if (value === null) {
      before = undefined;
      return [];
    }
    const isOn = before !== undefined && at - before <= gapMs;
    before = at;
    return [`${isOn ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`];
  });
  return steps.join('');
}
