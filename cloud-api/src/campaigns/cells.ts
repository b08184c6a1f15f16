import { after, hours, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gte, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import type { Product } from './line-item.ts';

export type CellRow = Reads['t']['bookingCells']['$inferSelect'];

/** What is planned for line items from a half-hour on. */
export async function cellsFrom(q: Reads, bookingIds: readonly string[], from: InstantMs): Promise<CellRow[]> {
  if (bookingIds.length === 0) return [];
  const t = q.t.bookingCells;
  return q
    .select()
    .from(t)
    .where(and(inArray(t.bookingId, [...bookingIds]), gte(t.at, from)))
    .orderBy(asc(t.bookingId), asc(t.communityId), asc(t.at), asc(t.placement));
}

/** Writes what is planned; what is reported of a cell stays as it is. No cell is among them twice. */
export const putCells = (q: Tx, cells: readonly CellRow[]): Promise<void> =>
  q.insertMany(q.t.bookingCells, cells, {
    onConflict: {
      key: ['bookingId', 'communityId', 'at', 'placement'],
      set: ['plannedMilli', 'sharePpm', 'keptPpm'],
    },
  });

/** Those that have nothing reported of them. */
export async function dropCells(q: Tx, cells: readonly CellRow[]): Promise<void> {
  const t = q.t.bookingCells;
  const columns = Map.groupBy(cells, (cell) => `${cell.bookingId}|${cell.communityId}|${cell.placement}`);
  for (const own of columns.values()) {
    const [first] = own;
    if (!first) continue;
    const { bookingId, communityId, placement } = first;
    const at = own.map((cell) => cell.at);
    const whose = [eq(t.bookingId, bookingId), eq(t.communityId, communityId), eq(t.placement, placement)];
    await q.delete(t).where(and(...whose, inArray(t.at, at), isNull(t.deliveredMilli)));
  }
}

/** So long after it a half-hour is reported whether all screens have told of it or not, and a little more for whoever writes that. */
const openSince = hours(-26);
export const openFrom = (now: InstantMs): InstantMs => after(now, openSince);

/** What is planned of line items in half-hours that have begun and that nothing is reported of yet, by half-hour. */
export async function openSums(
  q: Reads,
  bookingIds: readonly string[],
  now: InstantMs,
): Promise<{ readonly bookingId: string; readonly at: InstantMs; readonly plannedMilli: number }[]> {
  const t = q.t.bookingCells;
  const open = and(isNull(t.deliveredMilli), lt(t.at, now), gte(t.at, openFrom(now)));
  return q
    .select({ bookingId: t.bookingId, at: t.at, plannedMilli: sql<number>`sum(${t.plannedMilli})`.mapWith(Number) })
    .from(t)
    .where(and(inArray(t.bookingId, [...bookingIds]), open))
    .groupBy(t.bookingId, t.at);
}

/** Cells of some communities from a half-hour on, reported or not. */
export async function cellsIn(q: Reads, communityIds: readonly string[], from: InstantMs): Promise<CellRow[]> {
  if (communityIds.length === 0) return [];
  const t = q.t.bookingCells;
  return q
    .select()
    .from(t)
    .where(and(inArray(t.communityId, [...communityIds]), gte(t.at, from)));
}

type ReportKey = Pick<CellRow, 'campaignId' | 'communityId' | 'at'>;

/** What the line items of a campaign were to get in one half-hour of a community, with the line items' ids in order. */
export const cellsOfReport = (q: Reads, key: ReportKey): Promise<ReportedCell[]> => cellsOfReports(q, [key]);

/** The same of the few half-hours that a page shows; perhaps also of other pairs of what is named. */
export async function cellsOfReports(q: Reads, keys: readonly ReportKey[]): Promise<ReportedCell[]> {
  if (keys.length === 0) return [];
  const { bookingCells: t, bookings: b } = q.t;
  const campaigns = [...new Set(keys.map(({ campaignId }) => campaignId))];
  const communities = [...new Set(keys.map(({ communityId }) => communityId))];
  const halfHours = [...new Set(keys.map(({ at }) => at))];
  const found = await q
    .select({ cell: t, product: b.product, segment: b.segment })
    .from(t)
    .innerJoin(b, eq(b.id, t.bookingId))
    .where(and(inArray(t.campaignId, campaigns), inArray(t.communityId, communities), inArray(t.at, halfHours)))
    .orderBy(asc(t.bookingId), asc(t.placement));
  return found.map(({ cell, product, segment }) => ({ ...cell, product, segment }));
}

export interface ReportedCell extends CellRow {
  readonly product: Product;
  readonly segment: Segment;
}

/** Writes what a report says of a cell; the line item's sum moves by the difference, so that a report that is restated counts once. */
export async function noteDelivered(q: Tx, cell: CellRow, deliveredMilli: number): Promise<void> {
  const { bookingCells: t, bookings: b } = q.t;
  const { bookingId, communityId, at, placement } = cell;
  await q
    .update(t)
    .set({ deliveredMilli })
    .where(and(eq(t.bookingId, bookingId), eq(t.communityId, communityId), eq(t.at, at), eq(t.placement, placement)));
  const more = deliveredMilli - (cell.deliveredMilli ?? 0);
  if (more !== 0)
    await q
      .update(b)
      .set({ deliveredMilli: sql`${b.deliveredMilli} + ${more}` })
      .where(eq(b.id, bookingId));
}

export interface HalfHourSum {
  readonly at: InstantMs;
  readonly plannedMilli: number;
  /** Of what is reported. */
  readonly deliveredMilli: number;
  /** Planned in what is not reported. */
  readonly openMilli: number;
}

/** What was planned and delivered of a line item, by half-hour. */
export async function sumsOf(q: Reads, bookingId: string): Promise<HalfHourSum[]> {
  const t = q.t.bookingCells;
  const sum = (what: ReturnType<typeof sql>) => sql<number>`coalesce(sum(${what}), 0)`.mapWith(Number);
  return q
    .select({
      at: t.at,
      plannedMilli: sum(sql`${t.plannedMilli}`),
      deliveredMilli: sum(sql`${t.deliveredMilli}`),
      openMilli: sum(sql`case when ${t.deliveredMilli} is null then ${t.plannedMilli} else 0 end`),
    })
    .from(t)
    .where(eq(t.bookingId, bookingId))
    .groupBy(t.at)
    .orderBy(asc(t.at));
}

/** What was planned and delivered of line items in the half-hours that are reported. */
export async function reportedSums(
  q: Reads,
  bookingIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly plannedMilli: number; readonly deliveredMilli: number }>> {
  if (bookingIds.length === 0) return new Map();
  const t = q.t.bookingCells;
  const rows = await q
    .select({
      bookingId: t.bookingId,
      plannedMilli: sql<number>`sum(${t.plannedMilli})`.mapWith(Number),
      deliveredMilli: sql<number>`sum(${t.deliveredMilli})`.mapWith(Number),
    })
    .from(t)
    .where(and(inArray(t.bookingId, [...bookingIds]), isNotNull(t.deliveredMilli)))
    .groupBy(t.bookingId);
  return new Map(rows.map(({ bookingId, ...sums }) => [bookingId, sums]));
}

/** Whether anything is not reported of a line item's half-hours. */
export async function hasOpenCells(q: Reads, bookingId: string): Promise<boolean> {
  const t = q.t.bookingCells;
  const found = await q
    .select({ at: t.at })
    .from(t)
    .where(and(eq(t.bookingId, bookingId), isNull(t.deliveredMilli)))
    .limit(1);
  return found.length > 0;
}
