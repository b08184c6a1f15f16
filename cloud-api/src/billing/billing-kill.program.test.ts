import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, halfHourMs, halfHourOf, instant, newId } from '@gatecast/firmware-protocol';
import { eq, like, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../platform/db/store.ts';
import { silentLog } from '../platform/log.ts';
import { balanceOf, ledgerTotal } from '../settlement/ledger.ts';
import { testApp } from '../test-app.ts';
import { merchantAt } from '../test-market.ts';
import { neighbourhood } from '../test-neighbourhood.ts';
import { paidLineItem, told } from './paid-line-item.fixture.ts';
import { earnedFen } from './rules.ts';

const program = fileURLToPath(new URL('../../bin/gatecast-cloud.js', import.meta.url));
const lineItems = 20;
const halfHours = 20;
const price = { priceFen: 9_973, touches: 23 };
/** Of each half-hour in turn; more than was bought in all. */
const milliOf = (lineItem: number, n: number): number => ((lineItem * 7 + n * 3) % 5) * 617;

describe('billing that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-billing-'));
  const env = {
    GATECAST_DATA_DIR: folder,
    GATECAST_MASTER_KEY_FILE: join(folder, 'master.key'),
    GATECAST_DATABASE_URL: join(folder, 'cloud.sqlite'),
    FFMPEG_PATH: 'none',
  };
  const ofProgram = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    GATECAST_CLOUD_PORT: '0',
    GATECAST_BROKER_URL: '',
    GATECAST_LOG_LEVEL: 'silent',
    GATECAST_PARENT_WATCH: '1',
    ...env,
  };
  let store: Store;
  const bookings: { readonly id: string; readonly wantedFen: number }[] = [];

  beforeAll(async () => {
    store = await openStore(env.GATECAST_DATABASE_URL, silentLog());
    const world = await testApp({ store, env });
    const here = await neighbourhood(world);
    const shop = await merchantAt(world, here);
    const { communityId } = here;
    const first = halfHourOf(world.clock.now());
    for (let no = 1; no <= lineItems; no += 1) {
      const campaignId = newId('campaign');
      const about = { merchantId: shop.id, name: '草莓季', clipId: newId('clip'), createdAt: first };
      await store.tx(async (q) => void (await q.insert(q.t.campaigns).values({ id: campaignId, no, ...about })));
      const cells = Array.from({ length: halfHours }, (_, n) => ({
        communityId,
        at: instant(first + n * halfHourMs),
        plannedMilli: 2_000,
      }));
      const { id } = await paidLineItem(world, { merchantId: shop.id, campaignId, ...price, cells });
      const verified = cells.reduce((sum, _, n) => sum + milliOf(no, n), 0);
      bookings.push({ id, wantedFen: earnedFen(price, verified) });
    }
    await world.close();
    // Reported while no program runs.
    const { bookingCells: c } = store.read.t;
    const cells = await store.read.select().from(c).orderBy(c.bookingId, c.at);
    const reporter = { store, clock: { now: () => after(first, halfHourMs) } } as Parameters<typeof told>[0];
    for (const cell of cells) {
      const no = bookings.findIndex(({ id }) => id === cell.bookingId) + 1;
      const n = Math.round((cell.at - first) / halfHourMs);
      await told(reporter, { ...cell, version: 1 }, milliOf(no, n));
    }
  }, 120_000);
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const left = async (): Promise<number> => {
    const [row] = await store.read
      .select({ marks: sql<number>`count(*)`.mapWith(Number) })
      .from(store.read.t.unbilledReports);
    return row?.marks ?? 0;
  };
  /** Whoever was killed held the job; the next would wait for its lease to end. */
  const nobodyHoldsIt = () =>
    store.tx(async (q) => {
      const t = q.t.jobs;
      await q
        .update(t)
        .set({ runAt: instant(0), leasedUntil: instant(0) })
        .where(like(t.id, '%billing.bill%'));
    });

  it('bills each report once, whenever it dies', { timeout: 180_000 }, async () => {
    for (const goal of [300, 200, 100, 0]) {
      await nobodyHoldsIt();
      const child = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'inherit'], env: ofProgram });
      const ended = once(child, 'exit');
      // From its first moment on: it bills as soon as it runs.
      await expect.poll(left, { timeout: 60_000, interval: 2 }).toBeLessThanOrEqual(goal);
      child.kill('SIGKILL');
      await ended;
      if (goal > 0) expect(await left()).toBeGreaterThan(0);
    }
    const t = store.read.t.invoiceLines;
    for (const { id, wantedFen } of bookings) {
      const lines = await store.read.select().from(t).where(eq(t.bookingId, id));
      expect(new Set(lines.map(({ at }) => at)).size).toBe(lines.length);
      expect(lines).toHaveLength(halfHours);
      expect(lines.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(wantedFen);
    }
    expect(await ledgerTotal(store.read)).toBe(0);
    const paid = lineItems * price.priceFen;
    const earned = bookings.reduce((sum, { wantedFen }) => sum + wantedFen, 0);
    expect(await balanceOf(store.read, 'deferred-income')).toBe(earned - paid);
  });
});
