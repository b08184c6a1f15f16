import { expect, it } from 'vitest';
import { accuracyOfDays } from './accuracy.ts';
import { noScore, scored } from './score.ts';

const cell = (expected: number) => ({
  expectedMilli: expected * 1_000,
  lowMilli: expected * 800,
  highMilli: expected * 1_200,
});

it('compares what was told with what came', () => {
  const score = scored(scored(noScore, cell(100), [90]), cell(100), [150]);
  expect(score).toEqual({ cells: 2, within: 1, expectedMilli: 200_000, actualMilli: 240_000, errorMilli: 60_000 });
});

it('passes over half-hours of which few were expected, however they turned out', () => {
  expect(scored(noScore, cell(14), [40])).toBe(noScore);
  expect(scored(noScore, cell(14), [null])).toBe(noScore);
});

it('takes a withheld count for what it stands for, within only where the interval reaches so low', () => {
  const far = scored(noScore, cell(100), [null]);
  expect(far).toMatchObject({ cells: 1, within: 0 });
  expect(far.actualMilli).toBeLessThan(25_000);
  expect(scored(noScore, { expectedMilli: 16_000, lowMilli: 8_000, highMilli: 24_000 }, [null]).within).toBe(1);
});

it('forgives an interval the noise that the terminals add', () => {
  const narrow = { expectedMilli: 100_000, lowMilli: 99_500, highMilli: 100_500 };
  expect(scored(noScore, narrow, [101]).within).toBe(1);
  expect(scored(noScore, narrow, [104]).within).toBe(0);
});

it('gives error, coverage and bias by day, by kind of day and in all, and none without touches', () => {
  const day = (date: string, dayKind: number, actual: number) => ({
    ...scored(noScore, cell(100), [actual]),
    day: date,
    dayKind,
  });
  const { total, byKind, days } = accuracyOfDays([day('2026-11-24', 2, 80), day('2026-11-23', 1, 120)]);
  expect(total).toMatchObject({ cells: 2, wapePpm: 200_000, biasPpm: 0 });
  expect(byKind.map(({ kind, biasPpm }) => [kind, biasPpm])).toEqual([
    [1, -166_667],
    [2, 250_000],
  ]);
  expect(days.map((one) => one.day)).toEqual(['2026-11-24', '2026-11-23']);
  expect(accuracyOfDays([]).total).toMatchObject({ wapePpm: null, coveragePpm: null, biasPpm: null });
});
