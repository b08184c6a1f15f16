import { expect, it } from 'vitest';
import { inGroups } from './made-passes.ts';

it('a code stands in groups that one can remember on the way to the keypad', () => {
  expect(inGroups('1234567890')).toBe('1234 567 890');
  expect(inGroups('123456789')).toBe('123 456 789');
  expect(inGroups('12345678')).toBe('1234 5678');
});
