import { expect, it } from 'vitest';
import { pathOf } from './line-chart.tsx';

const span = { low: 0, high: 10, gapMs: 100 };

it('draws from the lowest at the bottom to the highest at the top', () => {
  const points = [
    { at: 0, value: 0 },
    { at: 100, value: 10 },
  ];
  expect(pathOf(points, span)).toBe('M0.0 61.0L320.0 3.0');
});

it('breaks where nothing was told', () => {
  const gap = [
    { at: 0, value: 5 },
    { at: 50, value: null },
    { at: 100, value: 5 },
    { at: 300, value: 5 },
  ];
  expect(pathOf(gap, span).match(/M/g)).toHaveLength(3);
  expect(pathOf([], span)).toBe('');
  expect(pathOf([{ at: 7, value: 3 }], { low: 3, high: 3, gapMs: 1 })).toBe('M0.0 32.0');
});
