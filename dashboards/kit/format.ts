import type { KitMessages } from './i18n/zh.ts';
import { localeOf, type Language } from './i18n/language.ts';

/** Formats of one language. Times are UTC milliseconds, shown in an IANA zone: the community's, never the reader's. */
export interface Formats {
  /** `¥12.90` from 1290 fen; whole yuan without a fraction. */
  readonly money: (fen: number) => string;
  readonly number: (n: number) => string;
  readonly percent: (share: number) => string;
  /** `18:30` */
  readonly time: (at: number, zone: string) => string;
  /** `18:30:07` */
  readonly timeToTheSecond: (at: number, zone: string) => string;
  /** `11月22日 周日` */
  readonly date: (at: number, zone: string) => string;
  /** `11月22日 18:30` */
  readonly dateTime: (at: number, zone: string) => string;
  /** `18:30` today, `11月21日 18:30` before. */
  readonly timeOrDate: (at: number, now: number, zone: string) => string;
  /** `18:30–19:00` */
  readonly halfHour: (at: number, zone: string) => string;
  /** `刚刚`, `12 秒前`, `3 分钟前`, `2 小时前`, `5 天前`; what lies ahead the same way round. */
  readonly relative: (at: number, now: number) => string;
  /** `2 小时 5 分`, for what is left. Never below zero. */
  readonly span: (ms: number) => string;
}

/** Times where nothing says which zone (the operator's desk). */
export const homeZone = 'Asia/Shanghai';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
export const halfHourMs = 30 * minuteMs;

const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const monthDay: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric' };

export function formatsOf(language: Language, words: KitMessages): Formats {
  const locale = localeOf[language];
  const dates = new Map<string, Intl.DateTimeFormat>();
  const written = (at: number, zone: string, options: Intl.DateTimeFormatOptions): string => {
    const key = `${zone} ${Object.keys(options).join()}`;
    let format = dates.get(key);
    if (!format) dates.set(key, (format = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone })));
    return format.format(at);
  };
  const yuan = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'CNY',
    currencyDisplay: 'narrowSymbol',
    trailingZeroDisplay: 'stripIfInteger',
  });
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' });

  const formats: Formats = {
    money: (fen) => yuan.format(fen / 100),
    number: (n) => number.format(n),
    percent: (share) => percent.format(share),
    time: (at, zone) => written(at, zone, clock),
    timeToTheSecond: (at, zone) => written(at, zone, { ...clock, second: '2-digit' }),
    date: (at, zone) => written(at, zone, { ...monthDay, weekday: 'short' }),
    dateTime: (at, zone) => `${written(at, zone, monthDay)} ${formats.time(at, zone)}`,
    timeOrDate(at, now, zone) {
      const sameDay = written(at, zone, monthDay) === written(now, zone, monthDay);
      return sameDay ? formats.time(at, zone) : formats.dateTime(at, zone);
    },
    halfHour: (at, zone) => `${formats.time(at, zone)}–${formats.time(at + halfHourMs, zone)}`,
    relative(at, now) {
      const ms = at - now;
      const size = Math.abs(ms);
      if (size < 3 * secondMs) return words.justNow;
      if (size < minuteMs) return relative.format(Math.trunc(ms / secondMs), 'second');
      if (size < hourMs) return relative.format(Math.trunc(ms / minuteMs), 'minute');
      if (size < dayMs) return relative.format(Math.trunc(ms / hourMs), 'hour');
      return relative.format(Math.trunc(ms / dayMs), 'day');
    },
    span(ms) {
      const left = Math.max(0, ms);
      if (left < minuteMs) return words.seconds(Math.floor(left / secondMs));
      if (left < hourMs) return words.minutes(Math.floor(left / minuteMs));
      if (left < dayMs) return words.hoursAndMinutes(Math.floor(left / hourMs), Math.floor((left % hourMs) / minuteMs));
      return words.days(Math.floor(left / dayMs));
    },
  };
  return formats;
}

/** `723` → `12:03`: minutes since midnight as `<input type="time">` writes them, and back. */
export const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Minutes since midnight, or null if it is no time of day. */
export function minuteOfClock(text: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}
