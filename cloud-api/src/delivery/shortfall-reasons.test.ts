import { expect, it } from 'vitest';
import { shortfallReasonsOf, type Standing } from './shortfall-reasons.ts';

const running: Standing = {
  isPaused: false,
  closed: [null, null],
  doors: 3,
  doorsAway: 0,
  plannedMilli: 100_000,
  deliveredMilli: 100_000,
};

it('says that others bought what is left where nothing else speaks against it', () => {
  expect(shortfallReasonsOf(running)).toEqual(['crowded']);
});

it('says fewer people came than were planned, and not for what chance leaves out', () => {
  expect(shortfallReasonsOf({ ...running, deliveredMilli: 96_900 })).toEqual(['fewer-people']);
  expect(shortfallReasonsOf({ ...running, deliveredMilli: 97_000 })).toEqual(['crowded']);
  expect(shortfallReasonsOf({ ...running, plannedMilli: 0, deliveredMilli: 0 })).toEqual(['crowded']);
});

it('does not blame people for what screens that are away have not told', () => {
  expect(shortfallReasonsOf({ ...running, doorsAway: 1, deliveredMilli: 10_000 })).toEqual(['screens-away']);
});

it('names the pause first, and then what keeps its clip or its place shut', () => {
  const closed = [null, 'permit-missing', 'blackout', 'held-out', 'permit-missing', 'not-publishing'];
  expect(shortfallReasonsOf({ ...running, isPaused: true, closed })).toEqual([
    'paused',
    'clip-stopped',
    'merchant-stopped',
    'not-for-sale',
  ]);
});

it('does not take a day that is held out on purpose for a fault', () => {
  expect(shortfallReasonsOf({ ...running, closed: ['held-out'] })).toEqual(['crowded']);
});
