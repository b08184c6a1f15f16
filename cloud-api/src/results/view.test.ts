import { instant } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import type { ResultFigures } from './rules.ts';
import { showResult, type Found } from './view.ts';

const figures = (verifiedMilliTouches: number): ResultFigures => ({
  verifiedMilliTouches,
  people: 0,
  viewable: 1,
  ambient: 0,
  scans: 1,
  orders: 0,
  pickedUp: 0,
  orderFen: 0,
  earnedFen: 10,
});
const found = (communities: number, days: number, lineItems: number): Found => ({
  campaign: { id: 'camp', name: '草莓季' },
  lineItems: Array.from({ length: lineItems }, (_, n) => ({
    id: `book_${n}`,
    at: instant(n),
    toAt: null,
    product: 'touches',
    segment: 'all',
    touches: 1,
    priceFen: 10,
    refundedFen: 0,
  })),
  asked: { from: '2026-01-01', to: '2027-12-31' },
  names: new Map(),
  all: undefined,
  placements: [],
  byLineItem: [],
  byCommunity: new Map(Array.from({ length: communities }, (_, n) => [`com_${n}`, figures(n * 1_000)])),
  byDay: new Map(
    Array.from({ length: days }, (_, n) => [new Date(n * 86_400_000).toISOString().slice(0, 10), figures(0)]),
  ),
});

it('cuts long lists after those that say most, tells how many are left, and adds up all of them', () => {
  const result = showResult(found(600, 450, 201));
  expect([result.communities.length, result.days.length, result.lineItems.length]).toEqual([500, 400, 200]);
  expect(result.left).toEqual({ communities: 100, days: 50, lineItems: 1 });
  expect(result.communities[0]?.communityId).toBe('com_599');
  expect(result.days[0]?.day).toBe('1971-03-26');
  expect(result.lineItems[0]?.bookingId).toBe('book_200');
  expect(result.totals).toMatchObject({ scans: 600, earnedFen: 6_000, paidFen: 2_010 });
});

it('tells of whom touches count in part: groups that were booked, and neither everybody nor people', () => {
  const { lineItems, ...rest } = found(1, 1, 5);
  const segments = ['families', 'all', 'elderly', 'families', 'night'] as const;
  const own = lineItems.map((one, n) => ({
    ...one,
    segment: segments[n] ?? 'all',
    product: n === 4 ? ('ten-people' as const) : ('touches' as const),
  }));
  expect(showResult({ ...rest, lineItems: own }).segments).toEqual(['families', 'elderly']);
  expect(showResult({ ...rest, lineItems }).segments).toEqual([]);
});

it('leaves nothing out of short ones', () => {
  expect(showResult(found(500, 400, 200)).left).toEqual({ communities: 0, days: 0, lineItems: 0 });
});
