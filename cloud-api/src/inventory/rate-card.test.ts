import { instant, zonedInstant } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOfPrices, defaultTouchPriceFen, priceBook, type PricedCell, type RateLine } from './rate-card.ts';

const zone = 'Asia/Shanghai';
/** Monday. */
const monday = (minute: number) => zonedInstant('2026-11-23', minute, zone);
const cell = (over: Partial<PricedCell> = {}): PricedCell => ({
  communityId: 'comm_a',
  zone,
  placement: 'gate',
  at: monday(7 * 60),
  segment: 'all',
  product: 'touches',
  ...over,
});
let made = 0;
const line = (touchPriceFen: number, over: Partial<RateLine> = {}): RateLine => ({
  id: `rate_${++made}`,
  communityId: null,
  placement: null,
  segment: null,
  product: null,
  weekdays: null,
  fromMinute: null,
  toMinute: null,
  touchPriceFen,
  validFrom: instant(0),
  validTo: null,
  createdAt: instant(made),
  ...over,
});

describe('the price of a touch', () => {
  it('is the flat one where no line says anything else', () => {
    expect(priceBook([])(cell())).toBe(defaultTouchPriceFen);
    expect(priceBook([line(30, { placement: 'lift' })])(cell())).toBe(20);
  });

  it('is the community’s own before the network’s, however exact the network is', () => {
    const network = line(50, {
      placement: 'gate',
      segment: 'families',
      product: 'touches',
      fromMinute: 0,
      toMinute: 1_440,
    });
    const own = line(15, { communityId: 'comm_a' });
    const price = priceBook([network, own]);
    expect(price(cell({ segment: 'families' }))).toBe(15);
    expect(price(cell({ segment: 'families', communityId: 'comm_b' }))).toBe(50);
  });

  it('is by product, then segment, then placement, then daypart', () => {
    const evening = line(25, { fromMinute: 990, toMinute: 1_260 });
    const gate = line(24, { placement: 'gate' });
    const families = line(28, { segment: 'families' });
    const people = line(200, { product: 'ten-people' });
    const price = priceBook([evening, gate, families, people]);
    expect(price(cell({ placement: 'lift', at: monday(1_000) }))).toBe(25);
    expect(price(cell({ at: monday(1_000) }))).toBe(24);
    expect(price(cell({ at: monday(1_000), segment: 'families' }))).toBe(28);
    expect(price(cell({ at: monday(1_000), segment: 'families', product: 'ten-people' }))).toBe(200);
  });

  it('is the newer one of equals', () => {
    expect(priceBook([line(21), line(22)])(cell())).toBe(22);
  });

  it('holds for half-hours in its time, not for when it is asked', () => {
    const price = priceBook([line(40, { validFrom: monday(480), validTo: monday(540) })]);
    expect([450, 480, 510, 540].map((minute) => price(cell({ at: monday(minute) })))).toEqual([20, 40, 40, 20]);
  });

  it('over midnight belongs to the day on which it begins', () => {
    const night = line(10, { weekdays: [1], fromMinute: 1_320, toMinute: 60 });
    const price = priceBook([night]);
    const at = (day: string, minute: number) => price(cell({ at: zonedInstant(day, minute, zone) }));
    expect([at('2026-11-23', 0), at('2026-11-23', 1_320), at('2026-11-24', 30), at('2026-11-24', 60)]).toEqual([
      20, 10, 10, 20,
    ]);
  });

  it('goes by the clock on the wall, also in an hour that happens twice', () => {
    const price = priceBook([line(33, { weekdays: [7], fromMinute: 60, toMinute: 120 })]);
    const twice = [0, 30, 60, 90, 120].map((minutes) =>
      price(cell({ zone: 'America/New_York', at: instant(Date.UTC(2026, 10, 1, 5) + minutes * 60_000) })),
    );
    expect(twice).toEqual([33, 33, 33, 33, 20]);
  });

  it('of a bookings without a place comes from lines that name none', () => {
    expect(priceBook([line(30, { placement: 'gate' }), line(22)])(cell({ placement: 'any' }))).toBe(22);
  });

  it('is shown by the day, half-hours of one price together, with where it comes from', () => {
    const morning = line(25, { placement: 'gate', fromMinute: 420, toMinute: 540 });
    const own = line(15, { communityId: 'comm_a', placement: 'lift' });
    const { at: _, placement: __, ...of } = cell();
    const rows = dayOfPrices([morning, own], of, monday);
    expect(rows.map(({ fromMinute, toMinute }) => [fromMinute, toMinute])).toEqual([
      [0, 420],
      [420, 540],
      [540, 1_440],
    ]);
    expect(rows[1]?.prices).toEqual([
      { placement: 'gate', touchPriceFen: 25, lineId: morning.id, from: 'network' },
      { placement: 'unit-door', touchPriceFen: 20, lineId: null, from: 'default' },
      { placement: 'lift', touchPriceFen: 15, lineId: own.id, from: 'community' },
    ]);
  });

  it('does not depend on the order in which lines are read', () => {
    const lines = fc.array(
      fc.record({
        touchPriceFen: fc.integer({ min: 0, max: 99 }),
        communityId: fc.constantFrom(null, 'comm_a', 'comm_b'),
        placement: fc.constantFrom(null, 'gate' as const, 'lift' as const),
        segment: fc.constantFrom(null, 'all' as const, 'families' as const),
        fromMinute: fc.constantFrom(null, 420),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, (specs) => {
        const card = specs.map(({ fromMinute, ...spec }, i) =>
          line(spec.touchPriceFen, {
            ...spec,
            id: `rate_${i}`,
            createdAt: instant(1),
            fromMinute,
            toMinute: fromMinute === null ? null : 540,
          }),
        );
        expect(priceBook(card.toReversed())(cell())).toBe(priceBook(card)(cell()));
      }),
    );
  });
});
