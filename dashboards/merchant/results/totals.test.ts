import { expect, test } from 'vitest';
import type { Exposure } from '@gatecast/cloud-api/client';
import { together } from './funnel.ts';
import { byDay, deliveredPercent, localDateOf } from './totals.ts';

const exposure = (at: number, verified: number | null): Exposure => ({
  campaignId: 'camp_1',
  communityId: 'comm_1',
  communityName: '桂苑小区',
  at,
  state: verified === null ? 'open' : 'closed',
  bookedTouches: 100,
  rendered: verified,
  viewable: verified,
  completed: verified,
  verified,
  verifiedMilliTouches: verified === null ? null : verified * 1_000,
  people: verified === null ? null : 0,
  ambient: null,
  panelOn: null,
  averageViewableMs: null,
  dropRatePpm: null,
  placements: null,
  lineItems: [],
  filtered: [],
  missingScreens: null,
  version: null,
  restatedAt: null,
  earlier: [],
  priceFen: 1_200,
});
test('campaigns add up hop by hop', () => {
  const one = { touches: 100, scans: 4, orders: 3, pickedUp: 1 };
  expect(together([one, { ...one, scans: 5 }])).toEqual({ touches: 200, scans: 9, orders: 6, pickedUp: 2 });
  expect(together([])).toEqual({ touches: 0, scans: 0, orders: 0, pickedUp: 0 });
});

test('an open half-hour has no share yet', () => {
  expect(deliveredPercent(exposure(0, null))).toBeNull();
});

test('delivery is never rounded up to full', () => {
  expect(deliveredPercent({ verified: 999, bookedTouches: 1_000 })).toBe(99);
});

test('days and their half-hours come newest first', () => {
  const days = byDay([exposure(1, 1), exposure(12, 2), exposure(11, 3)], ({ at }) => (at > 10 ? 'today' : 'yesterday'));
  expect(days.map((day) => [day.date, day.exposures.map((each) => each.at)])).toEqual([
    ['today', [12, 11]],
    ['yesterday', [1]],
  ]);
});

test('a half-hour is of the day that the clocks there show', () => {
  const at = Date.UTC(2026, 10, 22, 16, 30);
  expect(localDateOf(at, 'Asia/Shanghai')).toBe('2026-11-23');
  expect(localDateOf(at, 'Europe/Berlin')).toBe('2026-11-22');
});
