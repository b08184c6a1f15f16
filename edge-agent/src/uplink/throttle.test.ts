import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Throttle } from './throttle.ts';

describe('what may be told once a second', () => {
  let told: number;
  let throttle: Throttle;

  beforeEach(() => {
    vi.useFakeTimers();
    told = 0;
    throttle = new Throttle(() => {
      told += 1;
    }, 1_000);
  });
  afterEach(() => vi.useRealTimers());

  it('is told at once, and the rest of a burst once at its end', () => {
    for (let n = 0; n < 5; n += 1) throttle.call();
    expect(told).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(told).toBe(2);
    vi.advanceTimersByTime(5_000);
    expect(told).toBe(2);
    throttle.call();
    expect(told).toBe(3);
  });

  it('is not told after the end', () => {
    throttle.call();
    throttle.call();
    throttle.stop();
    vi.advanceTimersByTime(5_000);
    expect(told).toBe(1);
  });
});
