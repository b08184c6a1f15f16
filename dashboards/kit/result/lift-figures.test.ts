import { expect, it } from 'vitest';
import { shownEffect } from './lift-figures.ts';

it('an effect has its sign and no more digits than its range bears', () => {
  expect(shownEffect({ estimate: 2.345, low: 0.1, high: 4.6 })).toEqual({
    estimate: '+2.3',
    low: '+0.1',
    high: '+4.6',
  });
  expect(shownEffect({ estimate: 12.6, low: -4.2, high: 30 })).toEqual({ estimate: '+13', low: '−4', high: '+30' });
  expect(shownEffect({ estimate: 0.004, low: -0.3, high: 0.2 })).toEqual({
    estimate: '0.00',
    low: '−0.30',
    high: '+0.20',
  });
});
