import { minutes, seconds } from '@gatecast/firmware-protocol';
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { ledgerTotal } from '../settlement/ledger.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { operatorLogin, testApp, type Answer, type TestApp } from '../test-app.ts';
import { dealOf, merchantAt, notify, residentAt, type TestMerchant, type TestResident } from '../test-market.ts';
import { neighbourhood } from '../test-neighbourhood.ts';

describeStores('a group-buy under pressure', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let merchant: TestMerchant;
  let residents: TestResident[];

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    const here = await neighbourhood(world);
    merchant = await merchantAt(world, here);
    residents = await Promise.all(Array.from({ length: 8 }, (_, n) => residentAt(world, here, `住户${n}`)));
  }, 60_000);
  afterAll(() => world.close());

  const order = (who: TestResident | undefined, dealId: string, quantity = 1): Promise<Answer> =>
    world.call('POST', '/v1/orders', {
      token: who?.token,
      body: { dealId, quantity, visitId: null },
      idempotencyKey: randomUUID(),
    });
  const payTimes = async (asked: Answer, times: number): Promise<void> => {
    const outTradeNo = String(asked.body.payUrl).split('/').at(-1) ?? '';
    const body = provider.pay(outTradeNo);
    await Promise.all(Array.from({ length: times }, () => notify(world, body)));
  };
  const counters = async (dealId: string) => {
    const { t } = its.store.read;
    const [deal] = await its.store.read.select().from(t.deals).where(eq(t.deals.id, dealId));
    const orders = await its.store.read.select().from(t.orders).where(eq(t.orders.dealId, dealId));
    const groups = await its.store.read.select().from(t.groups).where(eq(t.groups.dealId, dealId));
    return { deal, orders, groups };
  };

  it('sells exactly what there is when everybody wants it at once', async () => {
    const dealId = await dealOf(world, merchant, { stock: 5, perPersonMax: 1 });
    const answers = await Promise.all(residents.map((who) => order(who, dealId)));
    expect(answers.filter((a) => a.status === 201)).toHaveLength(5);
    expect(answers.filter((a) => a.body.code === 'deal-sold-out')).toHaveLength(3);
  });

  it('fills groups exactly when everybody pays at once and each callback comes three times', async () => {
    const dealId = await dealOf(world, merchant, { stock: 8, perPersonMax: 1, groupSize: 4 });
    const answers = await Promise.all(residents.map((who) => order(who, dealId)));
    await Promise.all(answers.map((asked) => payTimes(asked, 3)));
    const { deal, orders, groups } = await counters(dealId);
    expect(groups.map((g) => [g.paid, g.status])).toEqual([
      [4, 'complete'],
      [4, 'complete'],
    ]);
    expect(orders.map((o) => o.status)).toEqual(Array.from({ length: 8 }, () => 'ready'));
    expect(deal).toMatchObject({ reserved: 0, sold: 8 });
    expect(await ledgerTotal(its.store.read)).toBe(0);
  });

  it('keeps stock, limits and money straight through any sequence of orders, payments, doubles and cancellations', async () => {
    const step = fc.record({
      who: fc.nat(7),
      quantity: fc.integer({ min: 1, max: 3 }),
      next: fc.constantFrom('wait', 'pay', 'pay-twice', 'cancel', 'cancel-and-pay'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
        const dealId = await dealOf(world, merchant, { stock: 6, perPersonMax: 3, groupSize: 3 });
        await Promise.all(
          steps.map(async ({ who, quantity, next }) => {
            const asked = await order(residents[who], dealId, quantity);
            if (asked.status !== 201 || next === 'wait') return;
            const cancel = () =>
              world.call('POST', `/v1/orders/${asked.body.id}/cancel`, { token: residents[who]?.token });
            if (next.startsWith('cancel')) await cancel();
            if (next !== 'cancel') await payTimes(asked, 2);
            if (next === 'pay-twice') await payTimes(asked, 1);
          }),
        );
        await refundsAreDone();
        await checkBooks(dealId);
      }),
      { numRuns: 8 },
    );
  }, 120_000);

  it('lets an unpaid order go when its time is over, and only then', async () => {
    const dealId = await dealOf(world, merchant, { stock: 1, perPersonMax: 1 });
    await order(residents[0], dealId);
    world.clock.advance(minutes(16));
    await counted(dealId, { reserved: 0, sold: 0 });
    expect((await order(residents[1], dealId)).status).toBe(201);
  });

  it('lets all go that is due, however much it is, without waiting for the next time', async () => {
    const dealId = await dealOf(world, merchant, { stock: 130, perPersonMax: 100 });
    for (let n = 0; n < 120; n += 20)
      await Promise.all(Array.from({ length: 20 }, (_, i) => order(residents[(n / 20 + i) % 8], dealId)));
    expect((await counters(dealId)).deal).toMatchObject({ reserved: 120 });
    world.clock.advance(minutes(16));
    await vi.waitFor(async () => expect((await counters(dealId)).deal).toMatchObject({ reserved: 0, sold: 0 }), 15_000);
    expect(new Set((await counters(dealId)).orders.map(({ status }) => status))).toEqual(new Set(['expired']));
  }, 60_000);

  it('sells nothing of a suspended merchant at once, keeps what is paid, and is brought back', async () => {
    const dealId = await dealOf(world, merchant, { stock: 8, perPersonMax: 2, groupSize: 2 });
    const [paid, mate, unpaid] = [residents[0], residents[1], residents[2]];
    for (const who of [paid, mate]) await payTimes(await order(who, dealId), 1);
    await order(unpaid, dealId);
    const token = await world.signIn(operatorLogin.email, operatorLogin.password);
    const decide = (verb: string, body?: object) =>
      world.call('POST', `/v1/merchants/${merchant.id}/${verb}`, { token, body });
    expect((await decide('suspend', { reason: 'not-allowed', note: '' })).status).toBe(200);
    expect((await order(residents[3], dealId)).body.code).toBe('deal-paused');
    expect((await world.call('GET', `/v1/deals/${dealId}`)).body.status).toBe('paused');
    await counted(dealId, { reserved: 0, sold: 2 });
    expect((await counters(dealId)).orders.map(({ status }) => status).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'expired',
      'ready',
      'ready',
    ]);
    expect((await decide('reinstate')).status).toBe(200);
    expect((await order(residents[3], dealId)).status).toBe(201);
    expect(await ledgerTotal(its.store.read)).toBe(0);
  });

  /** Time goes on while it is waited for: a run that was under way when the clock was set on sets its next one from there. */
  async function counted(dealId: string, as: { readonly reserved: number; readonly sold: number }): Promise<void> {
    await vi.waitFor(async () => {
      world.clock.advance(seconds(1));
      expect((await counters(dealId)).deal).toMatchObject(as);
    }, 10_000);
  }

  async function refundsAreDone(): Promise<void> {
    const { t } = its.store.read;
    await vi.waitFor(async () => {
      const open = await its.store.read.select().from(t.receipts).where(eq(t.receipts.refund, 'wanted'));
      expect(open).toEqual([]);
    }, 20_000);
  }

  /** What must hold whatever happened. */
  async function checkBooks(dealId: string): Promise<void> {
    const { t } = its.store.read;
    const { deal, orders, groups } = await counters(dealId);
    const sum = (statuses: readonly string[]) =>
      orders.filter((o) => statuses.includes(o.status)).reduce((n, o) => n + o.quantity, 0);
    expect(deal).toMatchObject({ reserved: sum(['awaiting-payment']), sold: sum(['paid', 'ready']) });
    expect(sum(['awaiting-payment', 'paid', 'ready'])).toBeLessThanOrEqual(6);
    for (const quota of await its.store.read.select().from(t.dealQuotas).where(eq(t.dealQuotas.dealId, dealId))) {
      expect(quota.quantity).toBeLessThanOrEqual(3);
    }
    for (const group of groups) {
      expect(group.paid).toBe(orders.filter((o) => o.groupId === group.id).length);
      expect(group.status).toBe(group.paid === group.size ? 'complete' : 'open');
    }
    for (const o of orders) {
      const receipts = await its.store.read.select().from(t.receipts).where(eq(t.receipts.paymentId, o.paymentId));
      expect(receipts.filter((r) => r.applied)).toHaveLength(o.status === 'paid' || o.status === 'ready' ? 1 : 0);
      expect(receipts.filter((r) => !r.applied).every((r) => r.refund === 'done')).toBe(true);
    }
    expect(await ledgerTotal(its.store.read)).toBe(0);
  }
});
