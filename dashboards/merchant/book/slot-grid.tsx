import type { Slot } from '@gatecast/cloud-api/client';
import { clockText } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useBookWords } from './book-words.ts';
import { dayGrid, type DayPart, type GridCell } from './day-grid.ts';

interface DayGridProps {
  readonly slots: readonly Slot[];
  readonly zone: string;
  readonly onChoose: (slot: Slot) => void;
}

/** A day's half-hours; the darker, the more people. The night, where hardly anybody comes, is folded. */
export function DayGrid({ slots, zone, onChoose }: DayGridProps) {
  const parts = dayGrid(slots, zone);
  return (
    <div className="stack">
      <DayCurve parts={parts} />
      {parts.map((part) => (
        <Part key={part.name} part={part} onChoose={onChoose} />
      ))}
    </div>
  );
}

/** The whole day at a glance: a bar for each half-hour, as high as its forecast. */
function DayCurve({ parts }: { readonly parts: readonly DayPart[] }) {
  const words = useBookWords();
  const cells = parts.flatMap((part) => part.cells);
  const busiest = Math.max(1, ...cells.map((cell) => cell.slot.forecastTouches));
  return (
    <div className="day-curve card" aria-hidden="true">
      <div className="day-bars">
        {cells.map(({ slot, heat }) => (
          <span
            key={slot.at}
            className={slot.bookable ? `heat-${heat}` : 'is-closed'}
            style={{ height: `${Math.max(4, (slot.forecastTouches / busiest) * 100)}%` }}
          />
        ))}
      </div>
      <p className="day-hours digits">
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour}>{clockText(hour * 60)}</span>
        ))}
      </p>
      <p className="legend">
        {words.legendFew}
        {[0, 1, 2, 3, 4].map((heat) => (
          <span key={heat} className={`heat-${heat}`} />
        ))}
        {words.legendMany}
      </p>
    </div>
  );
}

function Part({ part, onChoose }: { readonly part: DayPart; readonly onChoose: (slot: Slot) => void }) {
  const words = useBookWords();
  const formats = useFormats();
  const folded = part.name === 'night' || part.bookable === 0;
  const hours = `${clockText(part.cells[0]?.minute ?? 0)}–${clockText((part.cells.at(-1)?.minute ?? 0) + 30)}`;
  return (
    <details className="day-part" open={!folded}>
      <summary>
        <strong>{words.dayParts[part.name]}</strong>
        <span className="digits soft">{hours}</span>
        <span className="digits soft day-part-sum">{words.expected(formats.number(part.forecastTouches))}</span>
      </summary>
      <div className="slot-grid">
        {part.cells.map((cell) => (
          <Cell key={cell.slot.at} cell={cell} onChoose={onChoose} />
        ))}
      </div>
    </details>
  );
}

function Cell({ cell, onChoose }: { readonly cell: GridCell; readonly onChoose: (slot: Slot) => void }) {
  const words = useBookWords();
  const formats = useFormats();
  const { slot, minute, heat } = cell;
  const time = `${clockText(minute)}–${clockText(minute + 30)}`;
  const touches = formats.number(slot.forecastTouches);
  const price = formats.money(slot.touchPriceFen);
  const why = words.slotReasons[slot.reason ?? ''] ?? words.slotUnavailable;
  return (
    <button
      type="button"
      className={slot.bookable ? `slot heat-${heat}` : 'slot is-closed'}
      disabled={!slot.bookable}
      onClick={() => onChoose(slot)}
    >
      <span className="visually-hidden">
        {slot.bookable ? words.slotName(time, touches, price) : words.slotClosed(time, why)}
      </span>
      <span className="slot-face digits" aria-hidden="true">
        <span className="slot-time">{clockText(minute)}</span>
        <span className="slot-touches">{slot.bookable ? touches : why}</span>
        <span className="slot-price">{slot.bookable ? words.perTouch(price) : '\u00a0'}</span>
      </span>
    </button>
  );
}
