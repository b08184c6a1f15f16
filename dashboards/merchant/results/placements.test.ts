import { expect, test } from 'vitest';
import { placementsOf, segmentParts, type AtPlacement } from './placements.ts';

const at = (placement: AtPlacement['placement'], plays: number, verifiedMilliTouches: number): AtPlacement => ({
  placement,
  rendered: plays,
  viewable: plays,
  completed: plays,
  verified: Math.floor(verifiedMilliTouches / 1_000),
  verifiedMilliTouches,
});

test('a day tells gate, unit door and lift apart, and rounds parts of touches once', () => {
  const day = [
    { placements: [at('lift', 2, 600), at('gate', 3, 3_000)] },
    { placements: [at('lift', 1, 600)] },
    { placements: null },
  ];
  expect(placementsOf(day)).toEqual([at('gate', 3, 3_000), at('lift', 3, 1_200)]);
  expect(placementsOf([{ placements: null }])).toEqual([]);
});

test('a half-hour tells the expected part of each segment once, and nothing of everybody, of people or before it is known', () => {
  const item = { bookingId: 'boo_1', verifiedMilliTouches: 0, people: null };
  const lineItems = [
    { ...item, segment: 'families' as const, expectedPartPpm: 254_000 },
    { ...item, segment: 'families' as const, expectedPartPpm: 254_000 },
    { ...item, segment: 'all' as const, expectedPartPpm: 1_000_000 },
    { ...item, segment: 'elderly' as const, expectedPartPpm: null },
    { ...item, segment: 'night' as const, expectedPartPpm: 1_000_000, people: 3 },
  ];
  expect(segmentParts({ lineItems })).toEqual([{ segment: 'families', of100: 25 }]);
  expect(segmentParts({ lineItems: [{ ...item, segment: 'night', expectedPartPpm: 43_600 }] })).toEqual([
    { segment: 'night', of100: 4.4 },
  ]);
});
