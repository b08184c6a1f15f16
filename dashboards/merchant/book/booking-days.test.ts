import { expect, test } from 'vitest';
import { bookingDays, dayLeaf } from './booking-days.ts';

test('a week can be booked, beginning with today at the door', () => {
  const lateEvening = Date.parse('2026-12-29T23:30:00+08:00');
  expect(bookingDays(lateEvening, 'Asia/Shanghai')).toEqual([
    '2026-12-29',
    '2026-12-30',
    '2026-12-31',
    '2027-01-01',
    '2027-01-02',
    '2027-01-03',
    '2027-01-04',
  ]);
});

test('today is the day at the door, not the day of whoever books', () => {
  expect(bookingDays(Date.parse('2026-12-29T23:30:00Z'), 'Asia/Shanghai')[0]).toBe('2026-12-30');
});

test('a day is written as its weekday and its date', () => {
  expect(dayLeaf('2026-11-24', 'zh-CN')).toEqual({ weekday: '周二', day: '11月24日' });
  expect(dayLeaf('2026-11-24', 'en')).toEqual({ weekday: 'Tue', day: 'Nov 24' });
});
