import { describe, expect, it } from 'vitest';
import { allocate } from './allocation.ts';
import { addHalfHour } from './half-hours.ts';
import { noCaps, type Demand, type Inventory } from './instance.ts';
import { quoteSegment } from './segment-lines.ts';

/** One place with four half-hours of a hundred touches, of whom nobody knows the segment. */
const inventory: Inventory = {
  halfHours: 4,
  segments: 1,
  communities: 1,
  placeCommunity: Int32Array.of(0),
  supplyMilliTouches: new Int32Array(4).fill(100_000),
  offlinePpm: Int32Array.of(0),
  localDays: [new Int32Array(4)],
  communityZone: Int32Array.of(0),
};

const wants = (id: string, touches: number, ...halfHours: number[]): Demand => {
  const schedule = new Uint32Array(1);
  for (const halfHour of halfHours) addHalfHour(schedule, halfHour);
  const where = { places: Int32Array.of(0), scheduleOf: Int32Array.of(0), schedules: [schedule] };
  return { id, milliTouches: touches * 1_000, weight: 1, ...where, segments: 1, caps: noCaps };
};

/** Families: many at seven, about as many at half past, few later, none at night. */
const families = (_place: number, halfHour: number) => [500_000, 490_000, 200_000, 0][halfHour] ?? 0;

describe('touches of a segment that is only a share', () => {
  it('take as many whole touches as their share says, from where it is highest', () => {
    const quoted = quoteSegment(allocate(inventory, []), wants('toys', 49, 0, 1, 2, 3), families);
    expect(quoted).toMatchObject({ fits: true, availableMilliTouches: 49_000, takenMilliTouches: 100_000 });
    expect(quoted.lines.map(({ worthPpm }) => worthPpm)).toEqual([490_000]);
  });

  it('go on to poorer hours when the best are full, and say where they end', () => {
    const quoted = quoteSegment(allocate(inventory, []), wants('toys', 500, 0, 1, 2, 3), families);
    expect(quoted.fits).toBe(false);
    expect(quoted.lines.map(({ demand, worthPpm }) => [demand.id, demand.milliTouches, worthPpm])).toEqual([
      ['toys/13', 200_000, 490_000],
      ['toys/31', 100_000, 200_000],
    ]);
    expect(quoted.availableMilliTouches).toBe(98_000 + 20_000);
  });

  it('are never sold twice: families and everybody else cannot both have every touch', () => {
    const allocation = allocate(inventory, []);
    const others = (place: number, halfHour: number) => 1_000_000 - families(place, halfHour);
    const first = quoteSegment(allocation, wants('toys', 30, 0), families);
    allocation.addAll(first.lines.map(({ demand }) => demand));
    const second = quoteSegment(allocation, wants('coffee', 50, 0), others);
    expect([first.fits, second.fits]).toEqual([true, false]);
    expect(first.takenMilliTouches + second.takenMilliTouches).toBe(100_000);
    expect(second.availableMilliTouches).toBe(20_000);
  });

  it('hold when they are booked, and quoting changes nothing', () => {
    const allocation = allocate(inventory, [wants('all', 250, 0, 1, 2, 3)]);
    const quoted = quoteSegment(allocation, wants('toys', 60, 0, 1, 2), families);
    expect(allocation.ids()).toEqual(['all']);
    allocation.addAll(quoted.lines.map(({ demand }) => demand));
    for (const { demand } of quoted.lines) expect(allocation.deliverable(demand.id)).toBe(demand.milliTouches);
    expect(allocation.deliverable('all')).toBe(250_000);
  });

  it('are none where nobody of the segment is', () => {
    expect(quoteSegment(allocate(inventory, []), wants('toys', 1, 3), families)).toMatchObject({
      fits: false,
      availableMilliTouches: 0,
      lines: [],
    });
  });
});
