import { fen, manualClock, instant } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { balanceOf, ledgerTotal, listEntries, post, postingsOf } from './ledger.ts';
import { movement, reversed } from './rules.ts';

const clock = manualClock(instant(1_795_000_000_000));

describeStores('the ledger', (its) => {
  it('posts each movement once, however many try at the same moment, and always adds up to zero', async () => {
    let run = 0;
    const movements = fc.array(
      fc.record({
        from: fc.constantFrom('a', 'b', 'c', 'd'),
        to: fc.constantFrom('e', 'f', 'g'),
        amount: fc.integer({ min: 1, max: 1_000_000_00 }),
        tries: fc.integer({ min: 1, max: 4 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(movements, async (moves) => {
        run += 1;
        const sets = moves.map((move, n) => ({
          kind: 'order-payment' as const,
          businessNo: `run${run}-${n}`,
          postings: movement(fen(move.amount), `${run}-${move.to}`, `${run}-${move.from}`),
          tries: move.tries,
        }));
        const attempts = sets.flatMap((set) => Array.from({ length: set.tries }, () => set));
        const posted = await Promise.all(attempts.map((set) => its.store.tx((q) => post(q, clock, set))));
        expect(posted.filter(Boolean)).toHaveLength(sets.length);
        expect(await ledgerTotal(its.store.read)).toBe(0);
        for (const account of ['e', 'f', 'g']) {
          const expected = moves.filter((m) => m.to === account).reduce((sum, m) => sum + m.amount, 0);
          expect(await balanceOf(its.store.read, `${run}-${account}`)).toBe(expected);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('is undone by its reversal', async () => {
    const postings = movement(fen(4_200), 'x-to', 'x-from');
    await its.store.tx((q) => post(q, clock, { kind: 'slot-payment', businessNo: 'x', postings }));
    await its.store.tx(async (q) => {
      const back = reversed(await postingsOf(q, 'slot-payment', 'x'));
      await post(q, clock, { kind: 'slot-refund', businessNo: 'x', postings: back });
    });
    expect([await balanceOf(its.store.read, 'x-to'), await balanceOf(its.store.read, 'x-from')]).toEqual([0, 0]);
  });

  it('keeps nothing of a set that does not add up', async () => {
    const lopsided = [
      { account: 'y', amountFen: fen(1) },
      { account: 'z', amountFen: fen(1) },
    ];
    const attempt = its.store.tx((q) => post(q, clock, { kind: 'slot-payment', businessNo: 'y', postings: lopsided }));
    await expect(attempt).rejects.toThrow('adds up to zero');
    expect(await balanceOf(its.store.read, 'y')).toBe(0);
  });

  it('is read in pages, newest first', async () => {
    const first = await listEntries(its.store.read, { limit: 1, account: 'x-to' });
    const second = await listEntries(its.store.read, { limit: 1, account: 'x-to', cursor: first.nextCursor ?? '' });
    expect([first.items[0]?.kind, second.items[0]?.kind]).toEqual(['slot-refund', 'slot-payment']);
  });
});
