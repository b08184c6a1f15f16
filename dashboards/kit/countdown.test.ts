import { expect, test } from 'vitest';
import { countdownText } from './countdown.ts';

test('a hold of ten minutes counts down by the second', () => {
  expect(countdownText(600_000)).toBe('10:00');
  expect(countdownText(598_001)).toBe('09:59');
});

test('the last second is shown until it is over', () => {
  expect(countdownText(1)).toBe('00:01');
  expect(countdownText(0)).toBe('00:00');
  expect(countdownText(-5_000)).toBe('00:00');
});

test('from an hour on the hours stand in front', () => {
  expect(countdownText(5 * 3_600_000 + 23 * 60_000 + 11_000)).toBe('5:23:11');
  expect(countdownText(3_600_000)).toBe('1:00:00');
});
