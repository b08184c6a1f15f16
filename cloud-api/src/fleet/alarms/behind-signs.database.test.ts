import { hours, instant, minutes, newId, type DurationMs } from '@gatecast/firmware-protocol';
import { inArray, like, or } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { seedSoldTown } from '../../campaigns/sold-town.fixture.ts';
import { describeStores } from '../../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../../test-app.ts';

/** Two more than are an alarm each. */
const lineItems = 22;

describeStores('line items that are going to fall short', (its) => {
  let world: TestApp;
  let ids: string[];

  beforeAll(async () => {
    world = await testApp({ store: its.store });
    const now = world.clock.now();
    await seedSoldTown(its.store, { communities: 4, lineItems, sold: 0.1 }, now);
    const lines = await its.store.read.select().from(its.store.read.t.bookings);
    ids = lines.map(({ id }) => id);
    await its.store.tx(async (q) => {
      await q.insertMany(
        q.t.campaigns,
        lines.map(({ campaignId: id, merchantId }, n) => {
          const none = { dealId: null, capPlays: null, capDays: null };
          return { id, no: n + 1, merchantId, name: `草莓季 ${n}`, clipId: newId('clip'), createdAt: now, ...none };
        }),
      );
      await q.update(q.t.bookings).set({ touches: 100 });
    });
  }, 90_000);
  afterAll(() => world.close());
  beforeEach(async () => {
    await its.store.tx(async (q) => {
      // The watch looks when a test says so, and nothing is planned anew meanwhile.
      await q
        .delete(q.t.jobs)
        .where(or(inArray(q.t.jobs.kind, ['fleet.watch', 'delivery.replan']), like(q.t.jobs.kind, 'outbox:%')));
      await q.delete(q.t.fleetAlarms);
      await q.delete(q.t.deliveryOutlooks);
      await q.update(q.t.bookings).set({ pausedAt: null, pausedBy: null });
    });
  });

  const open = async () =>
    (await world.call('GET', '/v1/fleet/alarms', { token: world.operator })).body.items.filter(
      ({ kind }: { kind: string }) => kind === 'line-item-behind',
    );
  const look = async (later: DurationMs) => {
    world.clock.advance(later);
    await world.app.watch.look();
  };
  /** As a plan leaves it that finds room for 80 of 100. */
  const fallShort = (some: readonly string[]) =>
    its.store.tx((q) =>
      q.insertMany(
        q.t.deliveryOutlooks,
        some.map((bookingId) => {
          const bounds = { expectedMilli: 80_000, lowMilli: 70_000, highMilli: 90_000 };
          const now = world.clock.now();
          return { bookingId, merchantId: newId('merchant'), madeAt: now, behindSince: now, ...bounds };
        }),
      ),
    );
  const catchUp = () =>
    its.store.tx(async (q) => void (await q.update(q.t.deliveryOutlooks).set({ behindSince: null })));

  it('raise an alarm when later plans did not mend it, and end it when one has', async () => {
    const [id = ''] = ids;
    await fallShort([id]);
    await look(minutes(80));
    expect(await open()).toEqual([]);
    await look(minutes(10));
    expect(await open()).toMatchObject([
      {
        severity: 'warning',
        terminalId: null,
        facts: { lineItem: id, missing: 20, name: expect.stringMatching('草莓季') },
      },
    ]);
    await catchUp();
    await look(minutes(5));
    expect(await open()).toHaveLength(1);
    await look(minutes(10));
    expect(await open()).toEqual([]);
  });

  it('are no alarm while somebody has paused them', async () => {
    const [id = ''] = ids;
    await fallShort([id]);
    const now = instant(world.clock.now());
    await its.store.tx(async (q) => void (await q.update(q.t.bookings).set({ pausedAt: now, pausedBy: 'merchant' })));
    await look(hours(3));
    expect(await open()).toEqual([]);
  });

  it('are one alarm when there are very many of them', async () => {
    await fallShort(ids);
    await look(hours(2));
    expect(await open()).toMatchObject([{ facts: { lineItem: null, atLeast: 21 } }]);
  });
});
