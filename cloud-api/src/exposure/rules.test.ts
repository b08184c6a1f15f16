import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countExposure, isClosed, type CountedPlay } from './rules.ts';

const play = (over: Partial<CountedPlay> = {}): CountedPlay => ({
  touch: 'tch_1',
  billable: true,
  rendered: true,
  viewable: true,
  completed: true,
  milliTouches: 1_000,
  ...over,
});

describe('an exposure', () => {
  it('is one verified touch for a person who saw the clip', () => {
    expect(countExposure([play()])).toEqual({
      rendered: 1,
      viewable: 1,
      completed: 1,
      verified: 1,
      verifiedMilliTouches: 1_000,
      ambient: 0,
    });
  });

  it('is one for a person who saw it twice, and none where nobody was', () => {
    expect(countExposure([play(), play(), play({ touch: null, billable: false })])).toMatchObject({
      viewable: 2,
      verified: 1,
      ambient: 1,
    });
  });

  it('needs two seconds of picture at a billable touch', () => {
    expect(countExposure([play({ viewable: false }), play({ touch: 'tch_2', billable: false })])).toMatchObject({
      rendered: 1,
      viewable: 0,
      verified: 0,
    });
  });

  it('adds up parts of touches before it rounds, and rounds down', () => {
    const parts = [1, 2, 3].map((n) => play({ touch: `tch_${n}`, milliTouches: 400 }));
    expect(countExposure(parts)).toMatchObject({ verifiedMilliTouches: 1_200, verified: 1 });
  });

  it('never exceeds the number of touches, in whatever order and how often rows are seen', () => {
    const plays = fc.array(
      fc.record({
        touch: fc.option(fc.constantFrom('a', 'b', 'c')),
        billable: fc.boolean(),
        rendered: fc.boolean(),
        viewable: fc.boolean(),
        completed: fc.boolean(),
        milliTouches: fc.nat(1_000),
      }),
    );
    fc.assert(
      fc.property(plays, (rows) => {
        const once = countExposure(rows);
        const shuffled = countExposure([...rows].reverse());
        const touches = new Set(rows.flatMap((r) => (r.touch === null ? [] : [r.touch]))).size;
        expect(shuffled).toEqual(once);
        return once.verified <= touches && once.ambient === rows.filter((r) => r.touch === null).length;
      }),
    );
  });
});

describe('a half-hour', () => {
  it('is final when it is over and every terminal in service has said so', () => {
    const closed = new Set(['term_a']);
    expect(isClosed(100, 99, ['term_a'], closed)).toBe(false);
    expect(isClosed(100, 100, ['term_a'], closed)).toBe(true);
    expect(isClosed(100, 100, ['term_a', 'term_b'], closed)).toBe(false);
  });
});
