import { instant, minutes } from '@gatecast/firmware-protocol';
import { unbillable } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notCounted, touchesPerMinuteMax, type ReportedPlay, type ReportedTouch } from './filter.ts';
import { playOf, touchOf, trafficOf } from './play.fixture.ts';

const reasonsOf = (plays: readonly ReportedPlay[], ...touches: readonly ReportedTouch[]) => {
  const found = notCounted(plays, trafficOf(...touches));
  return plays.map(({ id }) => found.get(id));
};
const reasonOf = (over: Partial<ReportedPlay>, touch: Partial<ReportedTouch> = {}) =>
  reasonsOf([playOf(over)], touchOf('tch_1', touch))[0];

describe('a play at a touch does not count', () => {
  it('for nothing that a terminal and the cloud agree on', () => {
    expect(reasonOf({})).toBeUndefined();
    expect(reasonOf({ clockQuality: 'holdover', writtenAt: null, decision: null })).toBeUndefined();
    expect(reasonOf({ viewable: false, completed: false })).toBeUndefined();
  });

  it.each(unbillable.options)('by the terminal’s own reason: %s', (reason) => {
    expect(reasonOf({ billable: false }, { unbillable: reason })).toBe(reason);
    expect(reasonOf({ billable: true }, { unbillable: reason })).toBe(reason);
  });

  it('when nobody told of the touch, or the terminal would not sell it', () => {
    expect(reasonOf({ touch: 'tch_2' })).toBe('unknown-touch');
    expect(reasonOf({ billable: false })).toBe('unknown-touch');
  });

  it('when its decision was reported before, also from another row', () => {
    const first = playOf();
    expect(reasonsOf([first, { ...first, id: `${first.id}9` }], touchOf('tch_1'))).toEqual([undefined, 'duplicate']);
  });

  it('when the clip is none that was ever approved here', () => {
    expect(reasonOf({ clip: 'b'.repeat(64) })).toBe('unknown-clip');
  });

  it('when the clock was not to be trusted, or jumped while it played', () => {
    const { startedAt } = playOf();
    expect(reasonOf({ clockQuality: 'unknown' })).toBe('clock');
    expect(reasonOf({ clockQuality: 'turned-back' })).toBe('clock');
    expect(reasonOf({ writtenAt: instant(startedAt + minutes(3)) })).toBe('clock');
    expect(reasonOf({ writtenAt: instant(startedAt - minutes(3)) })).toBe('clock');
  });

  it('when more was shown than the touch lasted', () => {
    expect(reasonOf({ shownMs: 6_250 })).toBeUndefined();
    expect(reasonOf({ shownMs: 6_251 })).toBe('longer-than-window');
  });
});

describe('touches at an impossible rate', () => {
  const crowd = (count: number, everyMs: number, entranceId = 'entr_a') =>
    Array.from({ length: count }, (_, n) => {
      const { startedAt } = playOf();
      const touch = touchOf(`tch_${entranceId}_${n}`, { entranceId, startedAt: instant(startedAt + n * everyMs) });
      const times = { startedAt: touch.startedAt, writtenAt: instant(touch.startedAt + 8_000) };
      return { touch, play: playOf({ touch: touch.id, ...times }) };
    });
  const rejected = (...some: ReturnType<typeof crowd>) =>
    reasonsOf(
      some.map(({ play }) => play),
      ...some.map(({ touch }) => touch),
    ).filter((reason) => reason === 'impossible-rate').length;

  it('are those beyond what a door can do in a minute, the others count', () => {
    expect(rejected(...crowd(100, 1_500))).toBe(0);
    expect(rejected(...crowd(100, 10))).toBe(100 - touchesPerMinuteMax);
  });

  it('are those of one door: two are used at once', () => {
    expect(rejected(...crowd(30, 1_000), ...crowd(30, 1_000, 'entr_b'))).toBe(0);
  });

  it('never leave more in any minute', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 150 });
    fc.assert(
      fc.property(gaps, (some) => {
        let at = 1_770_000_000_000;
        const visits = some.map((gap, n) => {
          at += gap;
          const touch = touchOf(`tch_${n}`, { startedAt: instant(at) });
          return { touch, play: playOf({ touch: touch.id, startedAt: instant(at), writtenAt: instant(at + 8_000) }) };
        });
        const found = notCounted(
          visits.map(({ play }) => play),
          trafficOf(...visits.map(({ touch }) => touch)),
        );
        const counted = visits.filter(({ play }) => !found.has(play.id)).map(({ touch }) => touch.startedAt);
        for (const from of counted)
          expect(counted.filter((t) => t >= from && t < from + minutes(1)).length).toBeLessThanOrEqual(
            touchesPerMinuteMax,
          );
      }),
      { numRuns: 40 },
    );
  });
});
