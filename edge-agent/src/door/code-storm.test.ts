import { describe, expect, it } from 'vitest';
import {
  afterCode,
  calm,
  isSlowed,
  isStorm,
  stormCodes,
  stormPaceMs,
  stormWithinMs,
  type Storm,
} from './code-storm.ts';

/** Wrong codes one after another, `everyMs` apart. */
function wrong(times: number, everyMs: number, from: Storm = calm, at = 0) {
  let storm = from;
  let told = 0;
  for (let n = 0; n < times; n += 1) {
    const next = afterCode(storm, true, at + n * everyMs);
    storm = next.storm;
    told += next.tell ? 1 : 0;
  }
  return { storm, told, lastAt: at + (times - 1) * everyMs };
}

describe('a storm of codes at one reader', () => {
  it('begins with the thirtieth wrong code within an hour, and is told once', () => {
    expect(wrong(stormCodes - 1, 1_000)).toMatchObject({ told: 0 });
    const { storm, told, lastAt } = wrong(stormCodes, 1_000);
    expect([isStorm(storm, lastAt), told]).toEqual([true, 1]);
    expect(wrong(100, stormPaceMs, storm, lastAt + stormPaceMs).told).toBe(0);
  });

  it('is told again when it has gone on for an hour', () => {
    expect(wrong(stormWithinMs / stormPaceMs + stormCodes, stormPaceMs).told).toBe(2);
  });

  it('is none of right codes, however many people come home', () => {
    let storm = calm;
    for (let at = 0; at < stormWithinMs; at += 2_000) ({ storm } = afterCode(storm, false, at));
    expect(isStorm(storm, stormWithinMs)).toBe(false);
    expect(isSlowed(storm, stormWithinMs)).toBe(false);
  });

  it('makes the next code wait ten seconds, right or wrong, and is over when an hour has fewer', () => {
    const { storm, lastAt } = wrong(stormCodes, 60_000);
    expect(isSlowed(storm, lastAt + stormPaceMs - 1)).toBe(true);
    expect(isSlowed(storm, lastAt + stormPaceMs)).toBe(false);
    const right = afterCode(storm, false, lastAt + stormPaceMs).storm;
    expect(isSlowed(right, lastAt + stormPaceMs + 1)).toBe(true);
    expect(isStorm(right, stormWithinMs - 1)).toBe(true);
    expect(isStorm(right, stormWithinMs)).toBe(false);
    expect(isSlowed(right, stormWithinMs)).toBe(false);
  });
});
