import { halfHourMs, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { LineAllocation, type Wanted } from '../allocation/sold-lines.ts';
import { reachOf, segmentMilliOf, wantedOf, type Claim, type Closed } from './demand.ts';
import { laySupply, type ExpectedHalfHour, type Supply } from './supply.ts';

const start = instant(Date.UTC(2026, 10, 22, 16));
const at = (n: number): InstantMs => instant(start + n * halfHourMs);
const horizon = { start, count: 48 };
const open: Closed = () => null;
const shares = { all: 1_000_000, families: 250_000 };

const row = (over: Partial<ExpectedHalfHour> & Pick<ExpectedHalfHour, 'at'>): ExpectedHalfHour => ({
  communityId: 'north',
  entranceId: 'north-gate',
  placement: 'gate',
  expectedMilli: 40_000,
  lowMilli: 30_000,
  highMilli: 50_000,
  shares,
  ...over,
});
const lay = (rows: readonly ExpectedHalfHour[], now = start) =>
  laySupply(
    horizon,
    ['north', 'south'].map((id) => ({ id, zone: 'Asia/Shanghai' })),
    [rows],
    { now, offlinePpm: () => 0 },
  );
const claim: Claim = {
  id: 'line',
  communityIds: ['north', 'south'],
  from: at(0),
  to: at(48),
  dayparts: [],
  placements: [],
  segment: 'all',
  milliTouches: 60_000,
  weight: 20,
  dayCapMilli: null,
};
const offer = (supply: Supply, line: Claim, others: readonly Claim[] = [], closed = open) => {
  const wanted = (one: Claim) => wantedOf(supply, one, reachOf(supply, one, closed));
  const lines = new LineAllocation(supply.inventory, supply.worths, []);
  const sell = (one: Wanted): Wanted => ({ ...one, sold: lines.quote(one).sold });
  for (const other of others) lines.put([sell(wanted(other))], []);
  return lines.quote(wanted(line)).availableMilliTouches;
};

describe('what a line item can reach', () => {
  it('is what the forecast expects at its doors in its half-hours', async () => {
    const lift = { entranceId: 'north-lift', placement: 'lift' as const };
    const supply = await lay([
      row({ at: at(0) }),
      row({ at: at(1), ...lift }),
      row({ at: at(0), communityId: 'east', entranceId: 'east-gate' }),
    ]);
    const gate = reachOf(supply, { ...claim, placements: ['gate'] }, open);
    expect(gate).toMatchObject({ expectedMilli: 40_000, lowMilli: 30_000, highMilli: 50_000 });
    expect(reachOf(supply, claim, open).expectedMilli).toBe(80_000);
  });

  it('is of the running half-hour what is still to come', async () => {
    const supply = await lay([row({ at: at(0) })], instant(start + halfHourMs / 2));
    expect(reachOf(supply, claim, open)).toMatchObject({ expectedMilli: 20_000, lowMilli: 15_000 });
  });

  it('leaves out what is closed, and says how much of where', async () => {
    const supply = await lay([row({ at: at(0) }), row({ at: at(1) })]);
    const closed: Closed = (_community, _placement, start) => (start === at(1) ? 'blackout' : null);
    const { left, expectedMilli } = reachOf(supply, { ...claim, to: at(2) }, closed);
    expect(expectedMilli).toBe(40_000);
    expect(left.get('blackout')).toEqual({ communities: new Set(['north']), halfHours: 1 });
  });

  it('counts a touch for a segment as the share that is expected of it', async () => {
    const supply = await lay([row({ at: at(0) }), row({ at: at(1), shares: { all: 1_000_000 } })]);
    const reach = reachOf(supply, { ...claim, segment: 'families' }, open);
    expect(reach).toMatchObject({ expectedMilli: 10_000 });
    expect(reach.cells).toHaveLength(1);
    expect(segmentMilliOf(40_000, 250_000)).toBe(10_000);
  });
});

describe('what is left for one more line item', () => {
  it('is what the others can spare, moved about as they may be', async () => {
    const supply = await lay([row({ at: at(0) }), row({ at: at(1) })]);
    const flexible = { ...claim, id: 'flexible', milliTouches: 40_000 };
    const fixed = { ...claim, to: at(1), milliTouches: 40_000 };
    expect(offer(supply, fixed, [flexible])).toBe(40_000);
    expect(offer(supply, { ...claim, milliTouches: 60_000 }, [flexible])).toBe(40_000);
  });

  it('is taken whole by a segment: nobody knows whose touch it is', async () => {
    const supply = await lay([row({ at: at(0) })]);
    const families = { ...claim, id: 'families', segment: 'families' as const, milliTouches: 5_000 };
    expect(offer(supply, claim, [families])).toBe(20_000);
  });

  it('is no more on a day than the line item wants of a day', async () => {
    const supply = await lay([row({ at: at(0) }), row({ at: at(1) })]);
    expect(offer(supply, { ...claim, dayCapMilli: 15_000 })).toBe(15_000);
  });

  it('is no more on the first day than the cap leaves after what is used up of it', async () => {
    const supply = await lay([row({ at: at(0) }), row({ at: at(1) })]);
    const capped = { ...claim, dayCapMilli: 15_000 };
    expect(offer(supply, { ...capped, usedToday: new Map([['north', 9_000]]) })).toBe(6_000);
    expect(offer(supply, { ...capped, usedToday: new Map([['north', 20_000]]) })).toBe(0);
    expect(offer(supply, { ...capped, usedToday: new Map([['south', 20_000]]) })).toBe(15_000);
  });

  it('is nothing where everything is closed', async () => {
    expect(offer(await lay([row({ at: at(0) })]), claim, [], () => 'no-owner-decision')).toBe(0);
  });
});
