import { fen, instant, manualClock } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import type { Outbox } from '../platform/outbox.ts';
import { markPartDone, partRequest, reserveRefund, wantPart } from './part-refunds.ts';
import { addReceipt, leavePending, markApplied } from './store.ts';

const clock = manualClock(instant(1_795_000_000_000));

describeStores('parts of a payment that go back', (its) => {
  const sent: unknown[] = [];
  const outbox: Outbox = {
    handle: () => undefined,
    send: async (_q, _kind, payload) => void sent.push(payload),
    nextTries: async () => new Map(),
  };
  const platform = { clock, outbox };

  const paid = async (id: string, amountFen: number): Promise<void> => {
    const subject = { subjectKind: 'booking', subjectId: id, storeId: null, description: 'a line item' };
    const times = { expiresAt: clock.now(), createdAt: clock.now() };
    await its.store.tx(async (q) => {
      await q.insert(q.t.payments).values({ id, ...subject, ...times, amountFen, status: 'pending' });
      await leavePending(q, id, 'paid');
      const notice = { kind: 'paid' as const, outTradeNo: id, transactionId: `tx-${id}`, amountFen, storeId: null };
      await addReceipt(q, notice, clock.now());
      await markApplied(q, `tx-${id}`);
    });
  };
  const refundedOf = async (id: string) => {
    const t = its.store.read.t.payments;
    const [row] = await its.store.read.select().from(t).where(eq(t.id, id));
    return row?.refundedFen;
  };
  const want = (paymentId: string, part: string, amountFen: number) =>
    its.store.tx((q) => wantPart(q, platform, { paymentId, part, amountFen: fen(amountFen) }));

  it('are asked of the provider with their own number and the whole amount, until they are done', async () => {
    await paid('pay_1', 1_000);
    expect([await want('pay_1', 'short-1', 300), await want('pay_1', 'short-1', 300)]).toEqual([true, false]);
    expect(sent).toEqual([{ refundNo: 'pay_1-short-1' }]);
    expect(await partRequest(its.store.read, 'pay_1-short-1')).toMatchObject({
      outTradeNo: 'pay_1',
      transactionId: 'tx-pay_1',
      amountFen: 300,
      totalFen: 1_000,
    });
    const done = () => its.store.tx((q) => markPartDone(q, platform, 'pay_1-short-1'));
    expect([await done(), await done()]).toEqual([true, false]);
    expect(await partRequest(its.store.read, 'pay_1-short-1')).toBeUndefined();
  });

  it('are refused once no more is left, and leave nothing behind then', async () => {
    await paid('pay_2', 1_000);
    await want('pay_2', 'a', 800);
    await expect(want('pay_2', 'b', 201)).rejects.toThrow('no more goes back than came');
    expect(await refundedOf('pay_2')).toBe(800);
    expect(await want('pay_2', 'b', 200)).toBe(true);
  });

  it('come from money that was paid, not from a request', async () => {
    await expect(want('pay_none', 'a', 1)).rejects.toThrow('only what was paid');
    expect(await its.store.tx((q) => reserveRefund(q, 'pay_none', 1))).toBe(false);
  });

  it('never add up to more than came, however many ask at the same moment', { timeout: 60_000 }, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 2, maxLength: 8 }), async (parts) => {
        const id = `pay_r${(run += 1)}`;
        await paid(id, 1_000);
        const tries = await Promise.allSettled(parts.map((amountFen, n) => want(id, `p${n}`, amountFen)));
        const back = parts.filter((_, n) => tries[n]?.status === 'fulfilled').reduce((sum, part) => sum + part, 0);
        expect(await refundedOf(id)).toBe(back);
        expect(back).toBeLessThanOrEqual(1_000);
      }),
      { numRuns: 15 },
    );
  });
});
