import { describe, expect, it } from 'vitest';
import { dayKindOf } from './day-kind.ts';
import { builtInCalendar, calendarWith, noticeFault, type HolidayNotice } from './holiday-calendar.ts';

/** As such a notice may be. */
const notice: HolidayNotice = {
  year: 2027,
  holidays: [
    { name: '元旦', from: '2027-01-01', to: '2027-01-03' },
    { name: '春节', from: '2027-02-05', to: '2027-02-12' },
    { name: '国庆节', from: '2027-10-01', to: '2027-10-07' },
  ],
  workedWeekends: ['2027-01-30', '2027-02-20'],
};
const none: ReadonlySet<string> = new Set();

describe('a year’s holidays', () => {
  it('are those of the notice, in place of what the program knew, and of that year alone', () => {
    const calendar = calendarWith([notice]);
    const kind = (date: string, by = calendar) => dayKindOf(date, 'Asia/Shanghai', none, by);
    expect(kind('2027-02-10', builtInCalendar)).toBe(3);
    expect(kind('2027-02-10')).toBe(8);
    expect(kind('2027-02-20')).toBe(9);
    // The notice says nothing of Qingming: nor does the calendar then.
    expect([kind('2027-04-05', builtInCalendar), kind('2027-04-05')]).toEqual([8, 1]);
    expect(kind('2026-10-05')).toBe(8);
    expect(dayKindOf('2027-02-10', 'Europe/Berlin', none, calendar)).toBe(3);
  });

  it('are known to be whole or not', () => {
    expect(builtInCalendar.noticed).toEqual(new Set([2026]));
    expect(calendarWith([notice]).noticed).toEqual(new Set([2026, 2027]));
  });

  it.each([
    [{ holidays: [{ name: '元旦', from: '2027-02-30', to: '2027-03-01' }] }, 'no-such-day', '2027-02-30'],
    [{ holidays: [{ name: '元旦', from: '2026-12-20', to: '2027-01-01' }] }, 'other-year', '2026-12-20'],
    [{ holidays: [{ name: '元旦', from: '2027-01-03', to: '2027-01-01' }] }, 'ends-first', '2027-01-03'],
    [{ holidays: [{ name: '春节', from: '2027-02-01', to: '2027-02-28' }] }, 'too-long', '2027-02-01'],
    [{ workedWeekends: ['2027-02-06'] }, 'twice', '2027-02-06'],
    [{ workedWeekends: ['2027-01-29'] }, 'not-a-weekend', '2027-01-29'],
  ])('cannot be %j: %s', (over, fault, date) => {
    expect(noticeFault({ ...notice, ...over })).toEqual({ fault, date });
  });

  it('may begin in the last days of the year before', () => {
    const early = { name: '元旦', from: '2026-12-31', to: '2027-01-02' };
    expect(noticeFault({ ...notice, holidays: [early] })).toBeUndefined();
    expect(noticeFault(notice)).toBeUndefined();
  });
});
