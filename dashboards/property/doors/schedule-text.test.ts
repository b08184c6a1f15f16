import { expect, it } from 'vitest';
import { doorsEn } from '../messages/doors-en.ts';
import { doorsZh } from '../messages/doors-zh.ts';
import { daysText, scheduleFault, scheduleText } from './schedule-text.ts';

const zh = doorsZh.schedules;
const morning = {
  mode: 'free-passage',
  weekdays: [1, 2, 3, 4, 5],
  window: { fromMinute: 420, toMinute: 540 },
} as const;

it('days read as people say them', () => {
  const texts = [[1, 2, 3, 4, 5], [7, 6], [1, 2, 3, 4, 5, 6, 7], [4, 2], [6]].map((days) => daysText(days, zh));
  expect(texts).toEqual(['周一至周五', '周末', '每天', '周二、周四', '周六']);
});

it('a window is one plain sentence, and says when it ends the day after', () => {
  expect(scheduleText({ ...morning, weekdays: [1, 2, 3, 4, 5] }, zh)).toBe('周一至周五 07:00–09:00 常开');
  const night = { mode: 'lockdown', weekdays: [5], window: { fromMinute: 1_380, toMinute: 360 } } as const;
  expect(scheduleText({ ...night, weekdays: [5] }, zh)).toBe('周五 23:00–次日 06:00 封锁');
  expect(scheduleText({ ...morning, weekdays: [1, 2, 3, 4, 5] }, doorsEn.schedules)).toBe(
    'Mon–Fri 07:00–09:00 held open',
  );
});

it('a window without a day or without length cannot be saved', () => {
  expect(scheduleFault({ ...morning, weekdays: [1] }, zh)).toBeNull();
  expect(scheduleFault({ ...morning, weekdays: [] }, zh)).toBe(zh.noDay);
  expect(scheduleFault({ ...morning, weekdays: [1], window: { fromMinute: 1, toMinute: 1 } }, zh)).toBe(zh.sameTime);
});
