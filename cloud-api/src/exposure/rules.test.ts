import { hours } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playOf, touchOf, trafficOf } from './play.fixture.ts';
import { averageViewableMs, countExposure, dropRatePpm, isClosed, saysTheSame } from './rules.ts';

const traffic = trafficOf(...['tch_1', 'tch_2', 'tch_3'].map((id) => touchOf(id)));
const count = (...plays: ReturnType<typeof playOf>[]) => countExposure(plays, traffic);

describe('an exposure', () => {
  it('is one verified touch for a person who saw the clip', () => {
    expect(count(playOf())).toEqual({
      rendered: 1,
      viewable: 1,
      completed: 1,
      verifiedMilliTouches: 1_000,
      people: {},
      panelOn: 0,
      ambient: 0,
      shownMs: 5_000,
      framesPresented: 125,
      framesDropped: 0,
      filtered: {},
      placements: {
        gate: { rendered: 1, viewable: 1, completed: 1, touches: 1, wholeTouches: 1, verifiedMilliTouches: 1_000 },
      },
    });
  });

  it('is one for a person who saw it twice, and none where nobody was', () => {
    expect(count(playOf(), playOf(), playOf({ touch: null, billable: false }))).toMatchObject({
      viewable: 2,
      verifiedMilliTouches: 1_000,
      ambient: 1,
    });
  });

  it('of somebody who opted in counts for the line item that stops at so many people, and as no touch of another', () => {
    const [one, two] = ['boo_1', 'boo_2'];
    const counts = count(
      playOf({ reached: one }),
      playOf({ touch: 'tch_2', reached: one }),
      playOf({ touch: 'tch_2', reached: two, viewable: false }),
      playOf({ touch: 'tch_3' }),
      playOf({ touch: 'tch_9', reached: one }),
    );
    expect(counts).toMatchObject({ viewable: 3, verifiedMilliTouches: 1_000, people: { [one]: 2 } });
    expect(saysTheSame(counts, { ...counts, people: { [one]: 1 } })).toBe(false);
  });

  it('needs two seconds of picture at a billable touch', () => {
    expect(count(playOf({ viewable: false }), playOf({ touch: 'tch_2', billable: false }))).toMatchObject({
      rendered: 1,
      viewable: 0,
      verifiedMilliTouches: 0,
      filtered: { 'unknown-touch': 1 },
    });
  });

  it('keeps what is filtered out of every other number, by its reason', () => {
    const again = playOf();
    const counts = count(again, { ...again, id: `${again.id}9` }, playOf({ clockQuality: 'unknown', panel: 'on' }));
    expect(counts).toMatchObject({ rendered: 1, viewable: 1, completed: 1, panelOn: 0, shownMs: 5_000 });
    expect(counts.filtered).toEqual({ duplicate: 1, clock: 1 });
  });

  it('says how many were proven by a lit panel, how long they were seen and how many frames were lost', () => {
    const counts = count(
      playOf({ panel: 'on', shownMs: 6_000, framesPresented: 150 }),
      playOf({ touch: 'tch_2', panel: 'off', shownMs: 3_000, framesPresented: 70, framesDropped: 5 }),
      playOf({ touch: 'tch_3', viewable: false, shownMs: 900, framesDropped: 50 }),
    );
    expect([counts.panelOn, averageViewableMs(counts), dropRatePpm(counts)]).toEqual([1, 4_500, 22_222]);
    expect([averageViewableMs(count()), dropRatePpm(count())]).toEqual([null, null]);
  });

  it('is told apart by where the touch was, and the three add up to what was counted', () => {
    const places = { tch_1: 'gate', tch_2: 'unit-door', tch_3: 'lift' } as const;
    const home = trafficOf(...Object.entries(places).map(([id, placement]) => touchOf(id, { placement })));
    const plays = [
      playOf(),
      playOf(),
      playOf({ touch: 'tch_3', viewable: false }),
      playOf({ touch: 'tch_2', milliTouches: 250 }),
    ];
    const counts = countExposure([...plays, playOf({ touch: null }), playOf({ touch: 'tch_9' })], home);
    const none = { touches: 0, wholeTouches: 0, verifiedMilliTouches: 0 };
    expect(counts.placements).toEqual({
      gate: { rendered: 2, viewable: 2, completed: 2, touches: 1, wholeTouches: 1, verifiedMilliTouches: 1_000 },
      'unit-door': { rendered: 1, viewable: 1, completed: 1, touches: 1, wholeTouches: 0, verifiedMilliTouches: 250 },
      lift: { ...none, rendered: 1, viewable: 0, completed: 1 },
    });
    expect(counts).toMatchObject({ rendered: 4, viewable: 3, completed: 4, verifiedMilliTouches: 1_250 });
  });

  it('is made again for a placement that is otherwise, but not for a report from before they were told', () => {
    const counts = count(playOf());
    const elsewhere = countExposure([playOf()], trafficOf(touchOf('tch_1', { placement: 'lift' })));
    expect(saysTheSame(counts, elsewhere)).toBe(false);
    expect(saysTheSame({ ...counts, placements: null }, elsewhere)).toBe(true);
  });

  it('adds up parts of touches', () => {
    const parts = [1, 2, 3].map((n) => playOf({ touch: `tch_${n}`, milliTouches: 400 }));
    expect(count(...parts)).toMatchObject({ verifiedMilliTouches: 1_200 });
  });

  it('never exceeds the number of touches, in whatever order and how often rows are seen', () => {
    const plays = fc.array(
      fc.record({
        touch: fc.option(fc.constantFrom('tch_1', 'tch_2', 'tch_9')),
        billable: fc.boolean(),
        rendered: fc.boolean(),
        viewable: fc.boolean(),
        completed: fc.boolean(),
        milliTouches: fc.nat(1_000),
        decision: fc.constantFrom('dec_1', 'dec_2', 'dec_3', null),
      }),
    );
    const placement = fc.constantFrom('gate' as const, 'unit-door' as const, 'lift' as const);
    fc.assert(
      fc.property(plays, fc.array(placement, { minLength: 3, maxLength: 3 }), (rows, where) => {
        const all = rows.map((row) => playOf(row));
        const here = trafficOf(...where.map((at, n) => touchOf(`tch_${n + 1}`, { placement: at })));
        const count = (...some: typeof all) => countExposure(some, here);
        const once = count(...all);
        const there = Object.values(once.placements ?? {});
        for (const name of ['rendered', 'viewable', 'completed', 'verifiedMilliTouches'] as const)
          expect(there.reduce((sum, one) => sum + one[name], 0)).toBe(once[name]);
        expect(count(...[...all].reverse())).toEqual(once);
        expect(saysTheSame(once, count(...all))).toBe(true);
        const touches = new Set(all.flatMap((p) => p.touch ?? []).filter((touch) => touch !== 'tch_9')).size;
        expect(once.verifiedMilliTouches).toBeLessThanOrEqual(touches * 1_000);
        expect(once.ambient).toBe(all.filter((p) => p.touch === null).length);
        const filtered = Object.values(once.filtered).reduce((a, b) => a + b, 0);
        const counted = all.length - once.ambient - filtered;
        expect(Math.max(once.rendered, once.viewable, once.completed)).toBeLessThanOrEqual(counted);
      }),
    );
  });
});

describe('a half-hour', () => {
  it('is reported when it is over and every terminal in service has said so', () => {
    const closed = new Set(['term_a']);
    expect(isClosed(100, 99, ['term_a'], closed)).toBe(false);
    expect(isClosed(100, 100, ['term_a'], closed)).toBe(true);
    expect(isClosed(100, 100, ['term_a', 'term_b'], closed)).toBe(false);
  });

  it('waits a day for a terminal that is away, and no longer', () => {
    const isDueAfter = (ms: number) => isClosed(100, 100 + ms, ['term_b'], new Set());
    expect([isDueAfter(hours(24) - 1), isDueAfter(hours(24))]).toEqual([false, true]);
  });
});
