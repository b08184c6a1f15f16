import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideGoal } from './people-goals.ts';

const reachers = fc
  .array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 12 })
  .map((known) => known.map((n, index) => ({ id: `t${index}`, known: n })));
const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0);

describe('people that a line item has left', () => {
  it('are all given out, once each, and nobody loses whom they have reached', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), reachers, fc.integer({ min: 0, max: 400 }), (people, all, day) => {
        const goals = divideGoal(people, all, day);
        const known = sum(all.map((one) => one.known));
        expect(sum(goals.values())).toBe(Math.max(people, known));
        for (const one of all) expect(goals.get(one.id)).toBeGreaterThanOrEqual(one.known);
      }),
    );
  });

  it('come to each in turn where there are fewer than screens', () => {
    const two = [
      { id: 'a', known: 0 },
      { id: 'b', known: 9 },
    ];
    expect([1, 2].map((day) => divideGoal(10, two, day).get('a'))).toEqual([0, 1]);
  });

  it('are exceeded only by what was taken from those who were away', () => {
    // Screens that reach somebody now and then; each hears of a new plan, or does not.
    const steps = fc.array(
      fc.record({ at: fc.nat(), hears: fc.boolean(), reports: fc.boolean(), people: fc.integer({ min: 0, max: 4 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 40 }), fc.integer({ min: 1, max: 6 }), steps, (people, count, walk) => {
        const screens = Array.from({ length: count }, (_, n) => ({ id: `t${n}`, reached: 0, known: 0, upTo: 0 }));
        const plan = () => divideGoal(people, screens, 1);
        for (const screen of screens) screen.upTo = plan().get(screen.id) ?? 0;
        let taken = 0;
        for (const { at, hears, reports, people: met } of walk) {
          const screen = screens[at % count];
          if (!screen) continue;
          screen.reached = Math.max(screen.reached, Math.min(screen.upTo, screen.reached + met));
          if (reports) screen.known = screen.reached;
          const next = plan();
          for (const one of screens) {
            const goal = next.get(one.id) ?? 0;
            if (goal < one.upTo && (one !== screen || !hears)) taken += one.upTo - goal;
            if (one === screen && hears) one.upTo = goal;
            else if (goal > one.upTo) one.upTo = goal;
          }
        }
        expect(sum(screens.map((one) => one.reached))).toBeLessThanOrEqual(people + taken);
        const asHeard = divideGoal(
          people,
          screens.map((one) => ({ ...one, known: one.reached })),
          1,
        );
        if (taken === 0) expect(sum(asHeard.values())).toBeLessThanOrEqual(people);
      }),
    );
  });
});
