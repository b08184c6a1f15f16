import { expect, it } from 'vitest';
import { stateOf } from './rules.ts';

it.each([
  [{ documentVersion: 3, applied: null, failed: null }, 'pending'],
  [{ documentVersion: 3, applied: 2, failed: null }, 'pending'],
  [{ documentVersion: 3, applied: 2, failed: 2 }, 'pending'],
  [{ documentVersion: 3, applied: 2, failed: 3 }, 'failed'],
  [{ documentVersion: 3, applied: 3, failed: 2 }, 'applied'],
] as const)('a terminal that says %j is %s', (progress, state) => {
  expect(stateOf(progress)).toBe(state);
});
