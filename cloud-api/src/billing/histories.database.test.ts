import { after, halfHourMs, halfHourOf, instant, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { ledgerTotal } from '../settlement/ledger.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, type TestMerchant } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { paidLineItem, told, type PaidLineItem } from './paid-line-item.fixture.ts';

const never = new AbortController().signal;

const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ cell: fc.nat({ max: 1 }), milli: fc.nat({ max: 15_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ line: fc.nat(), part: fc.nat(), ends: fc.constantFrom('uphold', 'refuse', 'withdraw') }),
  },
);

describeStores('a bill that is disputed and restated at random after its end', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let shop: TestMerchant;
  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: memoryProvider(), env: { FFMPEG_PATH: 'none' } });
    here = await neighbourhood(world);
    shop = await merchantAt(world, here);
  }, 60_000);
  afterAll(() => world.close());

  const linesOf = async ({ id }: PaidLineItem) => {
    const t = its.store.read.t.invoiceLines;
    return its.store.read.select().from(t).where(eq(t.bookingId, id));
  };

  /** What must be true of a line item whose bill is closed, whatever happened. */
  async function isWhole(item: PaidLineItem, priceFen: number): Promise<void> {
    const { payments: p, creditNotes: c } = its.store.read.t;
    const [payment] = await its.store.read.select().from(p).where(eq(p.id, item.paymentId));
    const lines = await linesOf(item);
    const earned = lines.reduce((sum, { amountFen }) => sum + amountFen, 0);
    expect(earned).toBeGreaterThanOrEqual(0);
    expect(earned + (payment?.refundedFen ?? 0)).toBe(priceFen);
    const shared = lines.reduce((sum, { ownersFen, managementFen }) => sum + ownersFen + managementFen, 0);
    expect(shared).toBeGreaterThanOrEqual(0);
    expect(shared).toBeLessThanOrEqual(earned);
    for (const note of await its.store.read.select().from(c).where(eq(c.bookingId, item.id)))
      expect(lines.find(({ creditNoteId }) => creditNoteId === note.id)).toBeDefined();
    expect(await ledgerTotal(its.store.read)).toBe(0);
  }

  async function dispute(item: PaidLineItem, about: { line: number; part: number; ends: string }): Promise<void> {
    const lines = (await linesOf(item)).filter(({ kind }) => kind === 'exposure');
    const line = lines[about.line % Math.max(1, lines.length)];
    if (!line) return;
    const body = { lineId: line.id, reason: '没有那么多人' };
    const made = await world.call('POST', `/v1/invoices/${line.invoiceId}/disputes`, { token: shop.token, body });
    // Nothing is left to give back of that half-hour.
    if (made.status !== 201) {
      expect(made.body.code).toBe('nothing-to-credit');
      return;
    }
    // Rounded over the whole bill, a half-hour may say a fen more than the bill has left.
    const sum = (some: readonly { readonly amountFen: number }[]) =>
      some.reduce((all, each) => all + each.amountFen, 0);
    const now = await linesOf(item);
    const most = Math.min(sum(now.filter(({ at }) => at === line.at)), sum(now));
    const token = about.ends === 'withdraw' ? shop.token : world.operator;
    const said = about.ends === 'uphold' ? { note: '屏幕黑着', amountFen: 1 + (about.part % most) } : { note: '不行' };
    const path = `/v1/disputes/${made.body.id}/${about.ends}`;
    const done = await world.call('POST', path, { token, body: about.ends === 'withdraw' ? {} : said });
    expect(done.status).toBeLessThan(300);
  }

  it('has earned and sent back exactly what was paid after every step', { timeout: 240_000 }, async () => {
    const price = fc.integer({ min: 1, max: 5_000 });
    await fc.assert(
      fc.asyncProperty(
        price,
        fc.integer({ min: 1, max: 20 }),
        fc.array(anyStep, { maxLength: 8 }),
        async (...drawn) => {
          const [priceFen, touches, steps] = drawn;
          const campaignId = newId('campaign');
          const now = world.clock.now();
          await its.store.tx(async (q) => {
            const no = (await q.select().from(q.t.campaigns)).length + 1;
            const about = { merchantId: shop.id, name: '草莓季', clipId: newId('clip'), createdAt: now };
            await q.insert(q.t.campaigns).values({ id: campaignId, no, ...about });
          });
          const { communityId } = here;
          const first = after(halfHourOf(now), halfHourMs);
          const cells = [0, 1].map((n) => ({ communityId, at: instant(first + n * halfHourMs), plannedMilli: 5_000 }));
          const terms = { merchantId: shop.id, campaignId, priceFen, touches, cells };
          const items = [await paidLineItem(world, terms), await paidLineItem(world, terms)];
          const versions = [0, 0];
          const tell = async (n: number, milli: number) => {
            const version = (versions[n] = (versions[n] ?? 0) + 1);
            await told(world, { campaignId, communityId, at: cells[n]?.at ?? first, version }, milli);
            await world.app.billing.run(never);
          };
          await tell(0, 8_000);
          await tell(1, 6_000);
          const ended = { settledAt: now, status: 'ended' as const };
          const b = its.store.read.t.bookings;
          await its.store.tx(async (q) => void (await q.update(b).set(ended).where(eq(b.campaignId, campaignId))));
          await world.app.billing.run(never);
          for (const step of steps) {
            const [one] = items;
            if ('cell' in step) await tell(step.cell, step.milli);
            else if (one) await dispute(one, step);
            for (const item of items) await isWhole(item, priceFen);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
