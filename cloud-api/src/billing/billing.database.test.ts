import {
  after,
  days,
  halfHourMs,
  halfHourOf,
  instant,
  minutes,
  newId,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { eq, like } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { wholeReads } from '../platform/db/query-plans.fixture.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { balanceOf, ledgerTotal } from '../settlement/ledger.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { operatorLogin, testApp, type TestApp } from '../test-app.ts';
import { merchantAt, residentAt, sessionOf, type TestMerchant, type TestResident } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { paidLineItem, told, type PaidLineItem } from './paid-line-item.fixture.ts';

const never = new AbortController().signal;

describeStores('the bill of a line item', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let here: Neighbourhood;
  let there: Neighbourhood;
  let shop: TestMerchant;
  let rival: TestMerchant;
  let resident: TestResident;
  let campaignId: string;
  let at: InstantMs;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider, env: { FFMPEG_PATH: 'none' } });
    here = await neighbourhood(world);
    there = await neighbourhood(world);
    shop = await merchantAt(world, here);
    rival = await merchantAt(world, here, '隔壁老王');
    resident = await residentAt(world, there, '住户');
  }, 60_000);
  afterAll(() => world.close());
  beforeEach(async () => {
    campaignId = newId('campaign');
    at = after(halfHourOf(world.clock.now()), halfHourMs);
    const about = { merchantId: shop.id, name: '=草莓季', clipId: newId('clip'), createdAt: world.clock.now() };
    await its.store.tx(async (q) => {
      await q.lock('campaign-no');
      const no = (await q.select().from(q.t.campaigns)).length + 1;
      await q.insert(q.t.campaigns).values({ id: campaignId, no, ...about });
    });
  });

  const cell = (n: number, communityId = here.communityId) => ({
    communityId,
    at: instant(at + n * halfHourMs),
    plannedMilli: 5_000,
  });
  const item = (over: Partial<Parameters<typeof paidLineItem>[1]> = {}) =>
    paidLineItem(world, {
      merchantId: shop.id,
      campaignId,
      priceFen: 1_000,
      touches: 10,
      cells: [cell(0), cell(1)],
      ...over,
    });
  const tell = (n: number, verifiedMilli: number, version = 1, communityId = here.communityId) =>
    told(world, { campaignId, communityId, at: cell(n).at, version }, verifiedMilli);
  const bill = () => world.app.billing.run(never);
  const linesOf = async ({ id }: Pick<PaidLineItem, 'id'>) => {
    const t = its.store.read.t.invoiceLines;
    const found = await its.store.read.select().from(t).where(eq(t.bookingId, id));
    return found.toSorted((a, b) => a.madeAt - b.madeAt || a.at - b.at || a.reportVersion - b.reportVersion);
  };
  const amounts = async (of: PaidLineItem) => (await linesOf(of)).map(({ kind, amountFen }) => [kind, amountFen]);
  const settle = (of: PaidLineItem) =>
    its.store.tx(async (q) => {
      const set = { settledAt: world.clock.now(), status: 'ended' as const };
      await q.update(q.t.bookings).set(set).where(eq(q.t.bookings.id, of.id));
    });
  const paymentOf = async ({ paymentId }: PaidLineItem) => {
    const t = its.store.read.t.payments;
    const [row] = await its.store.read.select().from(t).where(eq(t.id, paymentId));
    return row;
  };
  const earnedOf = async (of: PaidLineItem) => (await linesOf(of)).reduce((sum, { amountFen }) => sum + amountFen, 0);
  const signedIn = () => world.signIn(operatorLogin.email, operatorLogin.password);
  const invoicesOf = async (token = shop.token, query = '') =>
    (await world.call('GET', `/v1/invoices?campaignId=${campaignId}${query}`, { token })).body.items;

  it('has a line for each half-hour that was reported, priced once, with what was filtered and why', async () => {
    const line = await item();
    await tell(0, 4_000);
    await tell(1, 2_500);
    await bill();
    expect(await amounts(line)).toEqual([
      ['exposure', 400],
      ['exposure', 200],
    ]);
    const [draft] = await invoicesOf();
    expect(draft).toMatchObject({ status: 'draft', month: '2026-11', lines: 2, totalFen: 600, issuedAt: null });
    const { body } = await world.call('GET', `/v1/invoices/${draft.id}/lines`, { token: shop.token });
    expect(body.items[1]).toMatchObject({
      communityId: here.communityId,
      placement: 'gate',
      verifiedMilliTouches: 2_500,
      touchPriceMilliFen: 100_000,
      filtered: [{ reason: 'repeat', plays: 2 }],
      expectedPpm: 1_000_000,
      reportVersion: 1,
    });
  });

  it('bills a report once, however often and from however many sides the job runs', async () => {
    const line = await item();
    await tell(0, 4_000);
    await Promise.all([bill(), bill(), bill()]);
    await bill();
    expect(await amounts(line)).toEqual([['exposure', 400]]);
    expect(await balanceOf(its.store.read, 'deferred-income')).not.toBeNaN();
  });

  it('goes on where a run was cut off', async () => {
    const line = await item();
    await tell(0, 4_000);
    await tell(1, 2_000);
    await world.app.billing.run(AbortSignal.abort());
    expect(await linesOf(line)).toEqual([]);
    await bill();
    expect(await amounts(line)).toHaveLength(2);
  });

  it('never reads all lines of everybody to write one', async () => {
    // A small table is read whole by PostgreSQL, whatever indexes it has.
    if (its.store.dialect === 'postgres') return;
    await item();
    await tell(0, 4_000);
    const isSmall = (table: string) => !table.startsWith('invoice') && !table.startsWith('booking_cells');
    expect(await wholeReads(its, isSmall, bill)).toEqual([]);
  });

  it('says in a line of its own what a restated report changes, and never edits one', async () => {
    const line = await item();
    await tell(0, 4_000);
    await bill();
    const before = await linesOf(line);
    await tell(0, 6_000, 2);
    await bill();
    await tell(0, 3_000, 3);
    await bill();
    const lines = await linesOf(line);
    expect(lines).toHaveLength(3);
    expect(lines).toEqual(expect.arrayContaining(before));
    expect(new Set(lines.map(({ amountFen }) => amountFen))).toEqual(new Set([400, 200, -300]));
    expect(await earnedOf(line)).toBe(300);
  });

  it('is shared among line items of one campaign as they were planned, and adds up', async () => {
    const first = await item({ cells: [{ ...cell(0), plannedMilli: 2_000 }] });
    const second = await item({ cells: [{ ...cell(0), plannedMilli: 1_000 }] });
    await tell(0, 9_001);
    await bill();
    const parts = [...(await linesOf(first)), ...(await linesOf(second))].map(({ verifiedMilli }) => verifiedMilli);
    expect(parts).toEqual([6_001, 3_000]);
  });

  it('never earns more than was paid: touches beyond are a present', async () => {
    const line = await item();
    await tell(0, 8_000);
    await tell(1, 8_000);
    await bill();
    expect((await amounts(line)).map(([, amountFen]) => amountFen)).toEqual([800, 200]);
  });

  it('puts what is earned into the ledger: out of what was paid in advance, to the platform, the owners and their management', async () => {
    const sums = async () =>
      Promise.all(
        [
          'deferred-income',
          'platform-income',
          `owners-payable:${here.communityId}`,
          `management-payable:${here.communityId}`,
        ].map((account) => balanceOf(its.store.read, account)),
      );
    const before = await sums();
    await item();
    await tell(0, 10_000);
    await bill();
    const after = await sums();
    // 1,000 fen came; 10 % are the management's, 70 % of the rest the owners'.
    expect(after.map((sum, n) => sum - (before[n] ?? 0))).toEqual([0, -270, -630, -100]);
    expect(await ledgerTotal(its.store.read)).toBe(0);
  });

  it('is shared with owners who decided while its first half-hour ran, but not again where it was billed without them', async () => {
    const { t } = its.store.read;
    const owed = () => balanceOf(its.store.read, `owners-payable:${there.communityId}`);
    const decided = (inForceFrom: InstantMs) =>
      its.store.tx(async (q) => {
        await q
          .update(t.ownerDecisions)
          .set({ inForceFrom })
          .where(eq(t.ownerDecisions.communityId, there.communityId));
      });
    const [was] = await its.store.read
      .select()
      .from(t.ownerDecisions)
      .where(eq(t.ownerDecisions.communityId, there.communityId));
    const before = await owed();
    await item({ cells: [cell(0, there.communityId), cell(2, there.communityId)] });
    await decided(after(cell(2).at, minutes(29)));
    await tell(0, 4_000, 1, there.communityId);
    await tell(2, 4_000, 1, there.communityId);
    await bill();
    expect(before - (await owed())).toBe(252);
    await decided(was?.inForceFrom ?? at);
    await tell(0, 1_000, 2, there.communityId);
    await bill();
    expect(before - (await owed())).toBe(252);
  });

  it('takes what an earlier version called income for what it is, once', async () => {
    const line = await item({ isOld: true });
    await tell(0, 1_000);
    await bill();
    await tell(1, 1_000);
    await bill();
    const t = its.store.read.t.ledgerSets;
    const sets = await its.store.read.select().from(t).where(eq(t.businessNo, line.paymentId));
    expect(sets.map(({ kind }) => kind)).toEqual(['slot-deferral']);
  });

  it('ends with earned and sent back being what was paid, and is issued then', async () => {
    const line = await item();
    await tell(0, 4_900);
    await settle(line);
    await bill();
    expect(await earnedOf(line)).toBe(400);
    expect(await paymentOf(line)).toMatchObject({ refundedFen: 600 });
    expect(await invoicesOf()).toMatchObject([{ status: 'issued', totalFen: 400 }]);
  });

  it('lets off what was sent back beyond what was not earned', async () => {
    const line = await item({ cells: [cell(0), cell(1, there.communityId)] });
    await tell(0, 5_000);
    await tell(1, 5_000, 1, there.communityId);
    await bill();
    await its.store.tx(async (q) => {
      await q.update(q.t.payments).set({ refundedFen: 300 }).where(eq(q.t.payments.id, line.paymentId));
    });
    await settle(line);
    await bill();
    expect(await earnedOf(line)).toBe(700);
    expect((await amounts(line)).filter(([kind]) => kind === 'closing')).toEqual([
      ['closing', -150],
      ['closing', -150],
    ]);
  });

  it('gives money back by itself when a report is restated after the end, and keeps a present a present', async () => {
    const line = await item();
    await tell(0, 5_000);
    await settle(line);
    await bill();
    await tell(0, 9_000, 2);
    await bill();
    expect(await earnedOf(line)).toBe(500);
    await tell(0, 3_000, 3);
    await bill();
    expect(await earnedOf(line)).toBe(300);
    expect(await paymentOf(line)).toMatchObject({ refundedFen: 700 });
    expect(await invoicesOf()).toMatchObject([{ status: 'issued', totalFen: 500, creditedFen: 200 }]);
  });

  it('is nobody else’s, and its CSV is for spreadsheets without a formula', async () => {
    await item();
    await tell(0, 4_000);
    await bill();
    const [{ id }] = await invoicesOf();
    for (const path of [`/v1/invoices/${id}`, `/v1/invoices/${id}/lines`, `/v1/invoices/${id}/lines.csv`])
      expect((await world.call('GET', path, { token: rival.token })).status).toBe(404);
    expect(await invoicesOf(rival.token)).toEqual([]);
    const request = new Request(`http://gatecast.test/v1/invoices/${id}/lines.csv`, {
      headers: { authorization: `Bearer ${shop.token}` },
    });
    const bytes = new Uint8Array(await (await world.app.fetch(request)).arrayBuffer());
    expect(Array.from(bytes.subarray(0, 3))).toEqual([0xef, 0xbb, 0xbf]);
    const text = new TextDecoder().decode(bytes);
    expect(text).toContain('Linden Court');
    expect(text.split('\r\n').every((row) => !/^[=+@]/.test(row))).toBe(true);
  });

  const disputed = async (verifiedMilli = 5_000) => {
    const line = await item();
    await tell(0, verifiedMilli);
    await settle(line);
    await bill();
    const [invoice] = await invoicesOf();
    const [{ id: lineId }] = (await world.call('GET', `/v1/invoices/${invoice.id}/lines`, { token: shop.token })).body
      .items;
    const open = (token = shop.token) =>
      world.call('POST', `/v1/invoices/${invoice.id}/disputes`, { token, body: { lineId, reason: '没有那么多人' } });
    return { line, invoice, lineId, open };
  };
  const decide = (id: string, verb: string, body: object, token = world.operator) =>
    world.call('POST', `/v1/disputes/${id}/${verb}`, { token, body });

  it('can be disputed line by line, seen with its evidence, and given back by a credit note whose money goes back', async () => {
    const { line, invoice, open } = await disputed();
    const made = await open();
    expect(made).toMatchObject({ status: 201, body: { status: 'open', isOverdue: false, line: { amountFen: 500 } } });
    expect((await open()).body.code).toBe('dispute-open');
    expect((await open(rival.token)).status).toBe(404);
    const seen = await world.call('GET', `/v1/disputes/${made.body.id}`, { token: shop.token });
    expect(seen.body.evidence).toMatchObject({ versions: [{ version: 1, verifiedMilliTouches: 5_000 }], screens: [] });
    const upheld = await decide(made.body.id, 'uphold', { note: '屏幕黑着', amountFen: 200 });
    expect(upheld.body).toMatchObject({ status: 'upheld', note: '屏幕黑着', credit: { amountFen: 200 } });
    expect(await paymentOf(line)).toMatchObject({ refundedFen: 700 });
    expect(await earnedOf(line)).toBe(300);
    expect((await decide(made.body.id, 'refuse', { note: '不行' })).body.code).toBe('dispute-state');
    const rest = await open();
    await decide(rest.body.id, 'uphold', { note: '全退' });
    expect(await invoicesOf()).toMatchObject([{ id: invoice.id, status: 'credited', creditedFen: 500 }]);
    expect((await open()).body.code).toBe('nothing-to-credit');
    expect(await ledgerTotal(its.store.read)).toBe(0);
  });

  it('gives the same touches back once: what a dispute gave is not given again when the half-hour is told lower', async () => {
    const { line, open } = await disputed();
    const { body } = await open();
    await decide(body.id, 'uphold', { note: '屏幕黑着', amountFen: 200 });
    expect(await earnedOf(line)).toBe(300);
    await tell(0, 4_000, 2);
    await bill();
    expect(await earnedOf(line)).toBe(300);
    await tell(0, 1_000, 3);
    await bill();
    expect(await earnedOf(line)).toBe(100);
    expect(await paymentOf(line)).toMatchObject({ refundedFen: 900 });
    expect(await ledgerTotal(its.store.read)).toBe(0);
  });

  it('stands where the operator refuses a dispute with a reason, or the merchant takes it back', async () => {
    const { open, line } = await disputed();
    const first = await open();
    expect((await decide(first.body.id, 'refuse', { note: '播放记录完整' })).body).toMatchObject({
      status: 'refused',
      note: '播放记录完整',
      credit: null,
    });
    const second = await open();
    expect((await decide(second.body.id, 'withdraw', {}, shop.token)).body).toMatchObject({ status: 'withdrawn' });
    expect((await decide(second.body.id, 'uphold', { note: '好的' })).body.code).toBe('dispute-state');
    expect(await earnedOf(line)).toBe(500);
  });

  it('cannot be credited beyond what it bills', async () => {
    const { open } = await disputed();
    const { body } = await open();
    expect((await decide(body.id, 'uphold', { note: '多退', amountFen: 501 })).body).toMatchObject({
      code: 'nothing-to-credit',
      mostFen: 500,
    });
  });

  it('can be disputed for a month, and a dispute that waits too long says so', async () => {
    const { open } = await disputed();
    const { body } = await open();
    const { issuedAt } = (await invoicesOf())[0];
    const t = its.store.read.t.invoices;
    await its.store.tx(async (q) => {
      await q
        .update(q.t.disputes)
        .set({ dueAt: instant(world.clock.now() - 1) })
        .where(eq(q.t.disputes.id, body.id));
      await q
        .update(q.t.invoices)
        .set({ issuedAt: instant(issuedAt - days(30)) })
        .where(eq(t.campaignId, campaignId));
    });
    const { items } = (await world.call('GET', '/v1/disputes?status=open', { token: shop.token })).body;
    expect(items.find(({ id }: { id: string }) => id === body.id)).toMatchObject({ isOverdue: true });
    await decide(body.id, 'withdraw', {}, shop.token);
    expect((await open()).body.code).toBe('dispute-too-late');
  });

  it('calls somebody for a dispute that is late, and after five more days of silence gives the merchant right, once', async () => {
    const { open, line } = await disputed();
    const { body } = await open();
    await its.store.tx((q) =>
      q
        .update(q.t.disputes)
        .set({ dueAt: instant(world.clock.now() - 1) })
        .where(eq(q.t.disputes.id, body.id)),
    );
    const endSilent = (signal: AbortSignal) => world.app.billing.disputes.endSilent(signal);
    await endSilent(never);
    await world.app.watch.look();
    const alarms = async () =>
      (await world.call('GET', '/v1/fleet/alarms', { token: await signedIn() })).body.items.filter(
        ({ kind }: { kind: string }) => kind === 'dispute-overdue',
      );
    expect(await alarms()).toMatchObject([{ since: world.clock.now() - 1, facts: { dispute: body.id } }]);
    expect(await earnedOf(line)).toBe(500);

    await its.store.tx((q) =>
      q
        .update(q.t.disputes)
        .set({ dueAt: instant(world.clock.now() - days(5)) })
        .where(eq(q.t.disputes.id, body.id)),
    );
    await Promise.all([endSilent(never), endSilent(never)]);
    await endSilent(never);
    const shown = await world.call('GET', `/v1/disputes/${body.id}`, { token: shop.token });
    expect(shown.body).toMatchObject({ status: 'upheld', isBySilence: true, note: null, credit: { amountFen: 500 } });
    expect(await earnedOf(line)).toBe(0);
    expect(await paymentOf(line)).toMatchObject({ refundedFen: 1_000 });
    expect((await decide(body.id, 'refuse', { note: '不行' })).body.code).toBe('dispute-state');
    expect(await ledgerTotal(its.store.read)).toBe(0);
    await world.app.watch.look();
    world.clock.advance(minutes(3));
    await world.app.watch.look();
    expect(await alarms()).toEqual([]);
  });

  it(
    'holds over random histories: earned and sent back are what was paid, one effect for each event',
    { timeout: 120_000 },
    async () => {
      const step = fc.oneof(
        fc.record({
          do: fc.constant('tell' as const),
          cell: fc.integer({ min: 0, max: 3 }),
          milli: fc.integer({ min: 0, max: 9_000 }),
        }),
        fc.record({ do: fc.constant('bill' as const), times: fc.integer({ min: 1, max: 3 }) }),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 3, maxLength: 10 }),
          fc.integer({ min: 1, max: 5_000 }),
          fc.integer({ min: 1, max: 20 }),
          async (steps, priceFen, touches) => {
            campaignId = newId('campaign');
            const cells = [0, 1, 2, 3].map((n) => cell(n, n % 2 === 0 ? here.communityId : there.communityId));
            const line = await item({ priceFen, touches, cells });
            const versions = [0, 0, 0, 0];
            for (const one of steps) {
              if (one.do === 'bill') await Promise.all(Array.from({ length: one.times }, bill));
              else {
                versions[one.cell] = (versions[one.cell] ?? 0) + 1;
                const communityId = cells[one.cell]?.communityId;
                await tell(one.cell, one.milli, versions[one.cell], communityId);
              }
            }
            await settle(line);
            await bill();
            await tell(0, 500, (versions[0] ?? 0) + 1, here.communityId);
            await Promise.all([bill(), bill()]);
            const earned = await earnedOf(line);
            const payment = await paymentOf(line);
            expect(earned + (payment?.refundedFen ?? 0)).toBe(priceFen);
            expect(earned).toBeGreaterThanOrEqual(0);
            const lines = await linesOf(line);
            for (const { id, amountFen } of lines.filter(({ amountFen }) => amountFen !== 0)) {
              const e = its.store.read.t.ledgerEntries;
              const s = its.store.read.t.ledgerSets;
              const posted = await its.store.read
                .select({ amountFen: e.amountFen })
                .from(e)
                .innerJoin(s, eq(s.id, e.setId))
                .where(eq(s.businessNo, id));
              expect(posted.filter((p) => p.amountFen === amountFen).length).toBeGreaterThanOrEqual(1);
              expect(posted.reduce((sum, p) => sum + p.amountFen, 0)).toBe(0);
            }
          },
        ),
        { numRuns: 8 },
      );
      expect(await ledgerTotal(its.store.read)).toBe(0);
      const t = its.store.read.t.ledgerSets;
      const sets = await its.store.read.select().from(t).where(like(t.kind, 'slot-%'));
      expect(new Set(sets.map(({ kind, businessNo }) => `${kind}|${businessNo}`)).size).toBe(sets.length);
    },
  );

  it('makes the owners’ account, from which no more is paid out than is owed, and a statement that residents read', async () => {
    const token = world.operator;
    const account = async (as = token) =>
      (await world.call('GET', `/v1/communities/${there.communityId}/ad-income`, { token: as })).body;
    await item({ cells: [cell(0, there.communityId)] });
    await tell(0, 10_000, 1, there.communityId);
    await bill();
    const { owedOwnersFen } = await account(there.manager);
    expect(owedOwnersFen).toBeGreaterThanOrEqual(630);
    const pay = (amountFen: number) =>
      world.call(
        'POST',
        `/v1/communities/${there.communityId}/ad-payouts?party=owners&paidOn=2026-11-01&amountFen=${amountFen}`,
        {
          token,
          body: '%PDF-1.7 回单',
        },
      );
    expect((await pay(owedOwnersFen + 1)).body.code).toBe('payout-exceeds');
    expect((await pay(500)).body).toMatchObject({
      owedOwnersFen: owedOwnersFen - 500,
      payouts: [{ party: 'owners', amountFen: 500, paidOn: '2026-11-01' }],
    });
    expect(
      (await world.call('GET', `/v1/communities/${here.communityId}/ad-income`, { token: there.manager })).status,
    ).toBe(404);
    expect((await world.call('GET', '/v1/me/ad-income', { token: resident.token })).body.quarters).toEqual([]);
  });

  it('is issued a day and a half after its month, and what is told later stands in the next one', async () => {
    const line = await item();
    await tell(0, 4_000);
    await bill();
    world.clock.advance(days(10));
    await bill();
    const token = await signedIn();
    expect(await invoicesOf(token)).toMatchObject([{ status: 'issued', totalFen: 400 }]);
    await tell(0, 2_000, 2);
    await bill();
    expect(await invoicesOf(token)).toMatchObject([
      { status: 'draft', month: '2026-12', totalFen: -200 },
      { status: 'issued', month: '2026-11', totalFen: 400 },
    ]);
    expect(await earnedOf(line)).toBe(200);
  });

  it('publishes what a quarter brought once it is over, in sums alone, to the residents', async () => {
    world.clock.advance(days(40));
    const t = its.store.read.t.ownerStatements;
    const statements = () => its.store.read.select().from(t).where(eq(t.communityId, there.communityId));
    await world.app.billing.owners.publish(never);
    await world.app.billing.owners.publish(never);
    expect(await statements()).toMatchObject([{ quarter: '2026-Q4', paidOwnersFen: 500 }]);
    const token = await sessionOf(world, resident.id);
    const { body } = await world.call('GET', '/v1/me/ad-income', { token });
    expect(body).toMatchObject({
      communityName: 'Linden Court',
      quarters: [{ quarter: '2026-Q4', paidOwnersFen: 500 }],
    });
    const [{ incomeFen, ownersFen, managementFen, owedOwnersFen }] = body.quarters;
    expect([ownersFen > 0, managementFen > 0, owedOwnersFen]).toEqual([true, true, ownersFen - 500]);
    expect(ownersFen + managementFen).toBeLessThan(incomeFen);
  });

  it('gives the same touches back once before the line item ends, too, and counts again what is told higher', async () => {
    const line = await item();
    await tell(0, 5_000);
    await bill();
    world.clock.advance(days(40));
    await bill();
    const [billed] = await linesOf(line);
    const now = world.clock.now();
    const dispute = { id: newId('dispute'), lineId: billed?.id ?? '', invoiceId: billed?.invoiceId ?? '' };
    const asked = { merchantId: shop.id, reason: '屏幕黑着', status: 'open' as const, createdAt: now, dueAt: now };
    await its.store.tx(async (q) => void (await q.insert(q.t.disputes).values({ ...dispute, ...asked })));
    const upheld = await decide(dispute.id, 'uphold', { note: '屏幕黑着', amountFen: 200 }, await signedIn());
    expect(upheld.body).toMatchObject({ status: 'upheld', credit: { amountFen: 200 } });
    for (const [version, milli, earned] of [
      [2, 4_000, 300],
      [3, 1_000, 100],
      [4, 2_000, 200],
      [5, 5_000, 300],
    ] as const) {
      await tell(0, milli, version);
      await bill();
      expect([version, await earnedOf(line)]).toEqual([version, earned]);
    }
    expect(await ledgerTotal(its.store.read)).toBe(0);
  });
});
