import { after, halfHourMs, hours, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { planCells } from '../delivery/plan-cells.ts';
import { reachOf, wantedOf, type Claim } from './demand.ts';
import { halfHoursOf } from './line-item.ts';
import { quotedPriceMilliFen } from './quoted-price.ts';
import { laySupply } from './supply.ts';
import { inItsZones, isSmallEnough, readWish, widerDays, type Wish } from './wish.ts';

const zones: Readonly<Record<string, string>> = {
  shanghai: 'Asia/Shanghai',
  berlin: 'Europe/Berlin',
  tokyo: 'Asia/Tokyo',
};
const zoneOf = (id: string) => zones[id] ?? 'UTC';
const communityIds = Object.keys(zones);
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const wanted = {
  communityIds,
  placements: [],
  segment: 'all' as const,
  product: 'touches' as const,
  touches: 1_000,
  dayCapTouches: null,
  holdoutPpm: 0,
};

function wishOf(firstDay: string, lastDay: string, dayparts: Wish['dayparts'], now: string): Wish {
  const moment = instant(Date.parse(now));
  const read = readWish({ ...wanted, dayparts, firstDay, lastDay }, zoneOf, moment);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

const shown = (starts: readonly InstantMs[]) => starts.map((at) => new Date(at).toISOString().slice(5, 16));

/** Ten touches in each half-hour of each community, from a day before the wish to a day after it. */
async function supplyFor({ from, to }: Wish) {
  const start = after(from, hours(-24));
  const count = (to - from + 2 * hours(24)) / halfHourMs;
  return laySupply(
    { start, count },
    communityIds.map((id) => ({ id, zone: zoneOf(id) })),
    communityIds.map((communityId) =>
      Array.from({ length: count }, (_, n) => ({
        communityId,
        entranceId: `${communityId}-gate`,
        placement: 'gate' as const,
        at: after(start, hours(n / 2)),
        expectedMilli: 10_000,
        lowMilli: 8_000,
        highMilli: 12_000,
        shares: { all: 1_000_000 },
      })),
    ),
    { now: start, offlinePpm: () => 0 },
  );
}

/** Half-hours by community that a plan puts a line item of this wish in, and what it costs. */
async function planned(wish: Wish, priceOf: (communityId: string, at: InstantMs) => number = () => 20) {
  const supply = await supplyFor(wish);
  const claim: Claim = { ...wish, id: 'line', milliTouches: 100_000_000, weight: 1, dayCapMilli: null };
  const reach = reachOf(supply, claim, () => null);
  const { horizon, places, inventory, worths } = supply;
  const question = { inventory, worths, doorOf: Int32Array.from(places.keys()), halfHours: horizon.count };
  const { door, halfHour } = planCells({ ...question, wanted: [wantedOf(supply, claim, reach)] });
  const cells = Array.from(door, (place, n) => ({
    communityId: places[place]?.communityId ?? '',
    at: instant(horizon.start + (halfHour[n] ?? 0) * halfHourMs),
  }));
  const quote = { askedMilliTouches: 0, availableMilliTouches: 0, takenMilliTouches: 0, fits: false, sold: null };
  const price = await quotedPriceMilliFen({ reach, quote }, wish, supply, (cell) => priceOf(cell.communityId, cell.at));
  const startsIn = (id: string) => cells.filter(({ communityId }) => communityId === id).map(({ at }) => at);
  return { startsIn, price, reach };
}

describe('a line item over communities of several zones', () => {
  it('runs by the clocks of each: the same morning is hours apart', async () => {
    const morning = { weekdays: everyDay, fromMinute: 7 * 60, toMinute: 8 * 60 };
    const wish = wishOf('2026-11-24', '2026-11-24', [morning], '2026-11-23T00:00Z');
    const { startsIn } = await planned(wish);
    expect(shown(startsIn('tokyo'))).toEqual(['11-23T22:00', '11-23T22:30']);
    expect(shown(startsIn('shanghai'))).toEqual(['11-23T23:00', '11-23T23:30']);
    expect(shown(startsIn('berlin'))).toEqual(['11-24T06:00', '11-24T06:30']);
  });

  it('is of whole days of each, from its midnight to its midnight', async () => {
    const wish = wishOf('2026-11-24', '2026-11-25', [], '2026-11-23T00:00Z');
    const { startsIn } = await planned(wish);
    for (const id of communityIds) {
      const starts = startsIn(id);
      expect(starts).toHaveLength(96);
      expect(starts).toEqual(halfHoursOf({ ...wish, dayparts: [] }, zoneOf(id)));
    }
    expect(shown(startsIn('tokyo')).at(0)).toBe('11-23T15:00');
    expect(shown(startsIn('berlin')).at(-1)).toBe('11-25T22:30');
  });

  it('keeps a window over midnight with the day on which it begins, everywhere', async () => {
    const monday = { weekdays: [1], fromMinute: 23 * 60, toMinute: 60 };
    const { startsIn } = await planned(wishOf('2026-11-23', '2026-11-24', [monday], '2026-11-22T00:00Z'));
    expect(shown(startsIn('shanghai'))).toEqual(['11-23T15:00', '11-23T15:30', '11-23T16:00', '11-23T16:30']);
    expect(shown(startsIn('berlin'))).toEqual(['11-23T22:00', '11-23T22:30', '11-23T23:00', '11-23T23:30']);
  });

  it('has a day of twenty-five hours only where summer time ends', async () => {
    const night = { weekdays: everyDay, fromMinute: 120, toMinute: 180 };
    const whole = await planned(wishOf('2026-10-25', '2026-10-25', [], '2026-10-20T00:00Z'));
    expect(communityIds.map((id) => whole.startsIn(id).length)).toEqual([48, 50, 48]);
    const early = await planned(wishOf('2026-10-25', '2026-10-25', [night], '2026-10-20T00:00Z'));
    expect(communityIds.map((id) => early.startsIn(id).length)).toEqual([2, 4, 2]);
    const spring = await planned(wishOf('2026-03-29', '2026-03-29', [night], '2026-03-20T00:00Z'));
    expect(communityIds.map((id) => spring.startsIn(id).length)).toEqual([2, 0, 2]);
  });

  it('has the leap day in each', async () => {
    const { startsIn } = await planned(wishOf('2028-02-29', '2028-02-29', [], '2028-02-20T00:00Z'));
    expect(communityIds.map((id) => shown(startsIn(id)).at(0))).toEqual(['02-28T16:00', '02-28T23:00', '02-28T15:00']);
  });

  it('is expected and costs what each costs in its own hours', async () => {
    const wish = wishOf('2026-11-24', '2026-11-24', [], '2026-11-23T00:00Z');
    const { price, reach } = await planned(wish, (communityId) => (communityId === 'berlin' ? 50 : 20));
    expect(price).toBe(30_000);
    expect(reach.expectedMilli).toBe(3 * 48 * 10_000);
  });

  it('gets wider by days of the calendar, not by so many hours', () => {
    const now = instant(Date.parse('2026-10-23T00:00Z'));
    const wish = wishOf('2026-10-24', '2026-10-24', [], '2026-10-23T00:00Z');
    const [longer] = widerDays(wish, zoneOf, now);
    expect(longer?.days).toEqual({ firstDay: '2026-10-24', lastDay: '2026-10-25' });
    expect(new Date(longer?.to ?? 0).toISOString()).toBe('2026-10-25T23:00:00.000Z');
    const alone = inItsZones({ ...wish, communityIds: ['shanghai'] }, zoneOf, now);
    expect(alone.to - alone.from).toBe(hours(24));
    expect(isSmallEnough({ ...alone, communityIds: Array.from({ length: 2_501 }, () => 'shanghai') }, zoneOf)).toBe(
      false,
    );
  });
});
