import { describe, expect, it } from 'vitest';
import { dateOf, dayKindOf, dayNumber, groupOf } from './day-kind.ts';
import { holidaysCn, workedWeekendsCn } from './holidays-cn.ts';

const none: ReadonlySet<string> = new Set();
const kind = (date: string, zone = 'Asia/Shanghai', own = none) => dayKindOf(date, zone, own);

describe('the kind of a day', () => {
  it('is its weekday, Monday first', () => {
    expect(kind('2026-11-23')).toBe(1);
    expect(kind('2026-11-22')).toBe(7);
    expect(kind('2028-02-29')).toBe(2);
  });

  it('is a holiday where the country or the community has one, and a day of rest', () => {
    expect(kind('2026-10-05')).toBe(8);
    expect(kind('2026-10-05', 'Europe/Berlin')).toBe(1);
    expect(kind('2026-11-23', 'Europe/Berlin', new Set(['2026-11-23']))).toBe(8);
    expect([1, 5, 9].map((one) => groupOf(one as 1))).toEqual(['work', 'work', 'work']);
    expect([6, 7, 8].map((one) => groupOf(one as 6))).toEqual(['rest', 'rest', 'rest']);
  });

  it('is work on a weekend’s day that is worked for a holiday', () => {
    expect(kind('2026-10-10')).toBe(9);
    expect(kind('2026-10-10', 'America/New_York')).toBe(6);
  });

  it('counts days over a leap day', () => {
    expect(dayNumber('2028-03-01') - dayNumber('2028-02-28')).toBe(2);
    expect(dateOf(dayNumber('2028-02-29'))).toBe('2028-02-29');
  });
});

describe('the calendar of China', () => {
  it('works on Saturdays and Sundays only, and never on a holiday', () => {
    expect(workedWeekendsCn.map((date) => new Date(`${date}T00:00:00Z`).getUTCDay() % 6)).toEqual(
      workedWeekendsCn.map(() => 0),
    );
    expect(workedWeekendsCn.filter((date) => holidaysCn.includes(date))).toEqual([]);
  });

  it('rests on the days that the moon says', () => {
    const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
    const onLunar = (monthAndDay: string, year: number) =>
      Array.from({ length: 366 }, (_, n) => dateOf(dayNumber(`${year}-01-01`) + n)).find(
        (date) => lunar.format(new Date(`${date}T00:00:00Z`)) === monthAndDay,
      );
    for (const year of [2026, 2027]) {
      expect(holidaysCn).toContain(onLunar('5/5', year));
      expect(holidaysCn).toContain(onLunar('8/15', year));
    }
    expect(onLunar('1/1', 2026)).toBe('2026-02-17');
    // The new moon of 2027 is at 23:56 in Beijing on 6 February; ICU's own reckoning puts it on the next day.
    const newYears = ['2026-02-17', '2027-02-06'];
    for (const newYear of newYears)
      expect(holidaysCn).toEqual(expect.arrayContaining([-1, 0, 1, 2].map((n) => dateOf(dayNumber(newYear) + n))));
  });
});
