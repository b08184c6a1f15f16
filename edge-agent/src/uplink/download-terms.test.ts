import { instant, manualClock, milliseconds } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { isOpen, paceOf } from './download-terms.ts';

const zone = 'Asia/Shanghai';
const at = (hour: number, minute = 0) => instant(Date.UTC(2026, 10, 22, hour - 8, minute));

describe('how a release may be fetched', () => {
  it('no faster over all of it than so many bytes a second, and a connection that waits is seen to live', async () => {
    const clock = manualClock();
    const waits: number[] = [];
    let alive = 0;
    const pace = paceOf({ bytesPerSecondMax: 1_024 }, clock, async (ms) => {
      waits.push(ms);
      clock.advance(milliseconds(ms));
    });
    await pace?.(2_560, () => (alive += 1), new AbortController().signal);
    expect([waits, alive]).toEqual([[1_000, 1_000, 500], 3]);
    clock.advance(milliseconds(10_000));
    await pace?.(10_240, () => undefined, new AbortController().signal);
    expect(waits).toHaveLength(3);
  });

  it('as fast as it comes where nothing is said', () => {
    expect(paceOf({ bytesPerSecondMax: null }, manualClock())).toBeUndefined();
  });

  it.each([
    [at(2), { fromMinute: 60, toMinute: 300 }, true],
    [at(5), { fromMinute: 60, toMinute: 300 }, false],
    [at(23, 30), { fromMinute: 1_380, toMinute: 120 }, true],
    [at(12), { fromMinute: 1_380, toMinute: 120 }, false],
    [at(12), null, true],
  ])('in its window of local time: %d in %j is %s', (now, window, open) => {
    expect(isOpen(window, now, zone)).toBe(open);
  });

  it('at any time by a terminal that was not told what its local time is', () => {
    expect(isOpen({ fromMinute: 60, toMinute: 300 }, at(12), undefined)).toBe(true);
  });
});
