import { join } from 'node:path';
import { newId, type InstantMs, type ManualClock } from '@gatecast/firmware-protocol';
import { readConfig } from '../config.ts';
import type { Store, Tx } from '../platform/db/store.ts';
import { silentLog } from '../platform/log.ts';
import { createPlatform, type Platform } from '../platform/platform.ts';

/** An approved clip and a merchant that may publish for each line item of a sold town. */
export async function advertise(q: Tx, began: InstantMs): Promise<void> {
  const { bookings: b } = q.t;
  const found = (await q.select({ merchantId: b.merchantId, campaignId: b.campaignId }).from(b)).map((one) => ({
    ...one,
    clipId: newId('clip'),
  }));
  const whose = { name: 'store', createdAt: began };
  await q.insertMany(
    q.t.merchants,
    found.map(({ merchantId: id }) => ({ id, ...whose, status: 'approved' as const })),
  );
  await q.insertMany(
    q.t.campaigns,
    found.map(({ campaignId: id, merchantId, clipId }, no) => ({
      id,
      no: no + 1,
      merchantId,
      clipId,
      dealId: null,
      ...whose,
    })),
  );
  await q.insertMany(
    q.t.clips,
    found.map(({ clipId: id, merchantId }) => ({ id, merchantId, ...approved, createdAt: began })),
  );
}

const approved = {
  title: 'clip',
  status: 'approved' as const,
  progressPercent: 100,
  sourceSha256: '0'.repeat(64),
  sourceBytes: 1,
  sourceWidth: 1_080,
  sourceHeight: 1_920,
  sourceHasAudio: false,
  sourceConforms: true,
  durationMs: 10_000,
  category: 'goods' as const,
};

/** What a plan needs of the program, without its jobs. */
export function platformOver(store: Store, folder: string, clock: ManualClock): Platform {
  const config = readConfig({
    GATECAST_DATA_DIR: folder,
    GATECAST_MASTER_KEY_FILE: join(folder, 'master.key'),
    GATECAST_BROKER_URL: '',
    GATECAST_PUBLIC_URL: 'https://gatecast.test',
  });
  return createPlatform({ config, store, clock, log: silentLog() });
}
