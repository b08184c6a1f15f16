import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedAudience } from './day-curve.ts';

const community = { households: 1_000, profile: { families: 400_000, commuters: 350_000, elderly: 150_000 } };

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

  it('is fewer, later and by other hours on a day of rest', () => {
    const rest = expectedAudience(community, 'rest');
    const all = (of: typeof rest, from: number, to: number) =>
      of.slice(from * 2, to * 2).reduce((sum, { milliTouches }) => sum + (milliTouches.all ?? 0), 0);
    expect(all(rest, 0, 24) / all(audience, 0, 24)).toBeCloseTo(1.8 / 2.08, 3);
    expect(all(rest, 7, 9)).toBeLessThan(0.7 * all(audience, 7, 9));
    expect(all(rest, 9, 16)).toBeGreaterThan(all(audience, 9, 16));
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
          [...expectedAudience(c), ...expectedAudience(c, 'rest')].every(
            ({ milliTouches: { all = 0, ...segments } }) => {
              const named = Object.values(segments).reduce((a, b) => a + b, 0);
              return named <= all && Number.isSafeInteger(all);
            },
          ),
      ),
    );
  });
});
