import { clockText, minuteOfClock } from './format.ts';

interface DaySpan {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** As people write it: `06:00-09:00, 15:00-19:00`. */
export const spansText = (spans: readonly DaySpan[]): string =>
  spans.map(({ fromMinute, toMinute }) => `${clockText(fromMinute)}-${clockText(toMinute)}`).join(', ');

const between = /[,，、;；\s]+/;
const span = /^(\d{1,2}[:：]\d{2})[-–—~～至](\d{1,2}[:：]\d{2})$/;

/** Undefined for what cannot be read, or ends before it begins; none for nothing. */
export function spansOf(text: string): DaySpan[] | undefined {
  const parts = text
    .trim()
    .split(between)
    .filter((part) => part !== '');
  const spans = parts.map((part) => {
    const [, from = '', to = ''] = span.exec(part) ?? [];
    return { fromMinute: minuteOf(from), toMinute: minuteOf(to) };
  });
  const read = spans.flatMap(({ fromMinute, toMinute }) =>
    fromMinute !== null && toMinute !== null && fromMinute < toMinute ? [{ fromMinute, toMinute }] : [],
  );
  return read.length === parts.length ? read : undefined;
}

const minuteOf = (clock: string): number | null =>
  clock === '24:00' ? 1_440 : minuteOfClock(clock.replace('：', ':').padStart(5, '0'));
