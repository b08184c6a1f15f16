import { describe, expect, it } from 'vitest';
import { instant } from './time.ts';
import { inDailyWindow, isZone, keepsHalfHours, localTime, zonedInstant } from './zone.ts';

const utc = (text: string) => instant(Date.parse(text));

describe('a wall clock in a zone', () => {
  it('reads eight hours ahead in Shanghai, on the next day near midnight', () => {
    expect(localTime(utc('2026-11-21T23:40:00Z'), 'Asia/Shanghai')).toEqual({
      date: '2026-11-22',
      weekday: 0,
      minute: 460,
    });
  });

  it('turns a reading back into its moment', () => {
    expect(zonedInstant('2026-11-22', 460, 'Asia/Shanghai')).toBe(utc('2026-11-21T23:40:00Z'));
    expect(zonedInstant('2028-02-29', 0, 'Asia/Shanghai')).toBe(utc('2028-02-28T16:00:00Z'));
  });

  it('takes the first of two readings in autumn and steps over the gap in spring', () => {
    expect(zonedInstant('2026-10-25', 150, 'Europe/Berlin')).toBe(utc('2026-10-25T00:30:00Z'));
    expect(zonedInstant('2026-03-29', 150, 'Europe/Berlin')).toBe(utc('2026-03-29T01:30:00Z'));
  });

  it('knows which names are zones', () => {
    expect(isZone('Asia/Shanghai')).toBe(true);
    expect(isZone('Asia/Nowhere')).toBe(false);
  });

  it('keeps the half-hours of UTC or is a quarter of an hour off, also if only in its summer', () => {
    const from = utc('2026-11-23T10:07:03Z');
    const kept = ['Asia/Shanghai', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns', 'Europe/Berlin'];
    expect(kept.filter((zone) => !keepsHalfHours(zone, from))).toEqual([]);
    expect(['Asia/Kathmandu', 'Pacific/Chatham'].filter((zone) => keepsHalfHours(zone, from))).toEqual([]);
    // Guyana left its quarter of an hour in the middle of 1975.
    expect(keepsHalfHours('America/Guyana', utc('1975-03-01T00:00:00Z'))).toBe(false);
    expect(keepsHalfHours('America/Guyana', utc('2026-01-01T00:00:00Z'))).toBe(true);
  });
});

describe('a daily window', () => {
  it('holds its first minute and not its last', () => {
    const day = { fromMinute: 420, toMinute: 540 };
    expect([419, 420, 539, 540].map((m) => inDailyWindow(m, day))).toEqual([false, true, true, false]);
  });

  it('may run over midnight', () => {
    const night = { fromMinute: 1200, toMinute: 480 };
    expect([1199, 1200, 0, 479, 480].map((m) => inDailyWindow(m, night))).toEqual([false, true, true, true, false]);
  });
});
