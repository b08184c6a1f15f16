import { instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { halfHoursOf } from './line-item.ts';
import {
  onlyHalfHour,
  readWish,
  soldAheadMs,
  widerCommunities,
  widerDays,
  widerHours,
  widerPlacements,
  type Wish,
} from './wish.ts';

const zone = 'Asia/Shanghai';
const everywhere = () => zone;
const now = instant(Date.UTC(2026, 10, 22, 23, 40));
const asked = {
  communityIds: ['a'],
  firstDay: '2026-11-23',
  lastDay: '2026-11-29',
  dayparts: [],
  placements: [],
  segment: 'all' as const,
  product: 'touches' as const,
  touches: 100,
  dayCapTouches: null,
  holdoutPpm: 0,
};
const wish = (over: Partial<Wish> = {}): Wish => {
  const read = readWish(asked, everywhere, now);
  if (typeof read === 'string') throw new Error(read);
  return { ...read, ...over };
};

describe('a wish', () => {
  it('is of whole days of its community', () => {
    expect(wish().to - wish().from).toBe(7 * 86_400_000);
    expect(new Date(wish().from).toISOString()).toBe('2026-11-22T16:00:00.000Z');
  });

  it.each([
    ['2026-02-30', '2026-03-01', 'invalid-request'],
    ['2026-11-24', '2026-11-23', 'invalid-request'],
    ['2026-11-20', '2026-11-22', 'slot-past'],
    ['2027-03-01', '2027-03-02', 'slot-too-far'],
  ])('from %s to %s is none: %s', (firstDay, lastDay, why) => {
    expect(readWish({ ...asked, firstDay, lastDay }, everywhere, now)).toBe(why);
  });

  it('is of so many half-hours that somebody can look at each', () => {
    const many = Array.from({ length: 500 }, (_, n) => `c${n}`);
    const month = { ...asked, communityIds: many, lastDay: '2026-12-22' };
    expect(readWish(month, everywhere, now)).toBe('line-item-too-large');
    expect(
      readWish({ ...month, dayparts: [{ weekdays: [6, 7], fromMinute: 600, toMinute: 720 }] }, everywhere, now),
    ).toBeTypeOf('object');
  });

  it('ends where sale ends', () => {
    expect(readWish({ ...asked, lastDay: '2027-06-01' }, everywhere, now)).toMatchObject({ to: now + soldAheadMs });
  });
});

describe('a wider wish', () => {
  const mornings = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 420, toMinute: 540 };
  const hoursOf = (one: Wish) => halfHoursOf(one, zone).length;

  it('has more hours with each step, and all of them in the end', () => {
    const counts = widerHours(wish({ dayparts: [mornings] })).map(hoursOf);
    expect(counts).toEqual([42, 56, 84, 112, 7 * 48]);
    expect(widerHours(wish())).toEqual([]);
  });

  it('runs over midnight where a window grows beyond it, and never shrinks', () => {
    const late = { ...mornings, fromMinute: 60, toMinute: 1_380 };
    expect(widerHours(wish({ dayparts: [late] })).map(hoursOf)).toEqual([46 * 7, 7 * 48]);
    const early = { ...mornings, fromMinute: 0, toMinute: 120 };
    expect(widerHours(wish({ dayparts: [early] }))[0]?.dayparts[0]).toMatchObject({ fromMinute: 1_410, toMinute: 150 });
  });

  it('has more days, as far ahead as anything is sold', () => {
    expect(widerDays(wish(), everywhere, now).map(({ to }) => (to - wish().to) / 86_400_000)).toEqual([
      1, 3, 7, 14, 28,
    ]);
    const last = readWish({ ...asked, lastDay: '2027-06-01' }, everywhere, now);
    expect(typeof last === 'string' ? last : widerDays(last, everywhere, now)).toEqual([]);
  });

  it('has more communities, those that were there among them, and every placement', () => {
    expect(widerCommunities(wish(), ['b', 'a', 'c']).map(({ communityIds }) => communityIds)).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]);
    expect(widerCommunities(wish(), ['a'])).toEqual([]);
    expect(widerPlacements(wish({ placements: ['lift'] }))).toMatchObject([{ placements: [] }]);
    expect(widerPlacements(wish())).toEqual([]);
  });
});

it('is one half-hour of one community in short', () => {
  expect(halfHoursOf(onlyHalfHour('a', instant(Date.UTC(2026, 10, 23)), 5), zone)).toHaveLength(1);
});
