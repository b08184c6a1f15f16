import { expect, test } from 'vitest';
import type { Exposure, Trace } from '@gatecast/cloud-api/client';
import { byDay, deliveredPercent, funnelOf, localDateOf } from './totals.ts';

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
const trace = (reached: Trace['reached']): Trace => ({
  visitId: 'vis_1',
  campaignId: 'camp_1',
  campaignName: 'a',
  dealId: null,
  dealTitle: null,
  communityName: 'b',
  entranceName: 'c',
  play: null,
  visit: { at: 1 },
  order: reached === 'visit' ? null : { id: 'ordr_1', at: 2, totalFen: 1, status: 'paid' },
  pickup: reached === 'picked-up' ? { at: 3 } : null,
  reached,
});

test('a shop owner sees how many got how far', () => {
  const traces = [trace('visit'), trace('order'), trace('paid'), trace('picked-up')];
  expect(funnelOf([exposure(0, 80), exposure(1, 20)], traces)).toEqual({
    touches: 100,
    scans: 4,
    orders: 3,
    pickedUp: 1,
  });
});

test('an open half-hour counts nothing yet', () => {
  expect(funnelOf([exposure(0, null)], []).touches).toBe(0);
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
