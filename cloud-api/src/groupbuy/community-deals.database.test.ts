import { after, days, minutes, seconds } from '@gatecast/firmware-protocol';
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { balanceOf, ledgerTotal } from '../settlement/ledger.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { accounts } from '../settlement/rules.ts';
import { testApp, type Answer, type TestApp } from '../test-app.ts';
import { dealOf, merchantAt, pay, residentAt, type TestMerchant, type TestResident } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';

const ladder = [
  { fromUnits: 6, priceFen: 3_500 },
  { fromUnits: 12, priceFen: 2_990 },
];

describeStores('a deal of a whole community', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  /** Another process on the same database. */
  let other: TestApp;
  let here: Neighbourhood;
  let merchant: TestMerchant;
  let residents: TestResident[];

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    other = await testApp({ store: its.store, paymentProvider: provider });
    here = await neighbourhood(world);
    merchant = await merchantAt(world, here);
    residents = await Promise.all(Array.from({ length: 6 }, (_, n) => residentAt(world, here, `住户${n}`)));
    await its.store.tx((q) => q.update(q.t.sessions).set({ expiresAt: after(world.clock.now(), days(365)) }));
  }, 60_000);
  afterAll(async () => {
    await other.close();
    await world.close();
  });

  const communityDeal = (over: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    dealOf(world, merchant, {
      mode: 'community',
      groupSize: undefined,
      groupHours: undefined,
      stock: 24,
      perPersonMax: 24,
      ...over,
    });
  const order = (n: number, dealId: string, quantity: number, extraUnits = 0): Promise<Answer> =>
    world.call('POST', '/v1/orders', {
      token: residents[n]?.token,
      body: { dealId, quantity, extraUnits, visitId: null },
      idempotencyKey: randomUUID(),
    });
  /** One after the other: cases are shared in the order of the orders. */
  const bought = async (n: number, dealId: string, quantity: number, extraUnits = 0): Promise<string> => {
    advance(seconds(1));
    const asked = await order(n, dealId, quantity, extraUnits);
    await pay(world, provider, asked);
    return asked.body.id;
  };
  const orderOf = async (n: number, id: string) =>
    (await world.call('GET', `/v1/orders/${id}`, { token: residents[n]?.token })).body;
  const deal = async (id: string) => (await world.call('GET', `/v1/deals/${id}`)).body;
  const row = async (id: string) => {
    const [found] = await its.store.read.select().from(its.store.read.t.deals).where(eq(its.store.read.t.deals.id, id));
    return found;
  };
  const advance = (ms: number) => {
    world.clock.advance(seconds(ms / 1_000));
    other.clock.advance(seconds(ms / 1_000));
  };
  /** Time goes on until every order of it knows what became of it. */
  const closed = async (id: string) => {
    advance(days(3));
    return vi.waitFor(async () => {
      advance(seconds(5));
      const found = await row(id);
      expect(found?.settledAt).not.toBeNull();
      return found;
    });
  };
  const gone = async () =>
    vi.waitFor(async () => {
      const { receipts, partRefunds } = its.store.read.t;
      expect(await its.store.read.select().from(receipts).where(eq(receipts.refund, 'wanted'))).toEqual([]);
      expect(await its.store.read.select().from(partRefunds).where(eq(partRefunds.status, 'wanted'))).toEqual([]);
    });
  const backTo = (id: string) =>
    vi.waitFor(async () => {
      const [o] = await its.store.read.select().from(its.store.read.t.orders).where(eq(its.store.read.t.orders.id, id));
      return provider.refunds.filter(({ outTradeNo }) => outTradeNo === o?.paymentId).map(({ amountFen }) => amountFen);
    });

  it('shows who is in and what is next, and is not ready before it closes', async () => {
    const id = await communityDeal({ minUnits: 4, minPeople: 2, tiers: ladder });
    const first = await bought(0, id, 5);
    expect(await deal(id)).toMatchObject({
      mode: 'community',
      joined: { units: 5, people: 1, priceFen: 3_990, next: { fromUnits: 6, priceFen: 3_500 } },
      outcome: null,
      left: 19,
    });
    await bought(1, id, 2);
    expect((await deal(id)).joined).toEqual({
      units: 7,
      people: 2,
      priceFen: 3_500,
      next: { fromUnits: 12, priceFen: 2_990 },
    });
    expect(await orderOf(0, first)).toMatchObject({ status: 'paid', pickupCode: null, group: null, gotUnits: null });
  });

  it('costs everybody the price that all reached together, and sends the difference back to the fen', async () => {
    const id = await communityDeal({ tiers: ladder, minPeople: 2 });
    const [first, second] = [await bought(0, id, 5), await bought(1, id, 7)];
    expect(await closed(id)).toMatchObject({ outcome: 'complete', finalPriceFen: 2_990, sold: 12 });
    expect(await orderOf(0, first)).toMatchObject({
      status: 'ready',
      gotUnits: 5,
      totalFen: 19_950,
      backFen: 5_000,
      pickupCode: expect.stringMatching(/^\d{8}$/),
    });
    await gone();
    expect(await backTo(first)).toEqual([5_000]);
    expect(await backTo(second)).toEqual([7_000]);
    expect(await ledgerTotal(its.store.read)).toBe(0);
  });

  it('that did not come about sends all money back, and says so', async () => {
    const id = await communityDeal({ minUnits: 10 });
    const [first, second] = [await bought(0, id, 5), await bought(1, id, 4)];
    expect(await closed(id)).toMatchObject({ outcome: 'failed', finalPriceFen: null });
    await gone();
    for (const [n, orderId, fen] of [
      [0, first, 19_950],
      [1, second, 15_960],
    ] as const) {
      expect(await orderOf(n, orderId)).toMatchObject({ status: 'refunded', pickupCode: null });
      expect(await backTo(orderId)).toEqual([fen]);
    }
    expect(await deal(id)).toMatchObject({ status: 'closed', outcome: 'failed', left: 24 });
  });

  it('that its store stands for is delivered however few they are', async () => {
    const id = await communityDeal({ minUnits: 24, packUnits: 12, guaranteed: true });
    const only = await bought(0, id, 5);
    expect(await closed(id)).toMatchObject({ outcome: 'complete', finalPriceFen: 3_990 });
    expect(await orderOf(0, only)).toMatchObject({ status: 'ready', gotUnits: 5, backFen: 0 });
  });

  it('in cases gives whole cases: some get more of what they would take, the last go short, and pay for what they got', async () => {
    const id = await communityDeal({ packUnits: 12 });
    const filled = [await bought(0, id, 6, 2), await bought(1, id, 4, 9)];
    expect(await closed(id)).toMatchObject({ outcome: 'complete', sold: 12 });
    expect(await orderOf(0, filled[0] ?? '')).toMatchObject({ status: 'ready', gotUnits: 7, backFen: 3_990 });
    expect(await orderOf(1, filled[1] ?? '')).toMatchObject({ status: 'ready', gotUnits: 5, backFen: 8 * 3_990 });

    const short = await communityDeal({ packUnits: 12 });
    const [first, last, none] = [await bought(0, short, 10), await bought(1, short, 4), await bought(2, short, 3)];
    await closed(short);
    expect(await orderOf(0, first)).toMatchObject({ status: 'ready', gotUnits: 10 });
    expect(await orderOf(1, last)).toMatchObject({ status: 'ready', gotUnits: 2, backFen: 2 * 3_990 });
    await gone();
    expect(await orderOf(2, none)).toMatchObject({ status: 'refunded' });
    expect(await backTo(none)).toEqual([3 * 3_990]);
    expect(await row(short)).toMatchObject({ sold: 12, reserved: 0 });
  });

  it('waits for who may still pay when it closes, and counts them', async () => {
    const id = await communityDeal({ minUnits: 2, stock: 2 });
    await bought(0, id, 1);
    const { closesAt } = await deal(id);
    advance(closesAt - world.clock.now() - minutes(1));
    const late = await order(1, id, 1);
    advance(minutes(5));
    await vi.waitFor(async () => expect((await deal(id)).status).toBe('closed'));
    expect((await order(2, id, 1)).body.code).toBe('deal-not-open');
    expect(await row(id)).toMatchObject({ outcome: null, reserved: 1 });
    await pay(world, provider, late);
    expect(await closed(id)).toMatchObject({ outcome: 'complete', sold: 2 });
  });

  it('takes nothing on top where nothing comes in cases', async () => {
    const id = await communityDeal();
    expect(await order(0, id, 1, 1)).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  it('at once gives each a code with the payment', async () => {
    const id = await communityDeal({ mode: 'at-once' });
    expect(await orderOf(0, await bought(0, id, 2))).toMatchObject({ status: 'ready', group: null, backFen: 0 });
  });

  it('of groups that its store stands for delivers to a group that is not full', async () => {
    const id = await dealOf(world, merchant, { groupHours: 1, guaranteed: true });
    const alone = await bought(0, id, 1);
    advance(minutes(61));
    await vi.waitFor(async () => {
      advance(seconds(5));
      expect(await orderOf(0, alone)).toMatchObject({
        status: 'ready',
        group: { paid: 1, size: 2, status: 'complete' },
      });
    });
  });

  it('never delivers or sends back a fen more or less than was paid, whoever buys how much', async () => {
    const buying = fc.record({
      n: fc.nat(5),
      quantity: fc.integer({ min: 1, max: 6 }),
      extraUnits: fc.nat(4),
      pays: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(buying, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(1, 4, 6),
        fc.nat(12),
        async (all, packUnits, minUnits) => {
          const storeFen = () => balanceOf(its.store.read, accounts.storePayable(merchant.storeId));
          const before = await storeFen();
          const id = await communityDeal({ packUnits, minUnits, tiers: ladder });
          const paid: { readonly id: string; readonly n: number }[] = [];
          for (const { n, quantity, extraUnits, pays } of all) {
            const asked = await order(n, id, quantity, packUnits === 1 ? 0 : extraUnits);
            if (asked.status !== 201 || !pays) continue;
            await pay(world, provider, asked);
            paid.push({ id: asked.body.id, n });
          }
          const end = await closed(id);
          await gone();
          let owed = 0;
          for (const one of paid) {
            const { status, gotUnits, totalFen } = await orderOf(one.n, one.id);
            const back = (await backTo(one.id)).reduce((sum, fen) => sum + fen, 0);
            const units = status === 'ready' ? gotUnits : 0;
            expect(totalFen - back).toBe(units * (end?.finalPriceFen ?? 0));
            owed += totalFen - back;
          }
          expect(end?.reserved).toBe(0);
          expect(before - (await storeFen())).toBe(owed);
          expect(await ledgerTotal(its.store.read)).toBe(0);
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  }, 180_000);
});
