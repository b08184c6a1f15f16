import { halfHourMs, instant, minutes, after } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { booking } from './contract.ts';
import { expectedAudience } from './day-curve.ts';
import {
  bookingStatesBefore,
  bookingTransitions,
  forecastTouches,
  freeTouches,
  unbookable,
  type CountedHalfHour,
} from './rules.ts';

const at = instant(Date.parse('2026-11-22T10:30:00Z'));
const community = { households: 1_000, profile: { families: 400_000, commuters: 350_000, elderly: 150_000 } };

describe('a booking', () => {
  it('can only take the steps of the table, for every pair of states', () => {
    const states = booking.shape.status.options;
    const allowed = states.flatMap((from) =>
      states.filter((to) => bookingStatesBefore(to).includes(from)).map((to) => `${from} → ${to}`),
    );
    expect(allowed).toEqual(['held → paid', 'held → expired', 'held → cancelled', 'paid → refunded']);
    expect(Object.keys(bookingTransitions).sort()).toEqual([...states].sort());
  });
});

describe('a half-hour on sale', () => {
  const slot = { at, forecastTouches: 90, usedTouches: 30 };

  it('offers what nobody has taken', () => {
    expect(freeTouches(slot, instant(at - 1))).toBe(60);
    expect(unbookable(slot, instant(at - 1))).toBeNull();
  });

  it('offers only what is still to come once it runs, and nothing when it is over', () => {
    expect(freeTouches(slot, after(at, minutes(20)))).toBe(30);
    expect(unbookable(slot, after(at, halfHourMs))).toBe('past');
  });

  it('says sold out, and does not sell what is months away', () => {
    expect(unbookable({ ...slot, usedTouches: 90 }, at)).toBe('sold-out');
    expect(unbookable(slot, instant(at - 61 * 86_400_000))).toBe('too-far');
  });

  it('never offers more than was forecast less what is taken, at any time', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), fc.integer({ min: -1e8, max: 1e8 }), (forecast, used, offset) => {
        const free = freeTouches({ at, forecastTouches: forecast, usedTouches: used }, instant(at + offset));
        return free >= 0 && free <= Math.max(0, forecast - used);
      }),
    );
  });
});

describe('the forecast', () => {
  const day = (n: number, touches: number | null): CountedHalfHour => ({ at: instant(at - n * 86_400_000), touches });

  it('believes the profile until three days are counted, then the counts', () => {
    expect(forecastTouches(80_999, [day(1, 40), day(2, 44)])).toBe(80);
    expect(forecastTouches(80_999, [day(1, 40), day(2, 44), day(3, 49)])).toBe(44);
  });

  it('adds up the entrances of one day and takes a withheld count for five', () => {
    expect(forecastTouches(0, [day(1, 20), day(1, null), day(2, 25), day(3, 25)])).toBe(25);
  });
});

describe('who is expected at the door', () => {
  const audience = expectedAudience(community);
  const most = (halfHour: number) =>
    Object.entries(audience[halfHour]?.milliTouches ?? {})
      .filter(([segment]) => segment !== 'all')
      .sort((a, b) => b[1] - a[1])[0]?.[0];

  it('is families at 07:40, commuters at 18:30 and the night at 22:30', () => {
    expect([15, 37, 45].map(most)).toEqual(['families', 'commuters', 'night']);
  });

  it('peaks at 7–9 and 16:30–21', () => {
    const all = audience.map((a) => a.milliTouches.all ?? 0);
    const sum = (from: number, to: number) => all.slice(from * 2, to * 2).reduce((a, b) => a + b, 0);
    const day = sum(0, 24);
    expect(sum(7, 9) / 4).toBeGreaterThan((2 * day) / 48);
    expect(sum(16.5, 21) / 9).toBeGreaterThan((1.5 * day) / 48);
    expect(day / 1_000 / community.households).toBeCloseTo(5.24, 1);
  });

  it('never counts more in the segments than in all', () => {
    const share = fc.nat(1_000_000);
    fc.assert(
      fc.property(
        fc.record({
          households: fc.integer({ min: 1, max: 100_000 }),
          profile: fc.record({ families: share, commuters: share, elderly: share }),
        }),
        (c) =>
          expectedAudience(c).every(({ milliTouches: { all = 0, ...segments } }) => {
            const named = Object.values(segments).reduce((a, b) => a + b, 0);
            return named <= all && Number.isSafeInteger(all);
          }),
      ),
    );
  });
});
