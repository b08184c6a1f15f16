import { describe, expect, it } from 'vitest';
import { afterWrong, freeLane, isLocked, type Lane } from './lockout.ts';

const minute = 60_000;
const wrongTimes = (times: number, at: number) =>
  Array.from({ length: times }).reduce<Lane>((lane) => afterWrong(lane, at), freeLane);

describe('guessing codes', () => {
  it('four wrong codes cost nothing, the fifth a minute', () => {
    expect(isLocked(wrongTimes(4, 1_000), 1_000)).toBe(false);
    const locked = wrongTimes(5, 1_000);
    expect(isLocked(locked, 1_000 + minute - 1)).toBe(true);
    expect(isLocked(locked, 1_000 + minute)).toBe(false);
  });

  it('each one after that costs twice as much, up to fifteen minutes', () => {
    let lane = wrongTimes(5, 0);
    for (const minutes of [2, 4, 8, 15, 15]) {
      const at = lane.lockedUntil;
      lane = afterWrong(lane, at);
      expect(lane.lockedUntil - at).toBe(minutes * minute);
    }
  });

  it('an hour without a wrong code is a new start', () => {
    const later = afterWrong(wrongTimes(5, 0), 61 * minute);
    expect(later.wrong).toBe(1);
    expect(isLocked(later, 61 * minute)).toBe(false);
  });

  it('a guesser who never rests gets about a hundred tries a day', () => {
    let lane = freeLane;
    let tries = 0;
    for (let at = 0; at < 24 * 60 * minute; at = Math.max(at + 1_000, lane.lockedUntil)) {
      lane = afterWrong(lane, at);
      tries += 1;
    }
    expect(tries).toBeLessThanOrEqual(104);
  });
});
