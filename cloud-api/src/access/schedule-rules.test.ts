import fc from 'fast-check';
import { inDailyWindow } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { isEmptyWindow, shownWindows, storedWindows } from './schedule-rules.ts';

const days = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 1 }).map((set) => set.sort((a, b) => a - b));
const minute = fc.integer({ min: 0, max: 1439 });
const entranceIds = fc.option(fc.array(fc.constantFrom('entr_1', 'entr_2'), { minLength: 1 }));
const wholeDay = fc.record({ days, fromMinute: fc.constant(0), toMinute: fc.constant(0), entranceIds });
const window = fc
  .oneof(wholeDay, fc.record({ days, fromMinute: minute, toMinute: minute, entranceIds }))
  .filter((one) => !isEmptyWindow(one));

describe('the windows of an access schedule', () => {
  it('come back as they were asked for', () => {
    fc.assert(
      fc.property(fc.array(window, { maxLength: 5 }), (windows) => {
        expect(shownWindows(storedWindows(windows))).toEqual(windows);
      }),
    );
  });

  it('from midnight to midnight hold all day long for a terminal', () => {
    const [asked] = fc.sample(wholeDay, 1);
    const stored = storedWindows(asked ? [asked] : []);
    for (let at = 0; at < 1_440; at += 1) {
      expect(stored.filter((one) => inDailyWindow(at, one.window))).toHaveLength(1);
    }
  });

  it('are empty when they end as they begin, but at midnight', () => {
    expect(isEmptyWindow({ fromMinute: 480, toMinute: 480 })).toBe(true);
    expect(isEmptyWindow({ fromMinute: 0, toMinute: 0 })).toBe(false);
  });
});
