import { instant } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { localDay, localDays } from './local-day.ts';

it('has as many half-hours as the clock on the wall goes through', () => {
  expect(localDay('2026-11-24', 'Asia/Shanghai').halfHours).toHaveLength(48);
  expect(localDay('2026-03-29', 'Europe/Berlin').halfHours).toHaveLength(46);
  expect(localDay('2026-10-25', 'Europe/Berlin').halfHours).toHaveLength(50);
  expect(localDay('2028-02-29', 'Asia/Shanghai').halfHours).toHaveLength(48);
});

it('shows the hour that comes twice twice, and the one that is skipped never', () => {
  const shown = (date: string) => localDay(date, 'Europe/Berlin').halfHours.map(({ halfHour }) => halfHour);
  expect(shown('2026-10-25').filter((one) => one === 4)).toHaveLength(2);
  expect(shown('2026-03-29')).not.toContain(4);
});

it('finds the days that hold any of a span, one after the other without a gap', () => {
  const { from, to } = localDay('2026-10-25', 'Europe/Berlin');
  expect(localDays({ from: instant(from - 1), to }, 'Europe/Berlin').map(({ date }) => date)).toEqual([
    '2026-10-24',
    '2026-10-25',
  ]);
  const [before, day] = localDays({ from: instant(from - 1), to }, 'Europe/Berlin');
  expect(before?.to).toBe(day?.from);
});
