import { seconds } from '@gatecast/firmware-protocol';
import { endOf } from '../campaigns/claims.ts';
import { placesOfLineItems } from '../campaigns/line-item-ends.ts';
import { unitOf } from '../inventory/products.ts';
import type { Merchants } from '../merchants/service.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Campaigns } from '../campaigns/service.ts';
import { noteReport } from './attribute.ts';
import { whyBehind } from './behind.ts';
import type { BehindLine, Progress, ReplanRun } from './contract.ts';
import { isPlanDue } from './due.ts';
import { settleEnds, type EndParts } from './ends.ts';
import { planOnChange, type ChangingParts } from './plan-on-change.ts';
import { progressOf, type ProgressParts } from './progress.ts';
import { replan } from './replan.ts';
import * as rows from './store.ts';

type Seller = As<'operator' | 'merchant'>;

export interface Delivery {
  /** Rejects with `not-found` for what is not the caller's. */
  progress(who: Seller, bookingId: string): Promise<Progress>;
  /** Line items that are going to fall short, those that are so since latest first. */
  behind(who: Seller, paging: Paging): Promise<Page<BehindLine>>;
  /** Those of all merchants that run, the oldest first; one more than `limit` says that there are more. */
  runningBehind: typeof rows.runningBehind;
  /** The newest runs of the plan. */
  replans(limit: number): Promise<Page<ReplanRun>>;
  /** Settles now what the job would at its next turn. */
  readonly settle: (signal: AbortSignal) => Promise<void>;
}

export interface DeliveryParts extends EndParts, ProgressParts {
  readonly campaigns: Campaigns;
  readonly clipBlocks: EndParts['clipBlocks'] & ChangingParts['clipBlocks'];
  readonly content: EndParts['content'] & ChangingParts['content'];
  readonly inventory: EndParts['inventory'] & ChangingParts['inventory'];
  readonly merchants: Pick<Merchants, 'publishing' | 'names' | 'onPublishing'>;
}

const lookEveryMs = seconds(5);
const leaseMs = seconds(30);

/** Plans what is owed, follows what is delivered, and settles what is over. */
export function createDelivery(platform: Platform, parts: DeliveryParts): Delivery {
  const { store, clock, jobs } = platform;
  planOnChange(platform, parts);
  parts.exposures.onReport(noteReport);
  // One row of the jobs: whoever holds its lease is the only one in the whole network that plans.
  jobs.handle('delivery.replan', {
    everyMs: lookEveryMs,
    leaseMs,
    renewsLease: true,
    async run(_, run) {
      const last = await rows.lastReplan(store.read);
      const state = { ...(await rows.wishes(store.read)), startedAt: last?.startedAt };
      if (isPlanDue(state, clock.now())) await replan(platform, parts, run);
    },
  });
  const settleOver = settleEnds(platform, parts);

  return {
    progress: (who, bookingId) => progressOf(platform, parts, who, bookingId),
    async behind(who, paging) {
      const merchantId = who.role === 'merchant' ? who.merchantId : undefined;
      const { rows: found, list } = await rows.listBehind(store.read, { ...paging, merchantId });
      const named = found.map((one) => ({ ...one, id: one.outlook.bookingId }));
      const page = list.page(
        named,
        ({ outlook }) => outlook.behindSince ?? outlook.madeAt,
        (one) => one,
      );
      return { ...page, items: await showBehind(platform, parts, page.items) };
    },
    runningBehind: rows.runningBehind,
    async replans(limit) {
      const items = (await rows.listReplans(store.read, limit)).map(({ id: _id, ...run }) => run);
      return { items, nextCursor: null };
    },
    settle: settleOver,
  };
}

/** What people read of line items that are behind: as they stand, and why. */
async function showBehind(
  { store, clock }: Platform,
  parts: DeliveryParts,
  found: readonly rows.BehindRow[],
): Promise<BehindLine[]> {
  const q = store.read;
  const lines = found.map(({ line }) => line);
  const places = await placesOfLineItems(q, lines);
  const why = await whyBehind(
    q,
    parts,
    lines.map((row) => ({ row, communityIds: places.get(row.id) ?? [row.communityId] })),
    clock.now(),
  );
  const merchants = await parts.merchants.names(
    q,
    lines.map(({ merchantId }) => merchantId),
  );
  const communities = await parts.communities.about(
    q,
    lines.map(({ communityId }) => communityId),
  );
  const madeGood = await rows.madeGoodCounts(
    q,
    lines.map(({ id }) => id),
  );
  const whole = (milli: number): number => Math.floor(milli / 1_000);
  return found.map(({ outlook, line, name }) => ({
    bookingId: line.id,
    campaignId: line.campaignId,
    campaignName: name,
    merchantId: line.merchantId,
    merchantName: merchants.get(line.merchantId) ?? '',
    communityName: communities.get(line.communityId)?.name ?? '',
    communities: places.get(line.id)?.length ?? 1,
    unit: unitOf(line.product),
    from: line.at,
    to: endOf(line),
    boughtTouches: line.touches,
    verifiedTouches: whole(line.deliveredMilli),
    expectedTouches: whole(outlook.expectedMilli),
    lowTouches: whole(outlook.lowMilli),
    behindSince: outlook.behindSince ?? outlook.madeAt,
    reasons: [...(why.get(line.id) ?? [])],
    madeGood: madeGood.get(line.id) ?? 0,
  }));
}
