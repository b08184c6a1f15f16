import type { AudienceHalfHour } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useAudienceWords } from './audience-words.ts';
import { chartHeight, chartWidth, dayShapes, daySums, isAfterwards } from './day-shapes.ts';

interface DayProps {
  readonly cells: readonly AudienceHalfHour[];
  readonly zone: string;
}

const clockMarks = ['0:00', '6:00', '12:00', '18:00', '24:00'];
const dotRadius = 3.2;

/** One local day: the interval as a band, what was expected as a line, what came as dots. */
export function DayChart({ cells, zone, highest }: DayProps & { readonly highest: number }) {
  const m = useAudienceWords();
  const format = useFormats();
  const from = cells[0]?.at ?? 0;
  const { band, line, dots } = dayShapes(cells, from, highest);
  const { expected, counted, busiestAt } = daySums(cells);
  const day = format.date(from, zone);
  const [expectedText, countedText] = [format.number(expected), format.number(counted)];
  return (
    <figure className="card audience-day">
      <figcaption>
        <b>{day}</b>
        <span className="soft digits">
          {counted === 0 ? m.dayExpected(expectedText) : m.daySums(expectedText, countedText)}
        </span>
      </figcaption>
      {isAfterwards(cells) && <p className="soft audience-note">{m.afterwards}</p>}
      <p className="soft digits audience-top">{format.number(Math.round(highest))}</p>
      <svg
        viewBox={`0 0 ${chartWidth} ${chartHeight}`}
        // An image element cannot take its colours from the page.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="img"
        aria-label={m.chartLabel(day, expectedText, countedText, format.halfHour(busiestAt, zone))}
      >
        <path className="audience-band" d={band} />
        <path className="audience-line" d={line} />
        {dots.map(({ x, y, isWithheld }) => (
          <circle key={x} className={isWithheld ? 'audience-few' : 'audience-dot'} cx={x} cy={y} r={dotRadius} />
        ))}
      </svg>
      <p className="audience-clock soft digits" aria-hidden="true">
        {clockMarks.map((mark) => (
          <span key={mark}>{mark}</span>
        ))}
      </p>
    </figure>
  );
}

/** The same day in numbers. */
export function DayTable({ cells, zone }: DayProps) {
  const m = useAudienceWords();
  const format = useFormats();
  const touches = (milli: number) => format.number(Math.round(milli / 1_000));
  const day = format.date(cells[0]?.at ?? 0, zone);
  return (
    // What scrolls sideways on a phone has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="card audience-table" aria-label={day} tabIndex={0}>
      <table>
        <caption>{day}</caption>
        <thead>
          <tr>
            <th scope="col">{m.time}</th>
            <th scope="col">{m.expected}</th>
            <th scope="col">{m.range}</th>
            <th scope="col">{m.counted}</th>
          </tr>
        </thead>
        <tbody>
          {cells.map(({ at, expectedMilli, lowMilli, highMilli, counted, countedTouches }) => (
            <tr key={at}>
              <th scope="row" className="digits">
                {format.halfHour(at, zone)}
              </th>
              <td className="digits">{touches(expectedMilli)}</td>
              <td className="digits">
                {touches(lowMilli)}–{touches(highMilli)}
              </td>
              <td className="digits">{countedTouches === null ? m.states[counted] : format.number(countedTouches)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
