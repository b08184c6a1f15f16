import { expect, it } from 'vitest';
import { addUp, costOf, costOfTouch, joinFigures, noFigures, wholeTouches } from './rules.ts';

it('a cost is told in whole fen, half a fen rounded up', () => {
  expect(costOf(100, 3)).toBe(33);
  expect(costOf(5, 2)).toBe(3);
  expect(costOf(7, 2)).toBe(4);
  expect(costOf(0, 4)).toBe(0);
});

it('what nobody did has no cost', () => {
  expect(costOf(1_000, 0)).toBeNull();
  expect(costOfTouch(1_000, 0)).toBeNull();
});

it('credits of more than was earned in these days make a cost below zero', () => {
  expect(costOf(-5, 2)).toBe(-2);
});

it('a touch that counted in part shares the money in part', () => {
  expect(costOfTouch(900, 4_500)).toBe(200);
  expect(wholeTouches(4_999)).toBe(4);
});

it('what several places tell of the same day stands in one row', () => {
  const rows = joinFigures([
    ['2026-11-23', { verifiedMilliTouches: 3_000, viewable: 4 }],
    ['2026-11-24', { scans: 1 }],
    ['2026-11-23', { scans: 2, earnedFen: 90 }],
  ]);
  expect(rows.get('2026-11-23')).toEqual({
    ...noFigures,
    verifiedMilliTouches: 3_000,
    viewable: 4,
    scans: 2,
    earnedFen: 90,
  });
  expect(addUp(rows.values()).scans).toBe(3);
});
