import { expect, it } from 'vitest';
import { datesBetween, monthWeeks, rangesOf, withDates, withoutDates } from './holiday-dates.ts';

it('a week of holidays is added by its first and last day, over the end of a month too', () => {
  expect(datesBetween('2027-02-27', '2027-03-02')).toEqual(['2027-02-27', '2027-02-28', '2027-03-01', '2027-03-02']);
});

it('days the wrong way round, too many or none are nothing', () => {
  expect(datesBetween('2027-02-12', '2027-02-06')).toBeNull();
  expect(datesBetween('2027-01-01', '2027-12-31')).toBeNull();
  expect(datesBetween('', '2027-12-31')).toBeNull();
});

it('shows days in a row as one stretch, and takes it away as one', () => {
  const dates = withDates(['2027-01-01'], ['2027-02-07', '2027-02-06', '2027-02-06']);
  expect(rangesOf(dates)).toEqual([
    { first: '2027-01-01', last: '2027-01-01', days: 1 },
    { first: '2027-02-06', last: '2027-02-07', days: 2 },
  ]);
  expect(withoutDates(dates, { first: '2027-02-06', last: '2027-02-07' })).toEqual(['2027-01-01']);
});

it('a month is drawn in weeks that begin on Monday', () => {
  const [first, ...more] = monthWeeks(2026, 11);
  expect(first).toEqual([null, null, null, null, null, null, '2026-11-01']);
  expect(more.at(-1)).toEqual(['2026-11-30']);
});
