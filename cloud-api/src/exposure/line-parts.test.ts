import { describe, expect, it } from 'vitest';
import { expectedPartPpm, milliOfLineItems, splitVerified } from './line-parts.ts';
import { playOf, touchOf, trafficOf } from './play.fixture.ts';
import { countExposure } from './rules.ts';

const touches = ['tch_1', 'tch_2', 'tch_3', 'tch_4'];
const traffic = trafficOf(...touches.map((id) => touchOf(id)));
/** A report of touches that count so much. */
const reportOf = (...milli: number[]) =>
  countExposure(
    milli.map((milliTouches, n) => playOf({ touch: touches[n] ?? '', milliTouches })),
    traffic,
  );

describe('the expected part of a touch', () => {
  it('is a whole one for everybody, and of a segment what its touches counted on average', () => {
    expect(expectedPartPpm(reportOf(1_000, 1_000), 'all')).toBe(1_000_000);
    expect(expectedPartPpm(reportOf(250, 240), 'families')).toBe(245_000);
    expect(expectedPartPpm(reportOf(), 'families')).toBe(0);
    expect(expectedPartPpm(reportOf(1_000), 'families')).toBe(1_000_000);
  });

  it('is told of touches and not of plays: who saw it twice is one', () => {
    const twice = [playOf({ milliTouches: 250 }), playOf({ milliTouches: 250 })];
    expect(expectedPartPpm(countExposure(twice, traffic), 'families')).toBe(250_000);
  });

  it('leaves out whoever counted for another line item of the campaign, for everybody or as one of so many people', () => {
    expect(expectedPartPpm(reportOf(1_000, 250, 1_000), 'families')).toBe(250_000);
    const plays = [playOf({ milliTouches: 250 }), playOf({ touch: 'tch_2', milliTouches: 1_000, reached: 'boo_2' })];
    expect(expectedPartPpm(countExposure(plays, traffic), 'families')).toBe(250_000);
  });

  it('is as near as plays tell where a report is from before touches were counted', () => {
    const old = { verifiedMilliTouches: 2_200, viewable: 10, people: null, placements: null };
    expect(expectedPartPpm(old, 'families')).toBe(220_000);
    expect(expectedPartPpm({ ...old, viewable: 12, people: { boo_2: 2 } }, 'families')).toBe(220_000);
    expect(expectedPartPpm({ ...old, verifiedMilliTouches: 0, viewable: 0 }, 'families')).toBe(0);
  });
});

describe('what a line item has of a report', () => {
  const cell = {
    campaignId: 'camp_1',
    merchantId: 'mrch_1',
    communityId: 'comm_1',
    at: 0 as never,
    placement: 'any' as const,
    sharePpm: null,
    keptPpm: null,
    segment: 'all' as const,
  };
  const of = (bookingId: string, plannedMilli: number, deliveredMilli: number | null, people = false) => [
    {
      ...cell,
      bookingId,
      plannedMilli,
      deliveredMilli,
      product: people ? ('ten-people' as const) : ('touches' as const),
    },
  ];
  const report = { verifiedMilliTouches: 3_000, people: { boo_3: 2 } };

  it('is what delivery gave it, so that report, bill and refund say the same', () => {
    expect(milliOfLineItems(report, [of('boo_1', 5_000, 1_000), of('boo_2', 1_000, 2_000)])).toEqual([1_000, 2_000]);
  });

  it('is as was planned until then, and people for whoever bought people', () => {
    const cells = [of('boo_1', 2_000, null), of('boo_2', 1_000, null), of('boo_3', 9_000, null, true)];
    expect(milliOfLineItems(report, cells)).toEqual([2_000, 1_000, 2_000]);
  });

  it('splits what is verified as it was planned, and equally where nothing was', () => {
    expect(splitVerified(10_000, [3_000, 1_000])).toEqual([7_500, 2_500]);
    expect(splitVerified(1_001, [0, 0])).toEqual([501, 500]);
    expect(splitVerified(5, [])).toEqual([]);
  });
});
