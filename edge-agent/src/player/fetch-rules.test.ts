import { instant } from '@gatecast/firmware-protocol';
import { usualMediaTerms } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fetchTurn, fitting, retryPauseMs, type FetchSituation } from './fetch-rules.ts';
import { clipOf } from './player.fixture.ts';

const zone = 'Asia/Shanghai';
/** On the 22nd, local time. */
const at = (hour: number, minute = 0, day = 22) => instant(Date.UTC(2026, 10, day, hour - 8, minute));
const situation = (change: Partial<FetchSituation> = {}): FetchSituation => ({
  now: at(16),
  zone,
  terms: usualMediaTerms,
  spread: 0,
  spreadMs: 0,
  isBare: false,
  ...change,
});
const needed = (neededAt: number, namedForMs = 0) => ({ neededAt: instant(neededAt), namedForMs });
const house = needed(0);
const tomorrow = needed(at(7, 30, 23));

describe('when a clip is fetched', () => {
  it('at once and as fast as it can where the screen would be empty, or when it is needed within two hours', () => {
    expect(fetchTurn(house, situation({ isBare: true }))).toBe('at-once');
    expect(fetchTurn(needed(at(18)), situation())).toBe('at-once');
    expect(fetchTurn(needed(at(12)), situation())).toBe('at-once');
  });

  it('at once but slowly when it is one more house clip, or needed later today', () => {
    expect(fetchTurn(house, situation())).toBe('paced');
    expect(fetchTurn(needed(at(18, 30)), situation())).toBe('paced');
  });

  it.each([
    ['the morning’s peak', at(8), 0, 'later'],
    ['the window between the peaks', at(10), 0, 'paced'],
    ['the first half of the window, for who begins later', at(11), 0.5, 'later'],
    ['the second half of the window', at(12, 30), 0.99, 'paced'],
    ['the end of the window', at(15), 0, 'later'],
    ['the afternoon', at(17, 59), 0, 'later'],
    ['the evening before, at last', at(18), 0, 'paced'],
    ['the evening before, for who begins later', at(18, 30), 0.99, 'later'],
    ['the evening before, for all', at(19), 0.99, 'paced'],
    ['20:00 on the evening before', at(20), 0.99, 'paced'],
  ] as const)('for tomorrow in %s', (_when, now, spread, turn) => {
    expect(fetchTurn(tomorrow, situation({ now, spread }))).toBe(turn);
  });

  it('for another day not on the evening before the evening before', () => {
    expect(fetchTurn(needed(at(7, 30, 24)), situation({ now: at(20) }))).toBe('later');
  });

  it('by each terminal at its own moment after all were told of it at once, unless somebody waits for it', () => {
    const told = situation({ now: at(20), spread: 0.5, spreadMs: 60_000 });
    for (const neededAt of [0, at(23), at(7, 30, 23)]) {
      expect(fetchTurn(needed(neededAt, 29_999), told)).toBe('later');
      expect(fetchTurn(needed(neededAt, 30_000), told)).toBe('paced');
    }
    expect(fetchTurn(house, { ...told, isBare: true })).toBe('at-once');
  });

  it('by each terminal at its own moment before it is needed, which is now at the latest', () => {
    const told = situation({ now: at(20), spread: 0.5, spreadMs: 1_800_000 });
    const minutes = (n: number) => n * 60_000;
    // Half of the eighth of 80 minutes.
    expect(fetchTurn(needed(at(21, 28), minutes(5) - 1), told)).toBe('later');
    expect(fetchTurn(needed(at(21, 28), minutes(5)), told)).toBe('at-once');
    expect(fetchTurn(needed(at(20, 8)), told)).toBe('at-once');
    expect(fetchTurn(needed(at(19, 30)), told)).toBe('at-once');
  });

  it('slowly at any time where no window is set, or nobody has told the local time', () => {
    expect(fetchTurn(tomorrow, situation({ terms: { ...usualMediaTerms, windows: [] } }))).toBe('paced');
    expect(fetchTurn(tomorrow, situation({ zone: undefined }))).toBe('paced');
  });

  it('in a window over midnight too', () => {
    const terms = { ...usualMediaTerms, windows: [{ fromMinute: 23 * 60, toMinute: 60 }] };
    const inTwoDays = needed(at(7, 30, 24));
    const turns = [at(22, 59), at(23), at(23, 45)].map((now) => fetchTurn(inTwoDays, situation({ now, terms })));
    expect(turns).toEqual(['later', 'paced', 'paced']);
  });

  it('by 20:00 of the evening before at the latest, whatever the windows and the terminal are', () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    const windows = fc.array(fc.record({ fromMinute: minute, toMinute: minute }), { maxLength: 4 });
    fc.assert(
      fc.property(windows, fc.double({ min: 0, max: 0.999, noNaN: true }), minute, (windows, spread, neededMinute) => {
        const neededAt = instant(at(0, 0, 23) + neededMinute * 60_000);
        const terms = { ...usualMediaTerms, windows };
        return fetchTurn(needed(neededAt), situation({ now: at(20), terms, spread })) !== 'later';
      }),
    );
  });
});

describe('what is kept', () => {
  it('is what is needed first, as far as it fits', () => {
    const clips = [40, 50, 30, 10].map((bytes) => clipOf(Buffer.alloc(bytes, bytes)).clip);
    expect(fitting(clips, 100).map(({ bytes }) => bytes)).toEqual([40, 50, 10]);
  });

  it('leaves room for each clip’s still', () => {
    const poster = { sha256: 'a'.repeat(64), bytes: 20 };
    const clips = [clipOf(Buffer.alloc(40, 1), { poster }).clip, clipOf(Buffer.alloc(50, 2)).clip];
    expect(fitting(clips, 100).map(({ bytes }) => bytes)).toEqual([40]);
  });
});

describe('the pause before the next try', () => {
  const pauses = (code: string) => [1, 2, 4, 40].map((inARow) => retryPauseMs({ inARow, code }, () => 1));

  it('doubles from a second, to a minute while the line is down and to ten after an answer, scattered', () => {
    expect(pauses('unreachable')).toEqual([1_000, 2_000, 8_000, 60_000]);
    expect(pauses('not-found')).toEqual([1_000, 2_000, 8_000, 600_000]);
    expect(retryPauseMs({ inARow: 4, code: 'idle' }, () => 0)).toBe(4_000);
  });
});
