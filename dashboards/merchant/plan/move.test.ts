import { expect, it } from 'vitest';
import { movedFrom, type Move } from './move.ts';

const had = {
  dayparts: [{ weekdays: [1], fromMinute: 480, toMinute: 600 }],
  placements: ['gate' as const],
  segment: 'families' as const,
};
const move: Move = { communityIds: ['comm_2'], firstDay: '2026-11-25', lastDay: '2026-11-26', keepsHours: true };

it('keeps whom it is for, at which doors and at which hours', () => {
  expect(movedFrom(had, move)).toEqual({
    communityIds: ['comm_2'],
    firstDay: '2026-11-25',
    lastDay: '2026-11-26',
    ...had,
  });
});

it('goes to any hour where that is wished', () => {
  expect(movedFrom(had, { ...move, keepsHours: false })).toMatchObject({ dayparts: [], segment: 'families' });
});

it('goes nowhere without a community, or to days that end before they begin', () => {
  expect(movedFrom(had, { ...move, communityIds: [] })).toBeNull();
  expect(movedFrom(had, { ...move, lastDay: '2026-11-24' })).toBeNull();
  expect(movedFrom(had, { ...move, firstDay: '' })).toBeNull();
});
