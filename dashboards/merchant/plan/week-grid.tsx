import { useState } from 'react';
import { clockText } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import type { Rows } from './grid-keys.ts';
import { usePlanWords } from './plan-words.ts';
import type { WeekCell } from './suggestion.ts';
import { useCellKeys } from './use-cell-keys.ts';
import { cellAttribute, useCellPaint, type CellPaint, type EditCells } from './use-cell-paint.ts';
import { cellOf, halfHoursPerDay } from './windows.ts';

interface WeekGridProps {
  readonly week: readonly WeekCell[];
  readonly cells: ReadonlySet<number>;
  readonly onChange: EditCells;
}
const days = [1, 2, 3, 4, 5, 6, 7];
const usual: Rows = { first: 12, last: 44 };
const whole: Rows = { first: 0, last: halfHoursPerDay };
const heatLevels = 5;

/** Week × half-hours: tapped one by one, painted over with mouse or finger, or walked through with the keyboard. */
export function WeekGrid({ week, cells, onChange }: WeekGridProps) {
  const words = usePlanWords();
  const [isAll, setAll] = useState(false);
  const rows = isAll ? whole : usual;
  const bookable = new Map(
    week.filter((each) => each.bookable).map((each) => [cellOf(each.weekday, each.halfHour), each]),
  );
  const busiest = Math.max(1, ...week.map(({ expected }) => expected));
  const paint = useCellPaint(cells, onChange);
  const keys = useCellKeys({ rows, isBookable: (cell) => bookable.has(cell), onChange });
  const halves = Array.from({ length: rows.last - rows.first }, (_, n) => rows.first + n);
  return (
    <section className="stack-tight">
      <h2 className="section-title">{words.week}</h2>
      <p className="soft" id="week-hint">
        {words.weekHint}{' '}
        <span className="week-keys">
          <span className="week-keys">{words.weekKeys}</span>
        </span>
      </p>
      <table
        // The grid of WAI-ARIA on the element that it is made for: arrows walk it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role
        role="grid"
        aria-label={words.week}
        aria-describedby="week-hint"
        className={paint.isPainting ? 'week-grid is-painting digits' : 'week-grid digits'}
        onKeyDown={keys.onKeyDown}
        {...paint.events}
      >
        <WeekHead />
        <tbody>
          {halves.map((half) => (
            <tr key={half}>
              <th scope="row">{clockText(half * 30)}</th>
              {days.map((day) => {
                const cell = cellOf(day, half);
                const of = bookable.get(cell);
                return (
                  <td key={day}>
                    <Cell
                      cell={cell}
                      of={of}
                      heat={heatOf(of, busiest)}
                      isChosen={cells.has(cell)}
                      isStop={cell === keys.at}
                      onFocus={keys.moveTo}
                      toggle={paint.toggle}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row">
        <p className="soft grow" aria-live="polite">
          {words.chosenCells(cells.size)}
        </p>
        <button type="button" className="button" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
          {words.allHours}
        </button>
        <button type="button" className="button" disabled={cells.size === 0} onClick={() => onChange(() => new Set())}>
          {words.clear}
        </button>
      </div>
    </section>
  );
}

const heatOf = (of: WeekCell | undefined, busiest: number): number =>
  Math.min(heatLevels - 1, Math.floor(((of?.expected ?? 0) / busiest) * heatLevels));

function WeekHead() {
  const words = usePlanWords();
  return (
    <thead>
      <tr>
        <th scope="col">
          <span className="visually-hidden">{words.time}</span>
        </th>
        {days.map((day) => (
          <th key={day} scope="col">
            {words.weekdays[day - 1]}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface CellProps {
  readonly cell: number;
  /** Undefined: nothing is sold then. */
  readonly of: WeekCell | undefined;
  readonly heat: number;
  readonly isChosen: boolean;
  /** The one that Tab stops at. */
  readonly isStop: boolean;
  readonly onFocus: (cell: number) => void;
  readonly toggle: CellPaint['toggle'];
}

function Cell({ cell, of, heat, isChosen, isStop, onFocus, toggle }: CellProps) {
  const words = usePlanWords();
  const formats = useFormats();
  const day = words.weekdays[Math.floor(cell / halfHoursPerDay)] ?? '';
  const time = clockText((cell % halfHoursPerDay) * 30);
  const price = of ? formats.money(of.touchPriceFen) : '';
  const touches = of ? formats.number(of.expected) : '–';
  return (
    <button
      type="button"
      {...{ [cellAttribute]: cell }}
      tabIndex={isStop ? 0 : -1}
      className={of ? `week-cell heat-${heat}` : 'week-cell is-closed'}
      aria-pressed={isChosen}
      // Not `disabled`: the keyboard walks over it to what lies behind.
      aria-disabled={!of}
      onFocus={() => onFocus(cell)}
      onClick={({ detail }) => of && toggle(cell, detail === 0)}
    >
      <span className="visually-hidden">
        {of ? words.cell(day, time, touches, price) : words.cellClosed(day, time)}
      </span>
      <b aria-hidden="true">{touches}</b>
      {of && <small aria-hidden="true">{price}</small>}
    </button>
  );
}
