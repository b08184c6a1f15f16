import { after, days, hours, instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { standingOf } from './away.ts';
import { doorsOf, untoldMilli } from './doors.ts';
import { extraSpan, hoursOf, makeGoodsMax, mayBeMadeGood, reasonOf } from './make-good.ts';
import { byDay } from './progress.ts';

const now = instant(Date.parse('2026-11-23T10:10:00Z'));

describe('what fell short', () => {
  const row = { touches: 100, deliveredMilli: 60_999, product: 'touches' as const, pausedAt: null, cancelledAt: null };

  it('is made good if a number was promised and its merchant let it run, a few times', () => {
    expect(mayBeMadeGood(row, 0)).toBe(true);
    expect(mayBeMadeGood(row, makeGoodsMax)).toBe(false);
    expect(mayBeMadeGood({ ...row, deliveredMilli: 100_000 }, 0)).toBe(false);
    expect(mayBeMadeGood({ ...row, product: 'share' }, 0)).toBe(false);
    expect(mayBeMadeGood({ ...row, pausedAt: now }, 0)).toBe(false);
    expect(mayBeMadeGood({ ...row, cancelledAt: now }, 0)).toBe(false);
  });

  it('says first that its place was taken off sale, then that screens were silent, then that it was not planned, each from a tenth on', () => {
    const half = { sold: 20, unsold: 0, reported: 20, silent: 0, owedMilli: 50_000, plannedMilli: 45_001 };
    expect(reasonOf(half)).toBe('shortfall');
    expect(reasonOf({ ...half, unsold: 1, silent: 1 })).toBe('shortfall');
    expect(reasonOf({ ...half, unsold: 1, silent: 2 })).toBe('screens-away');
    expect(reasonOf({ ...half, unsold: 2, silent: 20 })).toBe('not-for-sale');
    const unplanned = { ...half, plannedMilli: 45_000 };
    expect(reasonOf(unplanned)).toBe('not-planned');
    expect(reasonOf({ ...unplanned, silent: 2 })).toBe('screens-away');
    expect(reasonOf({ sold: 0, unsold: 0, reported: 0, silent: 0, owedMilli: 0, plannedMilli: 0 })).toBe('shortfall');
  });

  it('gets days from its end or the next half-hour on, whichever is later', () => {
    const next = instant(Date.parse('2026-11-23T10:30:00Z'));
    expect(extraSpan(now, after(now, days(-1)), 3)).toEqual({ from: next, to: after(next, days(3)) });
    const later = after(next, hours(5));
    expect(extraSpan(now, later, 1)).toEqual({ from: later, to: after(later, days(1)) });
  });

  it('keeps its hours; one half-hour is that half-hour of each day, over midnight too', () => {
    const dayparts = [{ weekdays: [1], fromMinute: 60, toMinute: 120 }];
    expect(hoursOf({ at: now, toAt: now, dayparts }, 'Asia/Shanghai')).toEqual(dayparts);
    const late = instant(Date.parse('2026-11-23T15:30:00Z'));
    expect(hoursOf({ at: late, toAt: null, dayparts: null }, 'Asia/Shanghai')).toEqual([
      { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 1_410, toMinute: 0 },
    ]);
  });
});

const nobody = {
  halfHours: 1,
  segments: 1,
  communities: 1,
  offlinePpm: new Int32Array(3),
  localDays: [],
  communityZone: new Int32Array(1),
};
const half = {
  communityId: 'com_a',
  placement: 'gate',
  place: 0,
  isFrozen: false,
  isHere: false,
  keeping: [0],
} as const;
const row = {
  bookingId: 'bk',
  campaignId: 'cp',
  merchantId: 'm',
  communityId: 'com_a',
  placement: 'gate',
  sharePpm: 1,
  keptPpm: null,
} as const;

describe('a screen that is away', () => {
  const seen = (ms: number) => ({ online: false, lastSeenAt: instant(now - ms) });

  it('keeps its share for days, and then has none left', () => {
    expect(standingOf(null, now)).toBe('here');
    expect(standingOf({ online: true, lastSeenAt: instant(0) }, now)).toBe('here');
    expect(standingOf(seen(hours(1)), now)).toBe('here');
    expect([hours(2), hours(48)].map((ms) => standingOf(seen(ms), now))).toEqual(['keeps', 'keeps']);
    expect(standingOf(seen(hours(84)), now)).toBe('lost');
  });

  it('freezes its door if nobody is left there who hears of a new plan', () => {
    const place = (entranceId: string, placement: 'gate' | 'lift') => ({
      community: 0,
      communityId: 'com_a',
      entranceId,
      placement,
      zone: 'Asia/Shanghai',
    });
    const places = [place('e1', 'gate'), place('e2', 'lift'), place('e3', 'gate')];
    const since = instant(now - hours(5));
    const [keeps, lost] = [{ standing: 'keeps', since } as const, { standing: 'lost', since } as const];
    const inventory = { ...nobody, placeCommunity: new Int32Array(3), supplyMilliTouches: new Int32Array([3, 2, 1]) };
    const found = (away: Readonly<Record<string, typeof keeps | typeof lost>>) =>
      doorsOf({ places, inventory }, new Map(Object.entries(away)));
    expect([...found({}).doorOf]).toEqual([0, 1, 0]);
    expect(found({ e1: keeps, e2: keeps }).doors).toMatchObject([
      { placement: 'gate', isFrozen: false, isHere: false, keeping: [0], since, keptPart: 0.75 },
      { placement: 'lift', isFrozen: true, isHere: false, keeping: [1], since, keptPart: 1 },
    ]);
    expect(found({ e2: lost }).doors).toMatchObject([
      { isFrozen: false, isHere: true, keeping: [], since: null, keptPart: 0 },
      { isFrozen: false, isHere: false, keeping: [] },
    ]);
    // Who is lost plays nothing any more, and who is left of its door still does.
    expect(found({ e1: lost, e3: keeps }).doors).toMatchObject([{ isFrozen: true, keeping: [2] }, {}]);
  });

  it('is reckoned with what it played and has not told, and not more', () => {
    const at = instant(now - hours(30));
    const cell = { plannedMilli: 4_000, deliveredMilli: 500, at } as const;
    const door = { since: instant(at + 1), keptPart: 0.5 } as const;
    const told = (over: object, of = {}) => untoldMilli({ ...half, ...door, ...over }, { ...row, ...cell, ...of });
    expect(told({})).toBe(2_000);
    expect(told({ keptPart: 1 })).toBe(3_500);
    expect(told({}, { deliveredMilli: 3_900 })).toBe(100);
    expect(told({}, { deliveredMilli: null })).toBe(2_000);
    // Before it went it told of what it played.
    expect(told({ since: instant(at + hours(1)) })).toBe(0);
    expect(told({ since: null })).toBe(0);
  });
});

it('progress is told by local days, in touches that are rounded once a day', () => {
  const half = (at: string, plannedMilli: number, deliveredMilli: number) => ({
    at: instant(Date.parse(at)),
    plannedMilli,
    deliveredMilli,
    openMilli: 0,
  });
  const sums = [
    half('2026-11-23T15:30:00Z', 1_500, 700),
    half('2026-11-23T16:00:00Z', 1_500, 600),
    half('2026-11-23T16:30:00Z', 1_500, 600),
  ];
  const filtered = [{ at: instant(Date.parse('2026-11-23T16:00:00Z')), plays: 4 }];
  expect(byDay(sums, filtered, 'Asia/Shanghai')).toEqual([
    { date: '2026-11-23', plannedTouches: 1, verifiedTouches: 0, openTouches: 0, filteredPlays: 0 },
    { date: '2026-11-24', plannedTouches: 3, verifiedTouches: 1, openTouches: 0, filteredPlays: 4 },
  ]);
});
