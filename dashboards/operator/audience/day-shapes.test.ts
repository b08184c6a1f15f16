import { expect, it } from 'vitest';
import { byLocalDay, chartHeight, chartWidth, daySums, dayShapes, highestOf, isAfterwards } from './day-shapes.ts';

const halfHour = 1_800_000;
const cell = (n: number, touches: number, counted: number | null = null) => ({
  at: n * halfHour,
  expectedMilli: touches * 1_000,
  lowMilli: touches * 800,
  highMilli: touches * 1_200,
  counted: counted === null ? ('unknown' as const) : ('told' as const),
  countedTouches: counted,
});

it('draws a day from its midnight on, more touches higher, and what came as dots', () => {
  const day = [cell(0, 10), cell(1, 100, 110)];
  const { band, line, dots } = dayShapes(day, 0, 120);
  expect(line).toBe('M5 116L15 26');
  expect(band.startsWith('M5 114L15 6L')).toBe(true);
  expect(band.endsWith('Z')).toBe(true);
  expect(dots).toEqual([{ x: 15, y: 16, isWithheld: false }]);
  expect(dots.every(({ x, y }) => x <= chartWidth && y <= chartHeight)).toBe(true);
});

it('leaves out what is unknown and puts a withheld count on the floor', () => {
  const withheld = { ...cell(3, 5), counted: 'withheld' as const };
  expect(dayShapes([cell(2, 5), withheld], 0, 10).dots).toEqual([{ x: 35, y: chartHeight - 6, isWithheld: true }]);
  expect(dayShapes([], 0, 10)).toEqual({ band: '', line: '', dots: [] });
});

it('gives all days one scale, which is never nothing', () => {
  expect(highestOf([cell(0, 10), cell(1, 100, 150)])).toBe(150);
  expect(highestOf([])).toBe(10);
});

it('parts half-hours into days and adds them up', () => {
  const days = byLocalDay([cell(49, 7), cell(0, 5, 4), cell(1, 9)], (at) => (at < 48 * halfHour ? 'one' : 'two'));
  expect(days.map(([date, cells]) => [date, cells.length])).toEqual([
    ['one', 2],
    ['two', 1],
  ]);
  expect(daySums(days[0]?.[1] ?? [])).toEqual({ expected: 14, counted: 4, busiestAt: halfHour });
});

it('does not pass for a forecast what was made when the day had begun', () => {
  expect(isAfterwards([{ madeAt: null, counted: 'told' }])).toBe(true);
  expect(isAfterwards([{ madeAt: null, counted: 'open' }])).toBe(false);
  expect(isAfterwards([{ madeAt: 1, counted: 'told' }])).toBe(false);
});
