import { halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, gt, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';

interface Span {
  readonly from: InstantMs;
  readonly to: InstantMs;
}

/** Campaigns of one merchant that are looked at together. */
const ranMax = 1_000;

/** Campaigns of a merchant of which a line item was paid that touches a span; whether anything was shown then is in the exposures. */
async function campaignsIn(q: Reads, merchantId: string, { from, to }: Span): Promise<string[]> {
  const t = q.t.bookings;
  const found = await q
    .selectDistinct({ campaignId: t.campaignId })
    .from(t)
    .where(
      and(
        eq(t.merchantId, merchantId),
        inArray(t.status, ['paid', 'ended']),
        lt(t.at, to),
        gt(sql`coalesce(${t.toAt}, ${t.at} + ${halfHourMs})`, from),
      ),
    )
    .orderBy(t.campaignId)
    .limit(ranMax);
  return found.map(({ campaignId }) => campaignId);
}

/** For whom they were, and what was counted of them. */
async function kindsIn(q: Reads, merchantId: string, { from, to }: Span) {
  const t = q.t.bookings;
  return q
    .selectDistinct({ campaignId: t.campaignId, segment: t.segment, product: t.product })
    .from(t)
    .where(
      and(
        eq(t.merchantId, merchantId),
        inArray(t.status, ['paid', 'ended']),
        lt(t.at, to),
        gt(sql`coalesce(${t.toAt}, ${t.at} + ${halfHourMs})`, from),
      ),
    )
    .orderBy(t.segment)
    .limit(ranMax);
}

/** Half-hours of communities that a merchant bought in a span, of each campaign. */
async function halfHoursIn(q: Reads, merchantId: string, { from, to }: Span): Promise<number> {
  const t = q.t.bookingCells;
  const each = q
    .selectDistinct({ campaignId: t.campaignId, communityId: t.communityId, at: t.at })
    .from(t)
    .where(and(eq(t.merchantId, merchantId), gte(t.at, from), lt(t.at, to)))
    .as('each');
  const [row] = await q.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(each);
  return row?.n ?? 0;
}

/** What a merchant bought and ran. */
export const ran = { campaignsIn, halfHoursIn, kindsIn };
