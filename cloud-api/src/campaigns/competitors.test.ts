import { halfHourMs, milliseconds, minutes } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affordableGapMs, separations, tradeOf, type Claim } from './competitors.ts';

const claim = (advertiser: string, owed: number, trade: string | null = 'food'): Claim => ({ advertiser, trade, owed });
const gapMs = minutes(1);

describe('competitors on one screen', () => {
  it('stand as far apart as is wished where there is room, and not at all where everything was sold', () => {
    expect(affordableGapMs(5, { gapMs, expectedTouches: 100 })).toBe(gapMs);
    expect(affordableGapMs(20, { gapMs, expectedTouches: 40 })).toBe(20_000);
    expect(affordableGapMs(40, { gapMs, expectedTouches: 40 })).toBe(0);
    expect(affordableGapMs(3, { gapMs: milliseconds(0), expectedTouches: 100 })).toBe(0);
  });

  it('never cost each other what was paid for: with a rest after each play there is room for all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }), (owed, expectedTouches) => {
        const ms = affordableGapMs(owed, { gapMs: minutes(10), expectedTouches });
        expect(ms).toBeGreaterThanOrEqual(0);
        if (ms > 0) expect(owed * (ms + halfHourMs / expectedTouches)).toBeLessThanOrEqual(halfHourMs);
      }),
    );
  });

  it('are two merchants in one category, not two campaigns of one, and nobody where no category is known', () => {
    const spacing = { gapMs, expectedTouches: 100 };
    const groups = (...claims: Claim[]) => separations(claims, spacing).map((one) => one?.group ?? null);
    expect(groups(claim('a', 1), claim('b', 1), claim('c', 1, 'goods'))).toEqual(['food', 'food', null]);
    expect(groups(claim('a', 1), claim('a', 1))).toEqual([null, null]);
    expect(groups(claim('a', 1, null), claim('b', 1, null))).toEqual([null, null]);
    expect([tradeOf('food'), tradeOf(null), tradeOf('public-interest')]).toEqual(['food', null, null]);
    expect(groups(claim('a', 60), claim('b', 60))).toEqual([null, null]);
  });
});
