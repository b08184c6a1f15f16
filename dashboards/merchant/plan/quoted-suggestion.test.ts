import { expect, it } from 'vitest';
import type { Quote } from '@gatecast/cloud-api/client';
import { emptyChoice } from './choice.ts';
import { quoted } from './quoted-suggestion.ts';
import type { Suggestion } from './suggestion.ts';
import type { Wanted } from './use-quote.ts';

const choice = emptyChoice('comm_1', '2026-11-24');
const suggestion: Suggestion = {
  kind: 'near',
  communityIds: ['comm_1', 'comm_2'],
  cells: new Set([40]),
  days: 14,
  segment: 'all',
};
/** A town with so many touches left, at 12.5 fen each. */
const town =
  (free: number, asked: Wanted[] = []) =>
  async (wanted: Wanted): Promise<Quote> => {
    asked.push(wanted);
    const touches = wanted.touches ?? 0;
    return {
      unit: 'touches',
      requestedTouches: touches,
      availableTouches: Math.min(touches, free),
      priceFen: Math.ceil(touches * 12.5),
      expectedTouches: 900,
      expectedLow: 800,
      expectedHigh: 1_000,
      plays: touches,
      touchPriceMilliFen: 12_500,
      poolAtLeast: null,
      left: [],
      alternatives: [],
      version: 1,
    };
  };

it('comes to as many touches as the budget pays for, at their exact price', async () => {
  const found = await quoted(suggestion, 1_000, choice, 'camp_1', town(500));
  expect(found?.part).toMatchObject({ touches: 80, lastDay: '2026-12-07', communityIds: ['comm_1', 'comm_2'] });
  expect(found?.quote).toMatchObject({ availableTouches: 80, priceFen: 1_000 });
});

it('comes to what is left where that is less, and says what that costs', async () => {
  const asked: Wanted[] = [];
  const found = await quoted(suggestion, 1_000, choice, undefined, town(30, asked));
  expect(found?.part).toMatchObject({ touches: 30 });
  expect(found?.quote.priceFen).toBe(375);
  expect(asked.map(({ touches }) => touches)).toEqual([1, 80, 30]);
});

it('is not offered where nothing is left or the budget is less than one touch', async () => {
  expect(await quoted(suggestion, 1_000, choice, undefined, town(0))).toBeNull();
  expect(await quoted(suggestion, 12, choice, undefined, town(500))).toBeNull();
});
