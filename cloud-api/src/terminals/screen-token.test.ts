import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { claimedNumber, isScreenToken, screenToken } from './screen-token.ts';

const key = randomBytes(32);

it('names a screen, and only with its own key', () => {
  const token = screenToken(4_007, key);
  expect(token).toMatch(/^[\w-]{19}$/);
  expect(claimedNumber(token)).toBe(4_007);
  expect(isScreenToken(token, 4_007, key)).toBe(true);
  expect(isScreenToken(token, 4_007, randomBytes(32))).toBe(false);
  expect(isScreenToken(screenToken(4_008, key), 4_007, key)).toBe(false);
});

it.each(['', 'x', '~'.repeat(19), 'A'.repeat(18), 'A'.repeat(200), '../etc/passwd'])('is not %s', (text) => {
  expect(claimedNumber(text)).toBeUndefined();
});
