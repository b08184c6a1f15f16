import { halfHourMs, instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { halfHoursOf, plays, spanOfDays, type Daypart } from './line-item.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const iso = (ats: readonly number[]) => ats.map((at) => new Date(at).toISOString().slice(0, 16));
const inDays = (first: string, last: string, zone: string, dayparts: readonly Daypart[]) =>
  halfHoursOf({ ...spanOfDays(first, last, zone), dayparts }, zone);

describe('the half-hours of a line item', () => {
  it('are all of them where no daypart was chosen', () => {
    expect(inDays('2026-11-23', '2026-11-23', 'Asia/Shanghai', [])).toHaveLength(48);
  });

  it('are those of its windows on its days', () => {
    const mornings = { weekdays: [1, 2, 3, 4, 5], fromMinute: 420, toMinute: 540 };
    const week = inDays('2026-11-23', '2026-11-29', 'Asia/Shanghai', [mornings]);
    expect(week).toHaveLength(20);
    expect(iso(week.slice(0, 2))).toEqual(['2026-11-22T23:00', '2026-11-22T23:30']);
  });

  it('run over midnight into a day that was not chosen, and not out of the span', () => {
    const saturdayNight = { weekdays: [6], fromMinute: 23 * 60, toMinute: 60 };
    expect(iso(inDays('2026-11-28', '2026-11-29', 'Asia/Shanghai', [saturdayNight]))).toEqual([
      '2026-11-28T15:00',
      '2026-11-28T15:30',
      '2026-11-28T16:00',
      '2026-11-28T16:30',
    ]);
    expect(inDays('2026-11-28', '2026-11-28', 'Asia/Shanghai', [saturdayNight])).toHaveLength(2);
  });

  it('leave out an hour that the zone skips, and have one that it repeats twice', () => {
    const nights = { weekdays: everyDay, fromMinute: 120, toMinute: 180 };
    expect(inDays('2026-03-29', '2026-03-29', 'Europe/Berlin', [nights])).toHaveLength(0);
    expect(inDays('2026-10-25', '2026-10-25', 'Europe/Berlin', [nights])).toHaveLength(4);
    expect(inDays('2026-10-25', '2026-10-25', 'Europe/Berlin', [])).toHaveLength(50);
  });

  it('know the day that only leap years have', () => {
    expect(inDays('2028-02-28', '2028-03-01', 'Asia/Shanghai', [])).toHaveLength(3 * 48);
  });

  it('are whole ones only', () => {
    const at = instant(Date.parse('2026-11-23T00:00:00Z'));
    expect(halfHoursOf({ from: instant(at + 1), to: instant(at + 2 * halfHourMs), dayparts: [] }, 'UTC')).toEqual([
      instant(at + halfHourMs),
    ]);
  });

  it('are counted once where windows overlap', () => {
    const windows = [420, 450].map((fromMinute) => ({ weekdays: everyDay, fromMinute, toMinute: 540 }));
    expect(inDays('2026-11-23', '2026-11-23', 'Asia/Shanghai', windows)).toHaveLength(4);
  });
});

it('plays everywhere where no placement was chosen', () => {
  expect([plays({ placements: [] }, 'gate'), plays({ placements: ['lift'] }, 'gate')]).toEqual([true, false]);
});
