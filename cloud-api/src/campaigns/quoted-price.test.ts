import { halfHourMs, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { LineAllocation } from '../allocation/sold-lines.ts';
import { reachOf, wantedOf, type Claim } from './demand.ts';
import { quotedPriceMilliFen } from './quoted-price.ts';
import { laySupply } from './supply.ts';

const start = instant(Date.UTC(2026, 10, 23, 16));
const at = (n: number): InstantMs => instant(start + n * halfHourMs);
/** Two half-hours of a hundred touches: families are four of five in the dear one, and one of five in the other. */
const supply = await laySupply(
  { start, count: 2 },
  [{ id: 'north', zone: 'Asia/Shanghai' }],
  [
    [800_000, 200_000].map((families, n) => ({
      communityId: 'north',
      entranceId: 'gate',
      placement: 'gate' as const,
      at: at(n),
      expectedMilli: 100_000,
      lowMilli: 0,
      highMilli: 0,
      shares: { all: 1_000_000, families },
    })),
  ],
  { now: start, offlinePpm: () => 0 },
);
const claim: Claim = {
  id: 'line',
  communityIds: ['north'],
  from: at(0),
  to: at(2),
  dayparts: [],
  placements: [],
  segment: 'families',
  milliTouches: 10_000,
  weight: 1,
  dayCapMilli: null,
};

async function priceOf(over: Partial<Claim>): Promise<number> {
  const asked = { ...claim, ...over };
  const reach = reachOf(supply, asked, () => null);
  const quote = new LineAllocation(supply.inventory, supply.worths, []).quote(wantedOf(supply, asked, reach));
  const dayCapTouches = asked.dayCapMilli === null ? null : asked.dayCapMilli / 1_000;
  const wish = { segment: asked.segment, product: 'touches' as const, dayCapTouches };
  return quotedPriceMilliFen({ reach, quote }, wish, supply, (cell) => (cell.at === at(0) ? 40 : 20));
}

describe('the price of a quote', () => {
  it('is that of the half-hours that it will be put in', async () => {
    expect(await priceOf({})).toBe(40_000);
    expect(await priceOf({ dayCapMilli: 10_000 })).toBe(40_000);
  });

  it('is cheaper where its segment takes poorer half-hours too', async () => {
    // 80 in the first, 10 in the second.
    expect(await priceOf({ milliTouches: 90_000 })).toBe(Math.ceil(((80 * 40 + 10 * 20) / 90) * 1_000));
  });

  it('is the average of all half-hours for everybody, and where nothing is left', async () => {
    expect(await priceOf({ segment: 'all' })).toBe(30_000);
    expect(await priceOf({ milliTouches: 0 })).toBe(36_000);
  });
});
