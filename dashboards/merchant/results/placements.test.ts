import { expect, test } from 'vitest';
import { segmentParts } from './placements.ts';

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
