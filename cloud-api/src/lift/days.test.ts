import { instant, zonedInstant } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { drawnDays, type RunningItem } from './days.ts';

const zone = 'Asia/Shanghai';
const day = (date: string) => zonedInstant(date, 0, zone);
const item = (change: Partial<RunningItem> = {}): RunningItem => ({
  communityIds: ['com_a', 'com_b'],
  holdoutPpm: 200_000,
  from: day('2026-11-02'),
  to: day('2026-11-30'),
  dayparts: [],
  ...change,
});
const drawn = (items: readonly RunningItem[], now = day('2027-01-01'), key = 'key') =>
  drawnDays(items, () => zone, key, now);

it('each day of each community stands once, with what was drawn for it, however often it was bought', () => {
  const once = drawn([item()]);
  expect(once).toHaveLength(56);
  expect(drawn([item(), item()])).toEqual(once);
  expect(once.filter(({ isHeldOut }) => isHeldOut).length).toBeGreaterThan(4);
  expect(drawn([item()], undefined, 'another')).not.toEqual(once);
  expect(once[0]).toMatchObject({ communityId: 'com_a', day: '2026-11-02', weekday: 1 });
});

it('a greater holdout holds the same days out, and more', () => {
  const names = (ppm: number) =>
    drawn([item({ holdoutPpm: ppm })]).flatMap((one) => (one.isHeldOut ? [`${one.communityId} ${one.day}`] : []));
  expect(names(400_000)).toEqual(expect.arrayContaining(names(200_000)));
  expect(names(400_000).length).toBeGreaterThan(names(200_000).length);
});

it('today and what is to come are not told, nor days on which no window of the line item lies', () => {
  expect(drawn([item()], instant(day('2026-11-04') + 1))).toHaveLength(4);
  const weekends = item({ dayparts: [{ weekdays: [6, 7], fromMinute: 480, toMinute: 600 }] });
  expect(new Set(drawn([weekends]).map((one) => one.weekday))).toEqual(new Set([0, 6]));
  expect(drawn([item({ holdoutPpm: 0 })])).toEqual([]);
});
