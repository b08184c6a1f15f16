import { describe, expect, it } from 'vitest';
import { isThrough, nextOf, skip, takenByColleague } from './queue.ts';

const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ id, title: `clip ${id}` })) as [Clip, Clip, Clip];
type Clip = { id: string; title: string; held?: { by: string; isMine: boolean; until: number } };

describe('the queue of a reviewer', () => {
  it('goes on with what was not skipped, and round to the first skipped one after that', () => {
    expect(nextOf([a, b, c], ['a'])).toBe(b);
    expect(nextOf([a, b, c], ['b', 'a', 'c'])).toBe(b);
    expect(nextOf([], [])).toBeUndefined();
  });

  it('leaves out what a colleague looks at, until nobody does', () => {
    const held = (isMine: boolean) => ({ ...a, held: { by: '同事', isMine, until: 1 } });
    expect(nextOf([held(false), b], [])).toBe(b);
    expect(nextOf([held(false)], [])).toBeUndefined();
    expect(nextOf([held(true), b], [])).toMatchObject({ id: 'a' });
    expect(isThrough([held(false), b], ['b'])).toBe(true);
  });

  it('forgets what no longer waits when something is skipped', () => {
    expect(skip([a, b], ['gone', 'a'], 'b')).toEqual(['a', 'b']);
    expect(skip([a, b], ['a', 'b'], 'a')).toEqual(['b', 'a']);
  });

  it('is through once everything that was fetched is skipped, and never while it is empty', () => {
    expect(isThrough([a, b], ['b', 'a'])).toBe(true);
    expect(isThrough([a, b, c], ['b', 'a'])).toBe(false);
    expect(isThrough([], [])).toBe(false);
  });

  it('tells when a colleague was faster, and not of what was decided here', () => {
    expect(takenByColleague(a, [b], new Set())).toBe(a);
    expect(takenByColleague(a, [b], new Set(['a']))).toBeUndefined();
    expect(takenByColleague(a, [a, b], new Set())).toBeUndefined();
    expect(takenByColleague(undefined, [b], new Set())).toBeUndefined();
  });
});
