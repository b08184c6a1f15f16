import { expect, it } from 'vitest';
import { emptyChoice, wantedOf, type Choice } from './choice.ts';
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

it('asks for a share of the screen without a number of touches', () => {
  const wanted = wantedOf({ ...base, product: 'share' }, undefined);
  expect(wanted).toMatchObject({ product: 'share', sharePpm: 200_000 });
  expect(wanted).not.toHaveProperty('touches');
});

it('asks for single people at gates and of everybody, whatever was chosen for touches before', () => {
  expect(
    wantedOf({ ...base, product: 'ten-people', people: 12, segment: 'families', placements: ['lift'] }, undefined),
  ).toMatchObject({ product: 'ten-people', people: 12, segment: 'all', placements: ['gate'] });
});

it.each([
  ['no community', { communityIds: [] }],
  ['no half-hour', { cells: new Set<number>() }],
  ['no touches', { touches: 0 }],
  ['half a touch', { touches: 1.5 }],
  ['an empty field', { touches: Number.NaN }],
  ['fewer than ten people', { product: 'ten-people', people: 9 }],
  ['more than the whole screen', { product: 'share', sharePercent: 101 }],
  ['days that end before they begin', { lastDay: '2026-11-23' }],
] as const)('asks nothing for %s', (_what, part) => {
  expect(wantedOf({ ...base, ...part }, undefined)).toBeNull();
});
