import { after, halfHourMs, hours, instant } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellRow } from '../campaigns/cells.ts';
import { worthWriting, type Change, type DayCap } from './worth-writing.ts';

const now = instant(Date.parse('2026-11-23T10:00:00Z'));
const whose = { bookingId: 'bk', campaignId: 'cp', merchantId: 'm', communityId: 'c', placement: 'gate' } as const;

const cell = (ahead: number, plannedMilli: number, more: Partial<CellRow> = {}): CellRow => {
  const planned = { plannedMilli, sharePpm: plannedMilli * 10, keptPpm: null, deliveredMilli: null };
  return { ...whose, at: after(now, hours(ahead)), ...planned, ...more };
};
const change = (ahead: number, old: number, next: number): Change => ({
  old: cell(ahead, old),
  next: cell(ahead, next),
});

describe('of what a plan changes', () => {
  it('a few thousandths of a touch are not written, a touch is, and sooner what is near', () => {
    expect(worthWriting([change(1, 4_000, 4_001), change(30, 4_000, 4_040)], now)).toEqual([]);
    const near = change(1, 4_000, 4_120);
    const far = change(30, 4_000, 4_120);
    expect(worthWriting([near, far], now)).toEqual([near]);
    const farther = change(30, 4_000, 4_700);
    expect(worthWriting([farther], now)).toEqual([farther]);
  });

  it('what is gone is written, however little it was, and what screens that are away play on by', () => {
    const gone = { old: cell(30, 10), next: null };
    const stopped = { old: cell(30, 10), next: cell(30, 0, { sharePpm: 0 }) };
    const away = { old: cell(30, 10), next: cell(30, 10, { keptPpm: 100 }) };
    expect(worthWriting([gone, stopped, away], now)).toEqual([gone, stopped, away]);
    const same = { old: cell(30, 0, { sharePpm: 0 }), next: cell(30, 0, { sharePpm: 0 }) };
    expect(worthWriting([same], now)).toEqual([]);
  });

  it('the same of fewer people is another fraction, and is written', () => {
    const fewer = { old: cell(30, 4_000), next: cell(30, 4_000, { sharePpm: 60_000 }) };
    expect(worthWriting([fewer], now)).toEqual([fewer]);
  });

  it('much that is little each is written as soon as it adds up to a touch', () => {
    const some = Array.from({ length: 4 }, () => change(1, 9_000, 9_150));
    expect(worthWriting(some, now)).toEqual([]);
    const many = Array.from({ length: 7 }, () => change(1, 9_000, 9_150));
    expect(worthWriting(many, now)).toEqual(many);
    // Too little of each to be written later, and together a third of all.
    const small = Array.from({ length: 30 }, () => ({ old: null, next: cell(30, 200) }));
    expect(worthWriting(small, now)).toEqual(small);
  });

  it('what stays breaks no cap: of a day of which too much would stand, all is written, and of others no more than else', () => {
    const cap: DayCap = { dayOf: ({ at }) => (at < after(now, hours(40)) ? 'one' : 'other'), mostOf: () => 10_000 };
    const first = change(30, 6_000, 5_500);
    const second = change(31, 4_200, 4_400);
    const elsewhere = change(50, 4_200, 4_400);
    const all = [first, second, elsewhere];
    expect(worthWriting(all, now)).toEqual([]);
    expect(worthWriting(all, now, cap)).toEqual([first, second]);
    expect(worthWriting(all, now, { ...cap, mostOf: () => 10_200 })).toEqual([]);
  });

  it('sums are kept: what stands afterwards is the plan to less than a touch soon, and to an eighth later', () => {
    const milli = fc.integer({ min: 0, max: 9_000 });
    const one = fc.record({
      ahead: fc.integer({ min: 0, max: 90 }),
      old: milli,
      off: fc.integer({ min: -300, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 200 }), (found) => {
        const changes = found.map(({ ahead, old, off }) => change(ahead, old, Math.max(0, old + off)));
        const written = new Set(worthWriting(changes, now));
        for (const isSoon of [true, false]) {
          const own = changes.filter(({ next }) => (next?.at ?? 0) < now + 6 * halfHourMs === isSoon);
          const stands = (each: Change) => (written.has(each) ? each.next : each.old)?.plannedMilli ?? 0;
          const planned = own.reduce((sum, { next }) => sum + (next?.plannedMilli ?? 0), 0);
          const off = Math.abs(own.reduce((sum, each) => sum + stands(each), 0) - planned);
          expect(off).toBeLessThan(Math.max(1_000, isSoon ? 0 : planned / 8));
        }
      }),
    );
  });
});
