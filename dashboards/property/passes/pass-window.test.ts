import { expect, it } from 'vitest';
import { mayWorkOffline, quickWindow, type OfflineWish } from './pass-window.ts';

const zone = 'Asia/Shanghai';
const at = (text: string): number => Date.parse(text);
const now = at('2026-11-22T15:40:20Z');

const wish: OfflineWish = {
  ...quickWindow('two-hours', now, zone),
  person: 'visitor',
  entranceIds: null,
  uses: null,
  scheduleId: null,
  firstUseWithinHours: null,
  lastsHours: null,
  openMs: null,
};

it('two hours are at least two, end on the hour and may run over midnight', () => {
  expect(quickWindow('two-hours', now, zone)).toEqual({
    from: at('2026-11-22T14:00:00Z'),
    to: at('2026-11-22T18:00:00Z'),
  });
  const onTheHour = at('2026-11-22T15:00:00Z');
  expect(quickWindow('two-hours', onTheHour, zone)).toEqual({ from: onTheHour, to: at('2026-11-22T17:00:00Z') });
});

it("today ends at the community's midnight, not the reader's", () => {
  expect(quickWindow('today', now, zone).to).toBe(at('2026-11-22T16:00:00Z'));
  expect(quickWindow('today', at('2026-12-31T20:00:00Z'), zone).to).toBe(at('2027-01-01T16:00:00Z'));
});

it('doors without a network know the codes of quick choices for visitors and couriers', () => {
  for (const until of ['two-hours', 'today', 'one-day', 'three-days', 'week'] as const)
    expect(mayWorkOffline({ ...wish, ...quickWindow(until, now, zone) }), until).toBe(true);
  expect(mayWorkOffline({ ...wish, person: 'courier', uses: 1 })).toBe(true);
});

it('and of nothing that says more than a window', () => {
  expect(mayWorkOffline({ ...wish, person: 'staff' })).toBe(false);
  expect(mayWorkOffline({ ...wish, uses: 3 })).toBe(false);
  expect(mayWorkOffline({ ...wish, entranceIds: ['ent_1'] })).toBe(false);
  expect(mayWorkOffline({ ...wish, scheduleId: 'sched_1' })).toBe(false);
  expect(mayWorkOffline({ ...wish, ...quickWindow('half-year', now, zone) })).toBe(false);
  expect(mayWorkOffline({ ...wish, ...quickWindow('open', now, zone) })).toBe(false);
});
