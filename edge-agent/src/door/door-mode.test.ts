import { hours, instant, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';
import type { ModeSchedule } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modeAt, nextModeChange, type KnownOverride, type ModeQuestion } from './door-mode.ts';

const zone = 'Asia/Shanghai';
/** 23 November 2026 is a Monday. */
const at = (date: string, time: string): InstantMs => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return zonedInstant(date, hour * 60 + minute, zone);
};
const monday = (time: string) => at('2026-11-23', time);
const tuesday = (time: string) => at('2026-11-24', time);
const schedule = (mode: ModeSchedule['mode'], from: number, to: number, ...weekdays: number[]): ModeSchedule => ({
  mode,
  weekdays,
  window: { fromMinute: from * 60, toMinute: to * 60 },
});
const byHand = (mode: KnownOverride['mode'], from: InstantMs, to: InstantMs, knownSince = 0): KnownOverride => ({
  mode,
  from,
  to,
  knownSince,
});
const ask = (part: Partial<ModeQuestion>) =>
  modeAt({
    schedules: [],
    override: null,
    zone,
    now: monday('10:00'),
    clock: 'synced',
    mono: 0,
    provenNow: undefined,
    ...part,
  });
const market = schedule('free-passage', 9, 18, 1, 2, 3, 4, 5);
const night = schedule('lockdown', 23, 5, 1);

describe('who may pass at a door', () => {
  it.each([
    ['08:59', 'normal'],
    ['09:00', 'free-passage'],
    ['17:59', 'free-passage'],
    ['18:00', 'normal'],
  ])('follows the schedule on Monday at %s: %s', (time, mode) => {
    expect(ask({ schedules: [market], now: monday(time) }).mode).toBe(mode);
  });

  it('does not follow a schedule of other days', () => {
    expect(ask({ schedules: [market], now: at('2026-11-22', '10:00') }).mode).toBe('normal');
  });

  it.each([
    [at('2026-11-23', '22:59'), 'normal'],
    [monday('23:00'), 'lockdown'],
    [tuesday('04:59'), 'lockdown'],
    [tuesday('05:00'), 'normal'],
    // The night into Monday began on a Sunday, that into Wednesday on a Tuesday.
    [monday('04:00'), 'normal'],
    [tuesday('23:30'), 'normal'],
  ])('counts a night to the day that it begins on (%s)', (now, mode) => {
    expect(ask({ schedules: [night], now }).mode).toBe(mode);
  });

  it('knows that the night into Monday began on Sunday', () => {
    expect(ask({ schedules: [schedule('lockdown', 23, 5, 7)], now: monday('04:00') }).mode).toBe('lockdown');
  });

  it('is lockdown where lockdown and free passage meet', () => {
    const both = [market, schedule('lockdown', 12, 13, 1)];
    expect(ask({ schedules: both, now: monday('12:30') })).toEqual({ mode: 'lockdown', by: 'schedule' });
    expect(ask({ schedules: both, now: monday('13:00') }).mode).toBe('free-passage');
  });

  it.each(['lockdown', 'free-passage', 'normal'] as const)('is what was set by hand: %s', (mode) => {
    const override = byHand(mode, monday('09:30'), monday('11:00'));
    const schedules = [market, schedule('lockdown', 10, 12, 1)];
    expect(ask({ schedules, override })).toEqual({ mode, by: 'override' });
    expect(ask({ schedules, override, now: monday('11:00') })).toEqual({ mode: 'lockdown', by: 'schedule' });
    expect(ask({ schedules, override, now: monday('09:29') })).toEqual({ mode: 'free-passage', by: 'schedule' });
  });

  it('stands free for nobody while nobody knows the time', () => {
    const free = byHand('free-passage', monday('00:00'), tuesday('00:00'));
    for (const clock of ['unknown', 'turned-back'] as const) {
      expect(ask({ schedules: [market], clock })).toEqual({ mode: 'normal', by: 'clock' });
      expect(ask({ override: free, clock })).toEqual({ mode: 'normal', by: 'clock' });
      expect(ask({ clock })).toEqual({ mode: 'normal', by: null });
    }
  });

  it('stays locked down without a clock, for the length that was set and no longer', () => {
    const override = byHand('lockdown', monday('09:00'), monday('13:00'), 5_000);
    const without = { override, clock: 'unknown', now: instant(0) } as const;
    expect(ask({ ...without, mono: 5_000 + hours(4) - 1 })).toEqual({ mode: 'lockdown', by: 'override' });
    expect(ask({ ...without, mono: 5_000 + hours(4) })).toEqual({ mode: 'normal', by: 'clock' });
  });

  it('is not locked down again by an old order when the clock was once seen beyond its end', () => {
    const override = byHand('lockdown', monday('09:00'), monday('13:00'));
    const asked = { override, clock: 'turned-back', now: monday('08:00') } as const;
    expect(ask({ ...asked, provenNow: monday('13:00') }).mode).toBe('normal');
    expect(ask({ ...asked, provenNow: monday('12:59') }).mode).toBe('lockdown');
  });

  it('is looked at again before anything can change', () => {
    const override = byHand('lockdown', monday('09:30'), instant(monday('11:00') + 1));
    const minutes = fc.integer({ min: 0, max: 3 * 1_440 }).map((n) => monday('00:00') + n * 60_000);
    const moment = fc.tuple(minutes, fc.integer({ min: 0, max: 59_999 })).map(([a, b]) => instant(a + b));
    fc.assert(
      fc.property(moment, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (now, share) => {
        const asked = { schedules: [market, night], override };
        const next = nextModeChange(asked, now);
        expect(next).toBeGreaterThan(now);
        // The part alone is rounded down: added first, the largest share would come to `next` itself.
        const between = instant(now + Math.floor((next - now) * share));
        expect(between).toBeLessThan(next);
        expect(ask({ ...asked, now: between })).toEqual(ask({ ...asked, now }));
      }),
      { examples: [[monday('08:59'), 1 - 2 ** -53]] },
    );
  });
});
