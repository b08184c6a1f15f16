import { describe, expect, it } from 'vitest';
import { ReleaseTimes } from './release-times.ts';

describe('a lock that is ordered to stay released', () => {
  it('is released for as long as the order says', () => {
    expect(new ReleaseTimes().order('gate', 3_000, 100).durationMs).toBe(3_000);
  });

  it('is not secured early by a shorter order in the middle of a longer one', () => {
    const times = new ReleaseTimes();
    times.order('gate', 30_000, 0);
    expect(times.order('gate', 3_000, 10_000).durationMs).toBe(20_000);
    expect(times.order('gate', 3_000, 29_000).durationMs).toBe(3_000);
  });

  it('stays what it was when the hardware has not taken an order', () => {
    const times = new ReleaseTimes();
    times.order('gate', 5_000, 0);
    times.order('gate', 30_000, 1_000).revoke();
    expect(times.remainingMs('gate', 1_000)).toBe(4_000);
  });

  it('need not stay released once it was secured', () => {
    const times = new ReleaseTimes();
    times.order('gate', 30_000, 0);
    times.forget('gate');
    expect(times.remainingMs('gate', 1_000)).toBe(0);
    expect(times.order('gate', 500, 1_000).durationMs).toBe(500);
  });

  it('knows each entrance by itself', () => {
    const times = new ReleaseTimes();
    times.order('gate', 30_000, 0);
    expect(times.order('lift', 500, 0).durationMs).toBe(500);
  });
});
