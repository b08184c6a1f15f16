import { expect, it } from 'vitest';
import { byDay } from './by-day.ts';

it('puts the records of one day together and keeps their order', () => {
  const rows = [{ at: 25 }, { at: 21 }, { at: 19 }, { at: 3 }];
  expect(byDay(rows, (at) => `day ${Math.floor(at / 10)}`)).toEqual([
    ['day 2', [{ at: 25 }, { at: 21 }]],
    ['day 1', [{ at: 19 }]],
    ['day 0', [{ at: 3 }]],
  ]);
});
