import { expect, it } from 'vitest';
import { choiceOf, emptyChoice, restOf, wantedOf, type Choice } from './choice.ts';
import { cellOf } from './windows.ts';

const base: Choice = { ...emptyChoice('comm_1', '2026-11-24'), cells: new Set([cellOf(1, 16)]) };

it('asks for touches of a segment at the doors that were chosen', () => {
  expect(wantedOf({ ...base, segment: 'night', placements: ['lift'], holdoutPercent: 10 }, 'camp_1')).toEqual({
    communityIds: ['comm_1'],
    dayparts: [{ weekdays: [1], fromMinute: 480, toMinute: 510 }],
    firstDay: '2026-11-24',
    lastDay: '2026-11-30',
    product: 'touches',
    touches: 500,
    segment: 'night',
    placements: ['lift'],
    holdoutPpm: 100_000,
    campaignId: 'camp_1',
  });
});

it('asks for no more than so many touches a day where somebody said so, and of touches alone', () => {
  expect(wantedOf(base, undefined)).not.toHaveProperty('dayCapTouches');
  expect(wantedOf({ ...base, dayCap: 40 }, undefined)).toMatchObject({ touches: 500, dayCapTouches: 40 });
  expect(wantedOf({ ...base, dayCap: 40, product: 'ten-people' }, undefined)).not.toHaveProperty('dayCapTouches');
});

it('asks for a share of the screen without a number of touches', () => {
  const wanted = wantedOf({ ...base, product: 'share' }, undefined);
  expect(wanted).toMatchObject({ product: 'share', sharePpm: 200_000 });
  expect(wanted).not.toHaveProperty('touches');
});

it('asks for single people at gates and of everybody, whatever was chosen for touches before', () => {
  expect(
    wantedOf(
      { ...base, product: 'ten-people', people: 12, segment: 'families', placements: ['lift'], holdoutPercent: 20 },
      undefined,
    ),
  ).toMatchObject({ product: 'ten-people', people: 12, segment: 'all', placements: ['gate'], holdoutPpm: 0 });
});

it.each([
  ['no community', { communityIds: [] }],
  ['no half-hour', { cells: new Set<number>() }],
  ['no touches', { touches: 0 }],
  ['half a touch', { touches: 1.5 }],
  ['a cap of no touches a day', { dayCap: 0 }],
  ['a cap that is no number', { dayCap: Number.NaN }],
  ['an empty field', { touches: Number.NaN }],
  ['fewer than ten people', { product: 'ten-people', people: 9 }],
  ['more than the whole screen', { product: 'share', sharePercent: 101 }],
  ['days that end before they begin', { lastDay: '2026-11-23' }],
] as const)('asks nothing for %s', (_what, part) => {
  expect(wantedOf({ ...base, ...part }, undefined)).toBeNull();
});

const zone = 'Asia/Shanghai';
const at = (local: string): number => Date.parse(`${local}+08:00`);
const bought = {
  communityIds: ['comm_1', 'comm_2'],
  at: at('2026-11-24T00:00:00'),
  toAt: at('2026-12-01T00:00:00'),
  dayparts: [{ weekdays: [1, 2], fromMinute: 480, toMinute: 540 }],
  placements: ['lift' as const],
  segment: 'families' as const,
  product: 'touches' as const,
  touches: 120,
  sharePpm: null,
  people: null,
  holdoutPpm: 100_000,
  dayCapTouches: 40,
};

it('chooses again what was booked, from today on where its first days are over', () => {
  const again = choiceOf(bought, zone, '2026-11-26');
  expect(again).toEqual({
    communityIds: ['comm_1', 'comm_2'],
    cells: new Set([cellOf(1, 16), cellOf(1, 17), cellOf(2, 16), cellOf(2, 17)]),
    firstDay: '2026-11-26',
    lastDay: '2026-11-30',
    product: 'touches',
    touches: 120,
    dayCap: 40,
    segment: 'families',
    placements: ['lift'],
    holdoutPercent: 10,
  });
  expect(choiceOf(bought, zone, '2026-11-20')).toMatchObject({ firstDay: '2026-11-24' });
  expect(choiceOf(bought, zone, '2026-12-05')).toMatchObject({ firstDay: '2026-12-05', lastDay: '2026-12-05' });
});

it('chooses one half-hour of one community again as that half-hour of its day', () => {
  const [from, to] = [at('2026-11-29T18:30:00'), at('2026-11-29T19:00:00')];
  const only = { ...bought, communityIds: ['comm_1'], at: from, toAt: to, dayparts: [], placements: [] };
  expect(choiceOf(only, zone, '2026-11-23')).toMatchObject({
    cells: new Set([cellOf(7, 37)]),
    firstDay: '2026-11-29',
    lastDay: '2026-11-29',
  });
});

it('chooses people and shares again as many as there were', () => {
  const people = choiceOf({ ...bought, product: 'ten-people', people: 12, touches: 12 }, zone, '2026-11-24');
  expect(people).toMatchObject({ product: 'ten-people', people: 12 });
  expect(people).not.toHaveProperty('touches');
  const share = choiceOf({ ...bought, product: 'share', sharePpm: 300_000, touches: 777 }, zone, '2026-11-24');
  expect(share).toMatchObject({ product: 'share', sharePercent: 30 });
});

it.each([
  ['touches', 40, 100, { touches: 40 }],
  ['touches', 0, 100, null],
  ['touches', 100, 100, null],
  ['ten-people', 12, 20, { people: 12 }],
  ['ten-people', 9, 20, null],
  ['share', 40, 100, { sharePercent: 12 }],
  ['share', 3, 100, null],
] as const)('of %s, %i of %i are left to take', (product, availableTouches, requestedTouches, rest) => {
  expect(restOf({ product, sharePercent: 30 }, { availableTouches, requestedTouches })).toEqual(rest);
});
