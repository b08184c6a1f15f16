import { and, eq, gte, lt, sql } from 'drizzle-orm';
import { localDayNumber, picked, type LocalDays } from '../platform/db/local-days.ts';
import type { Reads } from '../platform/db/store.ts';

/** What a line item earned at a community on a day, corrections and credits of its half-hours with it. */
export interface EarnedBy {
  readonly bookingId: string;
  readonly communityId: string;
  /** As `localDayNumber` counts. */
  readonly day: number;
  readonly verifiedMilli: number;
  readonly fen: number;
}

type Key = 'bookingId' | 'communityId' | 'day';

/** What a campaign is billed so far in communities of one zone, by line item, community or local day, or several of these, in no order. */
export async function earnedBy<const By extends Key>(
  q: Reads,
  campaignId: string,
  days: LocalDays,
  by: readonly By[],
  limit: number,
): Promise<Pick<EarnedBy, By | 'verifiedMilli' | 'fen'>[]> {
  const { invoices: i, invoiceLines: t, communities: c } = q.t;
  const all = { bookingId: t.bookingId, communityId: t.communityId, day: localDayNumber(t.at, days) };
  const keys = picked(all, by);
  const sum = (what: typeof t.amountFen | typeof t.verifiedMilli) => sql<number>`sum(${what})`.mapWith(Number);
  const rows = await q
    .select({ ...keys, verifiedMilli: sum(t.verifiedMilli), fen: sum(t.amountFen) })
    .from(i)
    .innerJoin(t, eq(t.invoiceId, i.id))
    .innerJoin(c, and(eq(c.id, t.communityId), eq(c.zone, days.zone)))
    .where(and(eq(i.campaignId, campaignId), gte(t.at, days.from), lt(t.at, days.to)))
    .groupBy(...by.map((key) => keys[key]))
    .limit(limit);
  return rows as unknown as Pick<EarnedBy, By | 'verifiedMilli' | 'fen'>[];
}
