import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, gte, inArray, isNull, lt, lte, sql, type Column, type SQL } from 'drizzle-orm';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';
import { decodeCursor, encodeCursor } from '../platform/cursor.ts';
import type { InvoiceStatus } from './rules.ts';

type T = Store['read']['t'];
export type InvoiceRow = T['invoices']['$inferSelect'];
export type LineRow = T['invoiceLines']['$inferSelect'];
export type DisputeRow = T['disputes']['$inferSelect'];
export type MarkRow = T['unbilledReports']['$inferSelect'];

const sum = (what: SQL | Column) => sql<number>`coalesce(sum(${what}), 0)`.mapWith(Number);

/** The oldest reports that no bill knows. */
export async function oldestMarks(q: Reads, limit: number): Promise<MarkRow[]> {
  const t = q.t.unbilledReports;
  return q.select().from(t).orderBy(asc(t.madeAt)).limit(limit);
}

export type CellKey = Pick<LineRow, 'campaignId' | 'communityId' | 'at'>;

/** False if somebody else took it. */
export async function takeMark(q: Tx, { campaignId, communityId, at }: CellKey): Promise<boolean> {
  const t = q.t.unbilledReports;
  const taken = await q
    .delete(t)
    .where(and(eq(t.campaignId, campaignId), eq(t.communityId, communityId), eq(t.at, at)))
    .returning({ at: t.at });
  return taken.length > 0;
}

export interface Sums {
  readonly communityId: string;
  readonly decisionId: string | null;
  readonly verifiedMilli: number;
  /** Without what was given back after a dispute. */
  readonly billedFen: number;
  readonly incomeFen: number;
  readonly ownersFen: number;
  readonly managementFen: number;
}

/** What the lines of a line item add up to, by community and decision. */
export async function sumsOf(q: Reads, bookingId: string): Promise<Sums[]> {
  const t = q.t.invoiceLines;
  return q
    .select({
      communityId: t.communityId,
      decisionId: t.decisionId,
      verifiedMilli: sum(t.verifiedMilli),
      billedFen: sum(
        sql`case when ${t.reportVersion} = 0 and ${t.kind} in ('credit', 'offset') then 0 else ${t.amountFen} end`,
      ),
      incomeFen: sum(t.amountFen),
      ownersFen: sum(t.ownersFen),
      managementFen: sum(t.managementFen),
    })
    .from(t)
    .where(eq(t.bookingId, bookingId))
    .groupBy(t.communityId, t.decisionId);
}

/** The lines of a line item in one half-hour of a community, the oldest first. */
export async function linesOfCell(
  q: Reads,
  { bookingId, communityId, at }: Pick<LineRow, 'bookingId' | 'communityId' | 'at'>,
): Promise<LineRow[]> {
  const t = q.t.invoiceLines;
  return q
    .select()
    .from(t)
    .where(and(eq(t.bookingId, bookingId), eq(t.communityId, communityId), eq(t.at, at)))
    .orderBy(asc(t.madeAt), asc(t.id));
}

/** Half-hours of a line item that no line is of. */
export async function unbilledCells(q: Reads, bookingId: string): Promise<CellKey[]> {
  const { bookingCells: c, invoiceLines: t } = q.t;
  return q
    .selectDistinct({ campaignId: c.campaignId, communityId: c.communityId, at: c.at })
    .from(c)
    .leftJoin(t, and(eq(t.bookingId, c.bookingId), eq(t.communityId, c.communityId), eq(t.at, c.at)))
    .where(and(eq(c.bookingId, bookingId), isNull(t.id)));
}

/** What the bills of a line item still bill, those that were begun last first. */
export async function billsOf(
  q: Reads,
  bookingId: string,
): Promise<{ readonly invoiceId: string; readonly billsFen: number }[]> {
  const { invoices: i, invoiceLines: t } = q.t;
  return q
    .select({ invoiceId: i.id, billsFen: sum(t.amountFen) })
    .from(i)
    .innerJoin(t, eq(t.invoiceId, i.id))
    .where(eq(i.bookingId, bookingId))
    .groupBy(i.id, i.month)
    .orderBy(desc(i.month));
}

export async function findLine(q: Reads, id: string): Promise<LineRow | undefined> {
  const [row] = await q.select().from(q.t.invoiceLines).where(eq(q.t.invoiceLines.id, id));
  return row;
}

export async function findInvoice(q: Reads, id: string): Promise<InvoiceRow | undefined> {
  const [row] = await q.select().from(q.t.invoices).where(eq(q.t.invoices.id, id));
  return row;
}

export async function invoiceOfMonth(q: Reads, bookingId: string, month: string): Promise<InvoiceRow | undefined> {
  const t = q.t.invoices;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.bookingId, bookingId), eq(t.month, month)));
  return row;
}

/** Drafts whose month ended at or before. */
export async function dueDrafts(q: Reads, endedBefore: InstantMs, limit: number): Promise<InvoiceRow[]> {
  const t = q.t.invoices;
  return q
    .select()
    .from(t)
    .where(and(eq(t.status, 'draft'), lte(t.monthEnds, endedBefore)))
    .orderBy(asc(t.monthEnds))
    .limit(limit);
}

export async function draftsOf(q: Reads, bookingId: string): Promise<InvoiceRow[]> {
  const t = q.t.invoices;
  return q
    .select()
    .from(t)
    .where(and(eq(t.bookingId, bookingId), eq(t.status, 'draft')));
}

/** What the lines of invoices add up to; of those without a line nothing. Credits count apart. */
export interface InvoiceTotals {
  readonly lines: number;
  /** Of lines that count touches. */
  readonly verifiedMilli: number;
  /** Null: no line counts people. */
  readonly people: number | null;
  readonly totalFen: number;
}

export async function totalsOf(q: Reads, invoiceIds: readonly string[]): Promise<ReadonlyMap<string, InvoiceTotals>> {
  if (invoiceIds.length === 0) return new Map();
  const t = q.t.invoiceLines;
  const found = await q
    .select({
      invoiceId: t.invoiceId,
      lines: sql<number>`count(*)`.mapWith(Number),
      verifiedMilli: sum(sql`case when ${t.people} is null then ${t.verifiedMilli} else 0 end`),
      people: sql<number | null>`sum(${t.people})`.mapWith(Number),
      totalFen: sum(sql`case when ${t.kind} = 'credit' then 0 else ${t.amountFen} end`),
    })
    .from(t)
    .where(inArray(t.invoiceId, [...invoiceIds]))
    .groupBy(t.invoiceId);
  return new Map(found.map((row) => [row.invoiceId, row]));
}

/** Line items whose bill is open, settled by whoever delivers them, after a place in their order. */
export async function settledOpenBills(q: Reads, afterId: string, limit: number): Promise<string[]> {
  const { bookingBills: t, bookings: b } = q.t;
  const found = await q
    .select({ id: t.bookingId })
    .from(t)
    .innerJoin(b, eq(b.id, t.bookingId))
    .where(
      and(
        isNull(t.closedAt),
        sql`${t.bookingId} > ${afterId}`,
        sql`(${b.settledAt} is not null or ${b.status} = 'refunded')`,
      ),
    )
    .orderBy(asc(t.bookingId))
    .limit(limit);
  return found.map(({ id }) => id);
}

export async function isClosed(q: Reads, bookingId: string): Promise<boolean> {
  const t = q.t.bookingBills;
  const [row] = await q.select({ closedAt: t.closedAt }).from(t).where(eq(t.bookingId, bookingId));
  return row !== undefined && row.closedAt !== null;
}

export interface InvoiceFilter {
  readonly merchantId?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly status?: InvoiceStatus | undefined;
}

export async function listInvoices(
  q: Reads,
  { merchantId, campaignId, status, ...paging }: Paging & InvoiceFilter,
): Promise<{ readonly rows: InvoiceRow[]; readonly list: NewestFirst }> {
  const t = q.t.invoices;
  const list = newestFirst(t.createdAt, t.id, paging);
  const rows = await q
    .select()
    .from(t)
    .where(
      and(
        list.where,
        merchantId === undefined ? undefined : eq(t.merchantId, merchantId),
        campaignId === undefined ? undefined : eq(t.campaignId, campaignId),
        status === undefined ? undefined : eq(t.status, status),
      ),
    )
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

/** Lines of an invoice in the order of their half-hours, behind the last one. */
export const linesAfter = (q: Reads, invoiceId: string, last: LineRow | undefined, take: number): Promise<LineRow[]> =>
  linesOf(q, invoiceId, { cursor: last && encodeCursor([last.at, last.id]), take });

/** Lines of an invoice in the order of their half-hours, behind the cursor. */
export async function linesOf(
  q: Reads,
  invoiceId: string,
  { cursor, take }: { readonly cursor?: string | undefined; readonly take: number },
): Promise<LineRow[]> {
  const t = q.t.invoiceLines;
  const behind = cursor === undefined ? undefined : decodeCursor<[number, string]>(cursor, ['number', 'string']);
  return q
    .select()
    .from(t)
    .where(
      and(
        eq(t.invoiceId, invoiceId),
        behind && sql`(${t.at} > ${behind[0]} or (${t.at} = ${behind[0]} and ${t.id} > ${behind[1]}))`,
      ),
    )
    .orderBy(asc(t.at), asc(t.id))
    .limit(take);
}

export interface Span {
  readonly from: InstantMs;
  readonly to: InstantMs;
}

/** What was earned by the screens of a community in a span, by when it was billed. */
export async function incomeOf(q: Reads, communityId: string, { from, to }: Span) {
  const t = q.t.invoiceLines;
  const [row] = await q
    .select({ incomeFen: sum(t.amountFen), ownersFen: sum(t.ownersFen), managementFen: sum(t.managementFen) })
    .from(t)
    .where(and(eq(t.communityId, communityId), gte(t.madeAt, from), lt(t.madeAt, to)));
  return row ?? { incomeFen: 0, ownersFen: 0, managementFen: 0 };
}

/** The newest dispute about each line. */
export async function disputesOfLines(q: Reads, lineIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (lineIds.length === 0) return new Map();
  const t = q.t.disputes;
  const found = await q
    .select({ id: t.id, lineId: t.lineId })
    .from(t)
    .where(inArray(t.lineId, [...lineIds]))
    .orderBy(asc(t.createdAt));
  return new Map(found.map(({ id, lineId }) => [lineId, id]));
}

export async function findDispute(q: Reads, id: string): Promise<DisputeRow | undefined> {
  const [row] = await q.select().from(q.t.disputes).where(eq(q.t.disputes.id, id));
  return row;
}

export async function listDisputes(
  q: Reads,
  {
    merchantId,
    status,
    ...paging
  }: Paging & { readonly merchantId?: string | undefined; readonly status?: DisputeRow['status'] | undefined },
): Promise<{ readonly rows: DisputeRow[]; readonly list: NewestFirst }> {
  const t = q.t.disputes;
  const list = newestFirst(t.createdAt, t.id, paging);
  const found = await q
    .select()
    .from(t)
    .where(
      and(
        list.where,
        merchantId === undefined ? undefined : eq(t.merchantId, merchantId),
        status === undefined ? undefined : eq(t.status, status),
      ),
    )
    .orderBy(...list.order)
    .limit(list.take);
  return { rows: found, list };
}

/** A credit note. */
export async function findCreditNote(q: Reads, id: string) {
  const [row] = await q.select().from(q.t.creditNotes).where(eq(q.t.creditNotes.id, id));
  return row;
}
