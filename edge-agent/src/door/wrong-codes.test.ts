import { describe, expect, it } from 'vitest';
import { WrongCodes } from './wrong-codes.ts';

const minute = 60_000;
const unit = 'unit 1203';
const gate = 'reader entr_gate entry';
const wrongTimes = (codes: WrongCodes, times: number, at: number, lane = unit) =>
  Array.from({ length: times }).flatMap(() => codes.tried({ reader: gate, isGuess: true, wrongIn: lane }, at));
/** What a run at `at` keeps is what the next one, whose clock begins at `now`, starts with. */
const restarted = (codes: WrongCodes, at: number, now: number) => {
  const next = new WrongCodes();
  next.restore(codes.text(at), now);
  return next;
};

describe('wrong codes', () => {
  it('lock only their own lane', () => {
    const codes = new WrongCodes();
    expect(wrongTimes(codes, 5, 0)).toEqual(['wrong-codes']);
    expect([unit, 'unit 12', gate].map((lane) => codes.isLocked(lane, 0))).toEqual([true, false, false]);
    wrongTimes(codes, 5, 0, gate);
    expect([gate, 'reader entr_gate exit'].map((lane) => codes.isLocked(lane, 0))).toEqual([true, false]);
  });

  it('that try unit after unit lock none and slow the reader down', () => {
    const codes = new WrongCodes();
    const alarms = Array.from({ length: 30 }, (_, n) => wrongTimes(codes, 1, n * 1_000, `unit ${n}`)).flat();
    expect(alarms).toEqual(['code-storm']);
    expect(codes.isSlowed(gate, 30_000)).toBe(true);
    expect(codes.isSlowed('reader entr_gate exit', 30_000)).toBe(false);
  });

  it('are not forgotten by a power cycle, however often', () => {
    let codes = new WrongCodes();
    wrongTimes(codes, 6, 100 * minute);
    codes = restarted(codes, 100 * minute + 30_000, 0);
    expect(codes.isLocked(unit, 89_999)).toBe(true);
    expect(codes.isLocked(unit, 90_000)).toBe(false);
    // The seventh costs what a seventh costs.
    codes = restarted(codes, 95_000, 5);
    wrongTimes(codes, 1, 5);
    expect(codes.isLocked(unit, 4 * minute)).toBe(true);
    for (let n = 0; n < 23; n += 1) {
      codes = restarted(codes, 10, 3);
      wrongTimes(codes, 1, 3, `unit ${n}`);
    }
    expect(codes.isSlowed(gate, 4)).toBe(true);
  });

  it('are forgiven after an hour, and with the right code', () => {
    const codes = new WrongCodes();
    wrongTimes(codes, 4, 0);
    expect(codes.right(unit)).toBe(true);
    expect(codes.right(unit)).toBe(false);
    wrongTimes(codes, 4, 0);
    expect(JSON.parse(codes.text(minute))).toMatchObject({ lanes: [{ lane: unit, wrong: 4 }] });
    expect(JSON.parse(codes.text(61 * minute))).toMatchObject({ lanes: [] });
  });

  it.each([
    '',
    'no json',
    '{"lanes":[{"lane":1}]}',
    '{"lanes":[{"lane":"a","wrong":1,"leftMs":1e12,"agoMs":0}],"storms":[]}',
  ])('that cannot be read keep no door from working: %s', (text) => {
    const codes = new WrongCodes();
    codes.restore(text, 0);
    expect(JSON.parse(codes.text(0))).toEqual({ lanes: [], storms: [] });
  });
});
