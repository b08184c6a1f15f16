import { expect, it } from 'vitest';
import { clockText, formatsOf, minuteOfClock } from './format.ts';
import { en } from './i18n/en.ts';
import { zh } from './i18n/zh.ts';

const chinese = formatsOf('zh', zh);
const english = formatsOf('en', en);
const at = Date.parse('2026-11-22T10:30:07Z');
const shanghai = 'Asia/Shanghai';

it('shows fen as yuan, without a fraction when there is none', () => {
  expect([1290, 1200, 5, 0].map(chinese.money)).toEqual(['¥12.90', '¥12', '¥0.05', '¥0']);
  expect(english.money(123_456_00)).toBe('¥123,456');
});

it("shows times on the community's clock", () => {
  expect(chinese.time(at, shanghai)).toBe('18:30');
  expect(chinese.timeToTheSecond(at, shanghai)).toBe('18:30:07');
  expect(chinese.halfHour(Date.parse('2026-11-22T10:30:00Z'), shanghai)).toBe('18:30–19:00');
  expect(chinese.dateTime(at, shanghai)).toBe('11月22日 18:30');
  expect(english.dateTime(at, shanghai)).toBe('Nov 22 18:30');
  expect(chinese.timeOrDate(at, at, shanghai)).toBe('18:30');
  expect(chinese.timeOrDate(at - 86_400_000, at, shanghai)).toBe('11月21日 18:30');
});

it('says how long ago and how long still', () => {
  expect(chinese.relative(at, at)).toBe('刚刚');
  expect(chinese.relative(at - 12_000, at)).toBe('12秒前');
  expect(chinese.relative(at - 3 * 3_600_000, at)).toBe('3小时前');
  expect(chinese.span(7_500_000)).toBe('2 小时 5 分');
  expect(chinese.span(-1)).toBe('0 秒');
});

it('reads and writes times of day', () => {
  expect(clockText(1215)).toBe('20:15');
  expect(minuteOfClock('20:15')).toBe(1215);
  expect(minuteOfClock('24:00')).toBeNull();
});
