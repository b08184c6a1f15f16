import fc from 'fast-check';
import { after, days, hours, instant, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { passHours, passWindowMs } from '@gatecast/firmware-protocol/pass';
import { describe, expect, it } from 'vitest';
import {
  codeWindow,
  digitsFor,
  indicesFor,
  isWindow,
  maySign,
  ownWindow,
  passState,
  type PassLife,
  type PassTerms,
} from './pass-rules.ts';

/** 08:00 UTC of some day. */
const now = instant(Date.UTC(2026, 10, 23, 8));

const terms = (change: Partial<PassTerms>): PassTerms => ({
  person: 'visitor',
  label: 'Plumber',
  entranceIds: null,
  from: now,
  to: after(now, hours(2)),
  uses: null,
  scheduleId: null,
  openMs: null,
  firstUseBy: null,
  lastsMs: null,
  ...change,
});

describe('a typed code that works offline', () => {
  it('stands for whole hours of one of the lengths that such codes have', () => {
    for (const [durationClass, length] of passHours.entries()) {
      const startHour = now / hours(1);
      expect(codeWindow(terms({ to: after(now, hours(length)) }))).toEqual({ startHour, durationClass });
    }
    expect(codeWindow(terms({ to: after(now, hours(3)) }))).toBeUndefined();
    expect(codeWindow(terms({ to: null }))).toBeUndefined();
  });

  it('begins with the hour, and may end up to an hour early if at least half of the time is left', () => {
    const tenPast = after(now, minutes(10));
    const startHour = now / hours(1);
    expect(codeWindow(terms({ from: tenPast, to: after(now, hours(2)) }))).toEqual({ startHour, durationClass: 1 });
    expect(codeWindow(terms({ from: tenPast, to: after(tenPast, hours(2)) }))).toEqual({ startHour, durationClass: 1 });
    const tenTo = after(now, minutes(50));
    expect(codeWindow(terms({ from: tenTo, to: after(tenTo, hours(1)) }))).toBeUndefined();
  });

  it('is for visitors and couriers at any door, any number of times or once, and for nothing that it cannot say', () => {
    expect(codeWindow(terms({ person: 'courier', uses: 1 }))).toBeDefined();
    const others: Partial<PassTerms>[] = [
      { person: 'staff' },
      { entranceIds: ['entr_1'] },
      { uses: 2 },
      { scheduleId: 'sche_1' },
      { openMs: 9_000 },
      { firstUseBy: now },
      { lastsMs: hours(1) },
    ];
    for (const other of others) expect(codeWindow(terms(other))).toBeUndefined();
  });

  it('never reaches beyond the hour before the pass, nor past its end', () => {
    const start = fc.integer({ min: 0, max: hours(24 * 366) }).map((ms) => instant(now + ms));
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: hours(170) }), (from, length) => {
        const to = instant(from + length);
        const window = codeWindow(terms({ from, to }));
        if (!window) return true;
        const span = passWindowMs({ ...window, index: 0 });
        return span.from > from - hours(1) && span.from <= from && span.to <= to && span.to - from >= length / 2;
      }),
    );
  });

  it('has nine digits for a day or less, else ten, and two places for each kind in a window', () => {
    expect(passHours.map((_, durationClass) => digitsFor(durationClass))).toEqual([9, 9, 9, 9, 9, 9, 10, 10, 10]);
    expect([...indicesFor(null), ...indicesFor(1)]).toEqual([0, 1, 2, 3]);
  });
});

describe('a resident’s invitation', () => {
  it('lasts whole hours from the hour in which it begins', () => {
    expect(ownWindow(after(now, minutes(20)), 2)).toEqual({ from: now, to: after(now, hours(2)) });
  });

  it('is the next longer one where the hour is almost over', () => {
    expect(ownWindow(after(now, minutes(50)), 1)).toEqual({ from: now, to: after(now, hours(2)) });
    expect(ownWindow(after(now, minutes(30)), 1)).toEqual({ from: now, to: after(now, hours(1)) });
  });

  it('always leaves half of what was asked for, and can have a code that works offline', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: hours(48) }), fc.constantFrom(...passHours), (ms, asked) => {
        const begin = instant(now + ms);
        const { from, to } = ownWindow(begin, asked);
        return to - begin >= hours(asked) / 2 && codeWindow(terms({ from, to })) !== undefined;
      }),
    );
  });
});

describe('a pass', () => {
  const life: PassLife = {
    from: now,
    to: after(now, days(1)),
    revokedAt: null,
    uses: null,
    usedCount: 0,
    firstUsedAt: null,
    firstUseBy: null,
    lastsMs: null,
  };
  const at = (ms: number): InstantMs => instant(now + ms);

  it('is good from its first moment until just before its last', () => {
    expect(passState(life, at(-1))).toBe('scheduled');
    expect(passState(life, now)).toBe('active');
    expect(passState(life, at(days(1)))).toBe('expired');
    expect(passState({ ...life, to: null }, at(days(9_999)))).toBe('active');
    expect(passState({ ...life, revokedAt: now }, now)).toBe('revoked');
  });

  it('is used up when the doors have told of as many openings as it has', () => {
    expect(passState({ ...life, uses: 2, usedCount: 1 }, now)).toBe('active');
    expect(passState({ ...life, uses: 2, usedCount: 2 }, now)).toBe('used-up');
    expect(passState({ ...life, uses: null, usedCount: 2 }, now)).toBe('active');
  });

  it('is over when it was not used in time, or when its time after the first use has gone by', () => {
    const strict = { ...life, firstUseBy: at(hours(2)), lastsMs: hours(3) };
    expect(passState(strict, at(hours(2) - 1))).toBe('active');
    expect(passState(strict, at(hours(2)))).toBe('expired');
    expect(passState({ ...strict, firstUsedAt: at(hours(1)) }, at(hours(3)))).toBe('active');
    expect(passState({ ...strict, firstUsedAt: at(hours(1)) }, at(hours(4)))).toBe('expired');
  });

  it('ends after it begins, in the future, and lasts a year at most unless it has no end', () => {
    expect(isWindow({ from: now, to: after(now, hours(1)) }, now)).toBe(true);
    expect(isWindow({ from: now, to: null }, now)).toBe(true);
    expect(isWindow({ from: now, to: now }, now)).toBe(false);
    expect(isWindow({ from: at(-2), to: at(-1) }, now)).toBe(false);
    expect(isWindow({ from: now, to: after(now, days(367)) }, now)).toBe(false);
    expect(isWindow({ from: after(now, days(367)), to: null }, now)).toBe(false);
  });

  it('has a QR that opens without a list only if the QR says all that there is to it', () => {
    expect(maySign(terms({}))).toBe(true);
    expect(maySign(terms({ person: 'staff', entranceIds: ['entr_1'], uses: 5 }))).toBe(true);
    for (const other of [{ to: null }, { scheduleId: 'sche_1' }, { firstUseBy: now }, { lastsMs: hours(1) }])
      expect(maySign(terms(other))).toBe(false);
  });
});
