import { describe, expect, it } from 'vitest';
import { isClone, successionOf } from './clone-rules.ts';

const known = { counter: 7, mark: 'M7' };
const told = (counter: number, mark: string, prev: string | null) => ({ counter, mark, prev, machine: 'here' });

describe('a sign-in after another', () => {
  it.each([
    ['the first of an epoch', undefined, told(1, 'M1', null), 'first'],
    ['of an agent that knows no sessions yet', undefined, undefined, 'first'],
    ['the next one', known, told(8, 'M8', 'M7'), 'next'],
    ['the same one, as its answer got lost', known, told(7, 'M7', 'M6'), 'again'],
    ['of a terminal whose sign-ins the cloud has forgotten', known, told(9, 'M9', 'M8'), 'ahead'],
  ] as const)('is taken: %s', (_name, before, now, succession) => {
    expect(successionOf(before, now)).toBe(succession);
    expect(isClone(successionOf(before, now))).toBe(false);
  });

  it.each([
    ['from a state that is over', told(5, 'M5', 'M4'), 'went-back'],
    ['the same count by another way: the other machine was first', told(7, 'X7', 'M6'), 'forked'],
    ['the next count after a sign-in that we never saw', told(8, 'X8', 'X7'), 'forked'],
    ['without saying where it stands', undefined, 'silent'],
  ] as const)('is a second machine: %s', (_name, now, succession) => {
    expect(successionOf(known, now)).toBe(succession);
    expect(isClone(successionOf(known, now))).toBe(true);
  });
});
