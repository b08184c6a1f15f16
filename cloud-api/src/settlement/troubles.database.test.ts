import { randomUUID } from 'node:crypto';
import { days, minutes, seconds } from '@gatecast/firmware-protocol';
import { and, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type Answer, type TestApp } from '../test-app.ts';
import { dealOf, merchantAt, notify, residentAt, type TestMerchant, type TestResident } from '../test-market.ts';
import { neighbourhood } from '../test-neighbourhood.ts';
import { balanceOf, ledgerTotal } from './ledger.ts';
import { memoryProvider } from './payments/memory-provider.fixture.ts';
import { accounts, refundsBefore, refundTransitions } from './rules.ts';

describe('a refund', () => {
  it('comes to each state from where the table says, and from nowhere else', () => {
    for (const to of ['none', 'wanted', 'stuck', 'done'] as const) {
      const before = Object.entries(refundTransitions).filter(([, next]) => (next as readonly string[]).includes(to));
      expect(refundsBefore(to)).toEqual(before.map(([from]) => from));
    }
  });
});

describeStores('money that is not as it was asked for', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let merchant: TestMerchant;
  let residents: TestResident[];
  let dealId: string;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    const here = await neighbourhood(world);
    merchant = await merchantAt(world, here);
    residents = await Promise.all(Array.from({ length: 4 }, (_, n) => residentAt(world, here, `住户${n}`)));
    dealId = await dealOf(world, merchant, { stock: 10_000, perPersonMax: 100 });
  }, 60_000);
  afterAll(() => world.close());
  beforeEach(() => {
    provider.refundAnswer = 'done';
  });

  const order = async (who = 0) => {
    const asked = await world.call('POST', '/v1/orders', {
      token: residents[who]?.token,
      body: { dealId, quantity: 1, visitId: null },
      idempotencyKey: randomUUID(),
    });
    expect(asked.status).toBe(201);
    return { id: String(asked.body.id), paymentId: String(asked.body.payUrl).split('/').at(-1) ?? '', who };
  };
  type Ordered = Awaited<ReturnType<typeof order>>;
  const stateOf = async ({ id, who }: Ordered): Promise<string> =>
    (await world.call('GET', `/v1/orders/${id}`, { token: residents[who]?.token })).body.status;
  const told = async (notice: object): Promise<void> => {
    expect((await notify(world, JSON.stringify(notice))).status).toBe(204);
  };
  const troublesOf = async (by: { paymentId?: string; subjectNo?: string }) => {
    const { items } = (await world.call('GET', '/v1/payment-troubles?limit=200', { token: world.operator })).body;
    return items.filter((one: Record<string, unknown>) =>
      Object.entries(by).every(([name, value]) => one[name] === value),
    );
  };
  const receiptOf = async (paymentId: string) => {
    const t = its.store.read.t.receipts;
    const [row] = await its.store.read
      .select()
      .from(t)
      .where(and(eq(t.paymentId, paymentId), eq(t.applied, false)));
    return row;
  };
  const settle = (id: string, ending: string): Promise<Answer> =>
    world.call('POST', `/v1/payment-troubles/${id}/settle`, {
      token: world.operator,
      body: { ending, note: '已和商户核对' },
    });
  const unapplied = (paymentId: string) => balanceOf(its.store.read, accounts.buyerUnapplied(paymentId));
  const refundOf = (paymentId: string) => provider.refunds.findLast((one) => one.outTradeNo === paymentId);
  /** Time goes on while it is waited for. */
  const until = (check: () => Promise<void>): Promise<void> =>
    vi.waitFor(
      async () => {
        world.clock.advance(seconds(1));
        await check();
      },
      { timeout: 20_000 },
    );
  const isBack = (paymentId: string) => until(async () => expect((await receiptOf(paymentId))?.refund).toBe('done'));

  it.each([
    ['a fen too little', 'wrong-amount', (asked: number) => ({ amountFen: asked - 1 })],
    ['twice as much', 'wrong-amount', (asked: number) => ({ amountFen: asked * 2 })],
    ['by another app', 'wrong-app', () => ({ fault: 'wrong-app' as const })],
  ])('%s pays for nothing, goes back as it came, and is told', async (_what, kind, over) => {
    const ordered = await order();
    const asked = provider.collections.get(ordered.paymentId)?.amountFen ?? 0;
    const body = provider.pay(ordered.paymentId, over(asked));
    const { amountFen, transactionId } = JSON.parse(body);
    await Promise.all(Array.from({ length: 5 }, () => notify(world, body)));
    await isBack(ordered.paymentId);
    expect(await stateOf(ordered)).not.toBe('ready');
    expect(refundOf(ordered.paymentId)).toMatchObject({ transactionId, amountFen, totalFen: amountFen });
    expect(await unapplied(ordered.paymentId)).toBe(0);
    expect(await troublesOf({ paymentId: ordered.paymentId })).toMatchObject([
      { kind, subjectNo: transactionId, amountFen, expectedFen: asked, endedAt: null },
    ]);
    expect(await ledgerTotal(its.store.read)).toBe(0);
  });

  it('in another account of ours goes back from there', async () => {
    const ordered = await order();
    await told(JSON.parse(provider.pay(ordered.paymentId, { storeId: null })));
    await isBack(ordered.paymentId);
    expect(refundOf(ordered.paymentId)).toMatchObject({ storeId: null });
    expect(await troublesOf({ paymentId: ordered.paymentId })).toMatchObject([
      { kind: 'wrong-merchant', merchantNo: 'platform' },
    ]);
    expect(await balanceOf(its.store.read, accounts.platformCash)).toBe(0);
  });

  it('in an account that is none of ours, or for what nobody asked for, is kept and sends nothing', async () => {
    const ordered = await order();
    const sent = provider.refunds.length;
    const foreign = JSON.parse(
      provider.pay(ordered.paymentId, { fault: 'foreign-merchant', merchantNo: '1900009999' }),
    );
    await told(foreign);
    await told({ ...foreign, transactionId: 'tx-unknown', outTradeNo: 'pay_of_somebody_else', fault: undefined });
    await told({ kind: 'refunded', outRefundNo: 'refund_by_hand', amountFen: 5 });
    expect(await troublesOf({ subjectNo: foreign.transactionId })).toMatchObject([
      { kind: 'foreign-merchant', merchantNo: '1900009999', paymentId: ordered.paymentId },
    ]);
    expect(await troublesOf({ subjectNo: 'tx-unknown' })).toMatchObject([{ kind: 'unknown-payment', paymentId: null }]);
    expect(await troublesOf({ subjectNo: 'refund_by_hand' })).toMatchObject([{ kind: 'unknown-refund', amountFen: 5 }]);
    expect(await receiptOf(ordered.paymentId)).toBeUndefined();
    expect(provider.refunds).toHaveLength(sent);
    expect(await stateOf(ordered)).not.toBe('ready');
  });

  it('after the order has run out enters the ledger, goes back, and revives nothing', async () => {
    const ordered = await order();
    world.clock.advance(minutes(16));
    await until(async () => expect(await stateOf(ordered)).toBe('expired'));
    provider.refundAnswer = 'processing';
    const { transactionId, amountFen, ...notice } = JSON.parse(provider.pay(ordered.paymentId));
    await told({ ...notice, transactionId, amountFen });
    // The cash is there, and owed to who paid it, until it has gone back.
    expect(await unapplied(ordered.paymentId)).toBe(-amountFen);
    const outRefundNo = (await receiptOf(ordered.paymentId))?.refundNo;
    await told({ kind: 'refunded', outRefundNo });
    expect(await unapplied(ordered.paymentId)).toBe(0);
    expect(await stateOf(ordered)).toBe('expired');
  });

  it('keeps the books straight through any sequence of payments, right and wrong', { timeout: 120_000 }, async () => {
    const way = fc.constantFrom('right', 'again', 'short', 'elsewhere', 'late', 'by-query');
    await fc.assert(
      fc.asyncProperty(fc.array(way, { minLength: 1, maxLength: 6 }), async (ways) => {
        const ordered = await order(1);
        const pay = (over: object = {}) => told(JSON.parse(provider.pay(ordered.paymentId, over)));
        for (const how of ways) {
          if (how === 'short') await pay({ amountFen: 1 });
          else if (how === 'elsewhere') await pay({ storeId: null });
          else if (how === 'late')
            await world.call('POST', `/v1/orders/${ordered.id}/cancel`, { token: residents[1]?.token });
          else await pay();
        }
        const t = its.store.read.t.receipts;
        const wanted = () => its.store.read.select().from(t).where(eq(t.refund, 'wanted'));
        await until(async () => expect(await wanted()).toEqual([]));
        const all = await its.store.read.select().from(t).where(eq(t.paymentId, ordered.paymentId));
        expect(all.filter(({ applied }) => applied).length).toBeLessThanOrEqual(1);
        expect(all.filter(({ applied, refund }) => !applied && refund !== 'done')).toEqual([]);
        expect(await unapplied(ordered.paymentId)).toBe(0);
        expect(await ledgerTotal(its.store.read)).toBe(0);
      }),
      { numRuns: 6 },
    );
  });

  describe('that the provider does not send back', () => {
    const stuck = async (reason: string) => {
      const ordered = await order(2);
      provider.refundAnswer = { stuck: reason };
      await told(JSON.parse(provider.pay(ordered.paymentId, { amountFen: 1 })));
      await until(async () => expect((await receiptOf(ordered.paymentId))?.refund).toBe('stuck'));
      const [trouble] = (await troublesOf({ paymentId: ordered.paymentId })).filter(
        ({ kind }: { kind: string }) => kind === 'refund-stuck',
      );
      expect(trouble).toMatchObject({ reason, endedAt: null, amountFen: 1 });
      return { ...ordered, troubleId: String(trouble.id) };
    };

    it('stands still with an alarm until somebody takes it, and is not asked for again by itself', async () => {
      const { paymentId } = await stuck('ABNORMAL');
      provider.refundAnswer = 'done';
      world.clock.advance(days(1));
      const alarms = async () =>
        (await world.call('GET', '/v1/fleet/alarms?limit=200', { token: world.operator })).body.items;
      await until(async () =>
        expect((await alarms()).map(({ kind }: { kind: string }) => kind)).toContain('payment-trouble'),
      );
      expect((await receiptOf(paymentId))?.refund).toBe('stuck');
      expect(await unapplied(paymentId)).toBe(-1);
    });

    it('goes back once somebody asks again, whoever asks how often', async () => {
      const { paymentId, troubleId } = await stuck('NOT_ENOUGH');
      provider.refundAnswer = 'done';
      expect((await settle(troubleId, 'noted')).status).toBe(409);
      const answers = await Promise.all([settle(troubleId, 'asked-again'), settle(troubleId, 'asked-again')]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      await isBack(paymentId);
      expect(await unapplied(paymentId)).toBe(0);
      expect((await settle(troubleId, 'returned-by-hand')).body.code).toBe('conflict');
    });

    it('is open again when asking again has not helped', async () => {
      const { troubleId, paymentId } = await stuck('CLOSED');
      await settle(troubleId, 'asked-again');
      await until(async () => {
        const one = (await troublesOf({ paymentId })).find(({ id }: { id: string }) => id === troubleId);
        expect(one).toMatchObject({ endedAt: null, ending: null });
      });
    });

    it('that somebody has handed over otherwise leaves the books as if it had gone back', async () => {
      const { troubleId, paymentId } = await stuck('ABNORMAL');
      expect((await settle(troubleId, 'returned-by-hand')).body).toMatchObject({ ending: 'returned-by-hand' });
      expect(await unapplied(paymentId)).toBe(0);
      expect((await receiptOf(paymentId))?.refund).toBe('done');
    });

    it('by itself comes loose when the provider says so', async () => {
      const { paymentId, troubleId } = await stuck('ABNORMAL');
      await told({ kind: 'refunded', outRefundNo: (await receiptOf(paymentId))?.refundNo });
      const one = (await troublesOf({ paymentId })).find(({ id }: { id: string }) => id === troubleId);
      expect(one).toMatchObject({ ending: 'done', endedBy: 'system' });
    });
  });

  it('is asked after while it is under way, and after a week it is somebody’s', { timeout: 60_000 }, async () => {
    // Sessions do not last so long.
    const t = its.store.read.t.paymentTroubles;
    const overdue = () =>
      its.store.read
        .select()
        .from(t)
        .where(and(eq(t.paymentId, ordered.paymentId), eq(t.kind, 'refund-overdue')));
    const ordered = await order(3);
    provider.refundAnswer = 'processing';
    await told(JSON.parse(provider.pay(ordered.paymentId, { amountFen: 1 })));
    await until(async () => expect(refundOf(ordered.paymentId)).toBeDefined());
    world.clock.advance(days(8));
    await until(async () => {
      world.clock.advance(minutes(5));
      expect(await overdue()).toMatchObject([{ endedAt: null }]);
    });
    provider.refundAnswer = 'done';
    await until(async () => {
      world.clock.advance(minutes(5));
      expect((await receiptOf(ordered.paymentId))?.refund).toBe('done');
    });
    expect(await overdue()).toMatchObject([{ ending: 'done', endedBy: 'system' }]);
  });
});
