import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, inArray, isNotNull, isNull, lt, lte } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';
import type { Period, ReportKind } from './rules.ts';

export type ScheduleRow = Reads['t']['reportSchedules']['$inferSelect'];
export type ReportRow = Reads['t']['scheduledReports']['$inferSelect'];
type Changes<R> = { readonly [K in keyof R]?: R[K] | undefined };

export const nextColumn = {
  daily: 'nextDaily',
  weekly: 'nextWeekly',
  monthly: 'nextMonthly',
} as const satisfies Record<ReportKind, keyof ScheduleRow>;

export async function findSchedule(q: Reads, merchantId: string): Promise<ScheduleRow | undefined> {
  const t = q.t.reportSchedules;
  const [row] = await q.select().from(t).where(eq(t.merchantId, merchantId));
  return row;
}

export async function putSchedule(
  q: Tx,
  merchantId: string,
  set: Changes<Omit<ScheduleRow, 'merchantId' | 'changedAt'>> & { readonly changedAt: InstantMs },
): Promise<void> {
  const t = q.t.reportSchedules;
  await q
    .insert(t)
    .values({ merchantId, ...set })
    .onConflictDoUpdate({ target: t.merchantId, set });
}

export async function changeSchedule(q: Tx, merchantId: string, set: Changes<ScheduleRow>): Promise<void> {
  const t = q.t.reportSchedules;
  await q.update(t).set(set).where(eq(t.merchantId, merchantId));
}

/** Those whose next period may be told, the longest waiting first. */
export async function dueSchedules(q: Reads, now: InstantMs, limit: number): Promise<ScheduleRow[]> {
  const t = q.t.reportSchedules;
  return q
    .select()
    .from(t)
    .where(and(isNotNull(t.lookAt), lte(t.lookAt, now)))
    .orderBy(asc(t.lookAt), asc(t.merchantId))
    .limit(limit);
}

/** When a schedule is looked at again, unless it was changed meanwhile. */
export async function lookNext(q: Tx, { merchantId, lookAt }: ScheduleRow, next: InstantMs | null): Promise<void> {
  const t = q.t.reportSchedules;
  const unchanged = lookAt === null ? isNull(t.lookAt) : eq(t.lookAt, lookAt);
  await q
    .update(t)
    .set({ lookAt: next })
    .where(and(eq(t.merchantId, merchantId), unchanged));
}

/** Goes on from a period to the next; undefined where somebody else did, or it is not wanted any more. */
export async function goOn(q: Tx, merchantId: string, period: Period, next: Period): Promise<ScheduleRow | undefined> {
  const t = q.t.reportSchedules;
  const column = nextColumn[period.kind];
  const [moved] = await q
    .update(t)
    .set({ [column]: next.from })
    .where(and(eq(t.merchantId, merchantId), eq(t[column], period.from)))
    .returning();
  return moved;
}

/** False: the period was told before. */
export async function addReport(q: Tx, row: ReportRow): Promise<boolean> {
  const added = await q
    .insert(q.t.scheduledReports)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: q.t.scheduledReports.id });
  return added.length > 0;
}

export async function findReport(q: Reads, merchantId: string, id: string): Promise<ReportRow | undefined> {
  const t = q.t.scheduledReports;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.id, id), eq(t.merchantId, merchantId)));
  return row;
}

export async function listReports(
  q: Reads,
  { merchantId, kind, ...paging }: Paging & { readonly merchantId: string; readonly kind?: ReportKind | undefined },
): Promise<{ readonly rows: ReportRow[]; readonly list: NewestFirst }> {
  const t = q.t.scheduledReports;
  const list = newestFirst(t.madeAt, t.id, paging);
  const rows = await q
    .select()
    .from(t)
    .where(and(eq(t.merchantId, merchantId), kind && eq(t.kind, kind), list.where))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

/** What became of a message, unless a newer one was asked for since. */
export async function noteDelivery(
  q: Tx,
  deliveryId: string,
  set: Pick<ReportRow, 'deliveryAt' | 'deliveryResult' | 'deliveryDetail'>,
): Promise<void> {
  const t = q.t.scheduledReports;
  await q.update(t).set(set).where(eq(t.deliveryId, deliveryId));
}

export async function changeReport(q: Tx, id: string, set: Changes<ReportRow>): Promise<void> {
  const t = q.t.scheduledReports;
  await q.update(t).set(set).where(eq(t.id, id));
}

/** Deletes reports that are older, some at a time. Answers how many. */
export async function dropReportsBefore(q: Tx, before: InstantMs, limit: number): Promise<number> {
  const t = q.t.scheduledReports;
  const old = await q.select({ id: t.id }).from(t).where(lt(t.madeAt, before)).orderBy(asc(t.madeAt)).limit(limit);
  if (old.length === 0) return 0;
  await q.delete(t).where(
    inArray(
      t.id,
      old.map(({ id }) => id),
    ),
  );
  return old.length;
}
