import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inTurn } from './in-turn.ts';

describe('work in turn', () => {
  it('goes in its order, so many at a time, also after one that fails', async () => {
    const run = inTurn(2);
    const begun: number[] = [];
    let under = 0;
    let most = 0;
    const work = (n: number) =>
      run(async () => {
        begun.push(n);
        most = Math.max(most, (under += 1));
        await setImmediate();
        under -= 1;
        if (n === 1) throw new Error('the second one fails');
        return n;
      });
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(work));
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
    expect(most).toBe(2);
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, true, true]);
    expect(await work(6)).toBe(6);
  });

  it('leaves the event loop to others in between, though it never waits itself', async () => {
    const run = inTurn(1);
    let done = 0;
    const all = Promise.all(Array.from({ length: 10 }, () => run(async () => (done += 1))));
    await setImmediate();
    expect(done).toBeLessThan(10);
    await all;
    expect(done).toBe(10);
  });
});
