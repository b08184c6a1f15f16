import { expect, it, vi } from 'vitest';
import { keyAction } from './review-keys.ts';

it('a reviewer’s keys tick the list, play, decide and go on; others are left alone', () => {
  const keys = { tick: vi.fn(), play: vi.fn(), approve: vi.fn(), reject: vi.fn(), skip: vi.fn() };
  for (const key of ['3', ' ', 'a', 'R', 'n']) keyAction(key, keys)?.();
  expect(keys.tick).toHaveBeenCalledExactlyOnceWith(2);
  for (const key of ['play', 'approve', 'reject', 'skip'] as const) expect(keys[key]).toHaveBeenCalledOnce();
  expect(['0', 'Tab', 'Enter', 'F5', 'x'].map((key) => keyAction(key, keys))).toEqual(Array(5).fill(undefined));
});
