import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRefresher } from './refresher.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a hundred events in a second ask once at once and once more at its end', () => {
  const asked: string[] = [];
  const refresher = createRefresher<string>((endpoint) => asked.push(endpoint), 1_000);
  for (let n = 0; n < 100; n += 1) {
    refresher.stale('doors');
    vi.advanceTimersByTime(10);
  }
  refresher.stale('log');
  expect(asked).toEqual(['doors', 'doors', 'log']);
  vi.advanceTimersByTime(60_000);
  expect(asked).toEqual(['doors', 'doors', 'log']);
  refresher.stale('doors');
  expect(asked).toHaveLength(4);
});

it('a page that is gone asks nothing more', () => {
  const asked: string[] = [];
  const refresher = createRefresher<string>((endpoint) => asked.push(endpoint), 1_000);
  refresher.stale('doors');
  refresher.stale('doors');
  refresher.stop();
  vi.advanceTimersByTime(60_000);
  expect(asked).toEqual(['doors']);
});
