import { expect, it } from 'vitest';
import { countOf, isTroubled, shownStates, totalOf } from './fleet-counts.ts';

const well = { online: 7, offline: 0, unclaimed: 0, doorFault: 0, withIssues: 0, revoked: 0 };

it('what there is none of is not shown, but for what everybody looks for', () => {
  expect(shownStates(well)).toEqual(['online', 'offline', 'issue']);
  expect(shownStates({ ...well, revoked: 1, doorFault: 2 })).toContain('door-fault');
  expect(countOf({ ...well, withIssues: 3 }, 'issue')).toBe(3);
});

it('a place with anything wrong stands out', () => {
  expect(isTroubled(well)).toBe(false);
  expect(isTroubled({ ...well, doorFault: 1 })).toBe(true);
  expect(totalOf({ ...well, unclaimed: 2, revoked: 9 })).toBe(9);
});
