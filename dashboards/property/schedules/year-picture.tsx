import type { KeyboardEvent } from 'react';
import { useMessages } from '../messages/zh.ts';
import { monthWeeks } from './holiday-dates.ts';

interface YearPictureProps {
  readonly year: number;
  readonly dates: ReadonlySet<string>;
  readonly onToggle: (date: string) => void;
}

const months = Array.from({ length: 12 }, (_, n) => n + 1);

/** Twelve small months; a day is switched by a click. One stop of the Tab key a month, arrows inside it. */
export function YearPicture({ year, dates, onToggle }: YearPictureProps) {
  const m = useMessages().schedules;
  return (
    <div className="year-picture">
      {months.map((month) => (
        <fieldset key={month}>
          <legend>{m.holidays.month(month)}</legend>
          {m.dayShort.slice(0, 7).map((day) => (
            <span key={day} aria-hidden="true">
              {day}
            </span>
          ))}
          {monthWeeks(year, month).flatMap((week, row) =>
            week.map((date, column) =>
              date === null ? (
                <span key={`${row}-${column}`} />
              ) : (
                <button
                  key={date}
                  type="button"
                  tabIndex={date.endsWith('-01') ? 0 : -1}
                  aria-label={`${m.holidays.month(month)} ${Number(date.slice(8))}`}
                  aria-pressed={dates.has(date)}
                  className={column >= 5 ? 'is-weekend' : ''}
                  onKeyDown={moveFocus}
                  onClick={() => onToggle(date)}
                >
                  {Number(date.slice(8))}
                </button>
              ),
            ),
          )}
        </fieldset>
      ))}
    </div>
  );
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function moveFocus(event: KeyboardEvent<HTMLButtonElement>): void {
  const step = steps[event.key];
  if (step === undefined) return;
  const days = [...(event.currentTarget.closest('fieldset')?.querySelectorAll('button') ?? [])];
  const next = days[days.indexOf(event.currentTarget) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
