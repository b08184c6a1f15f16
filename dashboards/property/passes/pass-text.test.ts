import { expect, it } from 'vitest';
import { spokenCode } from './pass-text.ts';

it('says a code in groups that can be kept in mind', () => {
  expect(spokenCode('12345678')).toBe('1234 5678');
  expect(spokenCode('123456789')).toBe('123 456 789');
  expect(spokenCode('1234567890')).toBe('123 456 7890');
});
