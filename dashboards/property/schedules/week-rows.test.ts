import { expect, it } from 'vitest';
import { zh } from '../messages/zh.ts';
import { weekRows, windowText, type ScheduleWindow } from './week-rows.ts';

const day: ScheduleWindow = { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1_080, entranceIds: null };
const night: ScheduleWindow = { days: [7], fromMinute: 1_320, toMinute: 360, entranceIds: null };

it('draws a window on each of its days', () => {
  const rows = weekRows([day]);
  expect(rows[0]).toEqual([{ from: 480, to: 1_080 }]);
  expect(rows[5]).toEqual([]);
});

it('a night goes on in the next morning, from Sunday to Monday too', () => {
  const rows = weekRows([night]);
  expect(rows[6]).toEqual([{ from: 1_320, to: 1_440 }]);
  expect(rows[0]).toEqual([{ from: 0, to: 360 }]);
});

it('the same time twice is the whole day', () => {
  expect(weekRows([{ ...day, days: [8], fromMinute: 0, toMinute: 0 }])[7]).toEqual([{ from: 0, to: 1_440 }]);
});

it('says a window in words', () => {
  expect(windowText(day, zh)).toBe('周一至周五 08:00–18:00');
  expect(windowText({ ...night, days: [6, 7, 8] }, zh)).toBe('周末、节假日 22:00–第二天 06:00');
});
