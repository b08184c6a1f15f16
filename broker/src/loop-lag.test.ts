import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { manualClock, milliseconds } from '@gatecast/firmware-protocol';
import { LoopLag } from './loop-lag.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a late beat is told, remembered and forgotten', () => {
  const clock = manualClock();
  const told: number[] = [];
  const lag = new LoopLag(clock, (lateMs) => told.push(lateMs));
  lag.start();
  const beat = (tookMs: number) => {
    clock.advance(milliseconds(tookMs));
    vi.advanceTimersByTime(100);
  };
  beat(100);
  beat(900);
  expect(told).toEqual([0, 800]);
  expect(lag.lagMs).toBe(800);
  for (let n = 0; n < 10; n += 1) beat(100);
  expect(lag.lagMs).toBeLessThan(1);
  lag.stop();
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveLength(12);
});
