import { expect, it } from 'vitest';
import { createRenewal } from './renewal.ts';

const minute = 60_000;

function pageAt(clock: { now: number }) {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  let loads = 0;
  return {
    try: () =>
      createRenewal(
        storage,
        () => (loads += 1),
        () => clock.now,
      ).renew(),
    loads: () => loads,
  };
}

it('a page that does not get better begins anew less and less often, once an hour at last', () => {
  const clock = { now: 1_790_000_000_000 };
  const page = pageAt(clock);
  const at: number[] = [];
  for (let n = 0; n < 60 * 5; n += 1) {
    if (page.try()) at.push(n);
    clock.now += minute;
  }
  expect(at).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
  expect(page.loads()).toBe(at.length);
});

it('and one that was well for hours begins anew at once', () => {
  const clock = { now: 1_790_000_000_000 };
  const page = pageAt(clock);
  expect([page.try(), page.try()]).toEqual([true, false]);
  clock.now += 6 * 60 * minute;
  expect([page.try(), page.try()]).toEqual([true, false]);
  clock.now += minute;
  expect(page.try()).toBe(true);
});

it('a clock that was set back holds nothing up', () => {
  const clock = { now: 1_790_000_000_000 };
  const page = pageAt(clock);
  page.try();
  clock.now -= 24 * 60 * minute;
  expect(page.try()).toBe(true);
});
