import { halfHourMs, instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import type { AudienceCell } from './forecasting.ts';
import { byPlacement, together, toldOf } from './half-hours.ts';

const at = instant(1_795_000_000_000 - (1_795_000_000_000 % halfHourMs));
const later = instant(at + halfHourMs);
const cell = (entranceId: string, placement: AudienceCell['placement'] = 'gate'): AudienceCell => ({
  communityId: 'c',
  entranceId,
  placement,
  at,
  expectedMilli: 100_000,
  lowMilli: 80_000,
  highMilli: 130_000,
  shares: { all: 1_000_000 },
  madeAt: instant(1),
});
const counted = (entranceId: string, ...told: (number | null)[]) =>
  ({ communityId: 'c', entranceId, placement: 'gate', at, told }) as const;

describe('what is told of a count', () => {
  it('is nothing before the half-hour is over, nor without every screen', () => {
    expect(toldOf(at, [50], instant(later - 1)).counted).toBe('open');
    expect(toldOf(at, undefined, later).counted).toBe('unknown');
  });

  it('is a sum only of what each screen told for itself', () => {
    expect(toldOf(at, [50, 12], later)).toEqual({ counted: 'told', countedTouches: 62 });
    expect(toldOf(at, [50, null], later)).toEqual({ counted: 'withheld', countedTouches: null });
  });
});

describe('for whoever buys', () => {
  it('entrances of a placement are one number, and placements are never added up', () => {
    const all = byPlacement([cell('a'), cell('b'), cell('c', 'lift')], [], later);
    expect(all.map(({ placement, expectedMilli, entranceId }) => [placement, expectedMilli, entranceId])).toEqual([
      ['gate', 200_000, null],
      ['lift', 100_000, null],
    ]);
  });

  it('a count below ten at one of them withholds all', () => {
    const of = (...told: (number | null)[]) =>
      byPlacement([cell('a'), cell('b')], [counted('a', 40), counted('b', ...told)], later)[0];
    expect(of(30)).toMatchObject({ counted: 'told', countedTouches: 70 });
    expect(of(null)).toMatchObject({ counted: 'withheld', countedTouches: null });
    expect(byPlacement([cell('a'), cell('b')], [counted('a', 40)], later)[0]).toMatchObject({ counted: 'unknown' });
  });
});

it('several entrances are less sure than their chances apart, and surer than all going wrong together', () => {
  const [low, high] = [160_000, 260_000];
  const sum = together([cell('a'), cell('b')]);
  expect(sum.expectedMilli).toBe(200_000);
  expect(sum.lowMilli).toBeGreaterThan(low);
  expect(sum.lowMilli).toBeLessThan(200_000 - 20_000 * Math.SQRT2);
  expect(sum.highMilli).toBeLessThan(high);
  const { expectedMilli, lowMilli, highMilli } = cell('a');
  expect(together([cell('a')])).toEqual({ expectedMilli, lowMilli, highMilli });
});
