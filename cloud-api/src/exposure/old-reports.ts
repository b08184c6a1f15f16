import { minutes } from '@gatecast/firmware-protocol';
import { and, eq, isNull } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { addToDay, dayOf } from './day-sums.ts';
import { lockReports, type Zones } from './reports.ts';
import * as rows from './store.ts';

const lookEveryMs = minutes(10);
const halfHoursPerTurn = 200;

/** Puts reports into the sums of their days that programs wrote which kept none: those before this one, also while they still run beside it. */
export function sumOldReports(
  { store, jobs }: Pick<Platform, 'store'> & { readonly jobs: Pick<Platform['jobs'], 'handle'> },
  communities: Zones,
): void {
  jobs.handle('exposure.days', {
    everyMs: lookEveryMs,
    renewsLease: true,
    async run(_payload, { signal }) {
      while (!signal.aborted) {
        const communityId = await unsummedCommunity(store.read);
        if (communityId === undefined) return;
        await store.tx((q) => sumSome(q, communities, communityId));
      }
    },
  });
}

async function sumSome(q: Tx, communities: Zones, communityId: string): Promise<void> {
  await lockReports(q, communityId);
  const { zone } = await communities.get(q, communityId);
  const reports = await rows.reportsOf(q, await unsummedOf(q, communityId));
  for (const versions of reports.values()) {
    const newest = versions.at(-1);
    if (!newest || versions.every(({ day }) => day !== null)) continue;
    const day = newest.day ?? dayOf(versions, newest.at, zone);
    if (newest.day === null) await addToDay(q, versions.slice(0, -1), { ...newest, day });
    await setDay(q, newest, day);
  }
}

async function unsummedCommunity(q: Reads): Promise<string | undefined> {
  const t = q.t.exposureReports;
  const [row] = await q.select({ communityId: t.communityId }).from(t).where(isNull(t.day)).limit(1);
  return row?.communityId;
}

async function unsummedOf(q: Reads, communityId: string): Promise<rows.ReportKey[]> {
  const t = q.t.exposureReports;
  return q
    .selectDistinct({ campaignId: t.campaignId, communityId: t.communityId, at: t.at })
    .from(t)
    .where(and(eq(t.communityId, communityId), isNull(t.day)))
    .limit(halfHoursPerTurn);
}

/** Of all versions that have none. The newest with one is in its sums. */
async function setDay(q: Tx, { campaignId, communityId, at }: rows.ReportKey, day: string): Promise<void> {
  const t = q.t.exposureReports;
  await q
    .update(t)
    .set({ day })
    .where(and(eq(t.campaignId, campaignId), eq(t.communityId, communityId), eq(t.at, at), isNull(t.day)));
}
