import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownDeclarations, nobodyDeclared, priorLevel, profileTouches, profileWith, segmentShares } from './rules.ts';

const community = { households: 500, profile: { families: 400_000, commuters: 300_000, elderly: 100_000 } };

describe('segments', () => {
  it('are shares of everybody who comes by, never more together', () => {
    const share = fc.nat(1_000_000);
    fc.assert(
      fc.property(fc.record({ families: share, commuters: share, elderly: share }), (profile) =>
        [
          ...segmentShares({ households: 300, profile }, 'work'),
          ...segmentShares({ households: 300, profile }, 'rest'),
        ].every(
          ({ all, ...segments }) =>
            all === 1_000_000 && Object.values(segments).reduce((a, b) => a + b, 0) <= 1_000_000,
        ),
      ),
    );
  });

  it('move towards what residents declared, and what is nobody in particular stays', () => {
    const { profile } = profileWith(community, { families: 10, commuters: 10, elderly: 180 });
    expect(profile.elderly).toBeGreaterThan(300_000);
    expect(profile.families + profile.commuters + profile.elderly).toBeCloseTo(800_000, -1);
    expect(profileWith(community, nobodyDeclared)).toEqual(community);
  });

  it('know nothing of declarations as long as any segment has fewer than ten', () => {
    expect(knownDeclarations({ families: 200, commuters: 50, elderly: 9 })).toEqual(nobodyDeclared);
    expect(knownDeclarations({ families: 10, commuters: 10, elderly: 10 }).families).toBe(10);
  });
});

describe('a new entrance', () => {
  const fleet = { entrances: 400, mean: 0.7, variance: 0.04 };

  it('is believed to be as others turned out to be, once enough have shown', () => {
    expect(priorLevel({ entrances: 0, mean: 1, variance: 0 }, [])).toEqual({ level: 1, levelVariance: 0.25 });
    expect(priorLevel(fleet, []).level).toBeCloseTo(0.714, 2);
    expect(priorLevel(fleet, []).levelVariance).toBeLessThan(0.12);
  });

  it('is more like another of its own community', () => {
    const { level, levelVariance } = priorLevel(fleet, [1.6]);
    expect(level).toBeGreaterThan(1.3);
    expect(levelVariance).toBeLessThan(priorLevel(fleet, []).levelVariance);
  });

  it('has its part of what the profile says', () => {
    const sum = (touches: readonly number[]) => touches.reduce((a, b) => a + b, 0);
    expect(sum(profileTouches(community, 500_000).work)).toBeCloseTo((500 * 5.24) / 2, 0);
  });
});
