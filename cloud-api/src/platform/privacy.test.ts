import { expect, it } from 'vitest';
import type { Reads } from './db/store.ts';
import { createPrivacy } from './privacy.ts';

// Nothing is read: the counts are given.
const q = {} as Reads;

it('a pool is told in tens, of communities that have ten, and of fewer nothing', async () => {
  const privacy = createPrivacy();
  const people = new Map([
    ['small', 9],
    ['ten', 10],
    ['big', 47],
  ]);
  privacy.seatOptedIn((_q, ids) => Promise.resolve(new Map([...people].filter(([id]) => ids.includes(id)))));
  expect(await privacy.poolAtLeast(q, ['small'])).toBeNull();
  expect(await privacy.poolAtLeast(q, ['nobody'])).toBeNull();
  expect(await privacy.poolAtLeast(q, ['ten', 'small'])).toBe(10);
  // Whoever asks with and without a small one learns nothing of it.
  expect(await privacy.poolAtLeast(q, ['ten', 'big'])).toBe(50);
  expect(await privacy.poolAtLeast(q, ['ten', 'big', 'small'])).toBe(50);
});
