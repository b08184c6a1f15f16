import { expect, test } from 'vitest';
import { boundedKeepaliveSeconds } from './guarded-connection.ts';
import { defaultLimits } from './limits.ts';

test.each([
  [undefined, 120],
  [0, 120],
  [1, 30],
  [30, 30],
  [60, 60],
  [65_535, 120],
])('a keepalive of %s s is held to %i s', (asked, held) => {
  expect(boundedKeepaliveSeconds(asked, defaultLimits.keepaliveSeconds)).toBe(held);
});
