import { describe, expect, it } from 'vitest';
import { DOOR_BUSY_MS, INTER_CHARACTER_MS, PROBE_WINDOW_MS, REPLY_WINDOW_MS } from '../frame/bus-timing.ts';
import { PollingPace } from './polling-pace.ts';

/** Times at which a question goes out to a device that does not answer. */
function questions(pace: PollingPace, fromMs: number, count: number): number[] {
  const sentMs = [fromMs];
  for (let nowMs = fromMs; sentMs.length < count;) {
    nowMs = pace.noteMiss(nowMs + pace.replyWindowMs(false), false);
    sentMs.push(nowMs);
  }
  return sentMs;
}
const gaps = (timesMs: readonly number[]) => timesMs.slice(1).map((timeMs, n) => timeMs - (timesMs[n] ?? 0));

describe('a device that has fallen silent', () => {
  it('is asked again and again while somebody waits at its door', () => {
    const pace = new PollingPace(() => 115_200);
    pace.noteSomebody(0);
    expect(questions(pace, 0, 6)).toEqual([0, 200, 400, 560, 720, 880]);
  });

  it('is never asked so soon that it takes the repeat for the rest of a damaged frame', () => {
    const pace = new PollingPace(() => 115_200);
    pace.noteSomebody(0);
    expect(Math.min(...gaps(questions(pace, 0, 40)))).toBeGreaterThan(INTER_CHARACTER_MS);
  });

  it('is left in peace when nobody waits there, and holds up the others for the short window only', () => {
    const pace = new PollingPace(() => 115_200);
    expect(questions(pace, DOOR_BUSY_MS, 4)).toEqual([5_000, 5_200, 5_600, 5_840]);
    expect([pace.replyWindowMs(false), REPLY_WINDOW_MS]).toEqual([PROBE_WINDOW_MS, 200]);
  });

  it('gets the whole window again when it was heard answering after the short one', () => {
    const pace = new PollingPace(() => 115_200);
    questions(pace, DOOR_BUSY_MS, 4);
    pace.noteAnswer(6_000, true);
    questions(pace, 6_000, 4);
    expect(pace.replyWindowMs(false)).toBe(REPLY_WINDOW_MS);
    expect(pace.replyWindowMs(true)).toBe(REPLY_WINDOW_MS);
  });
});
