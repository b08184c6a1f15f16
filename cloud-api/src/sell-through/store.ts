import { and, asc, desc, eq, gt, inArray, lt, or, type SQL } from 'drizzle-orm';
import { decodeCursor } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Where } from './week-cells.ts';

type T = Reads['t'];
export type SellThroughRow = T['sellThrough']['$inferSelect'];
export type WeekRow = T['sellThroughWeeks']['$inferSelect'];

const sums = [
  'expectedMilli',
  'openMilli',
  'soldMilli',
  'incomeMilliFen',
  'soldPpm',
  'yieldMilliFen',
  'madeAt',
] as const;

export const putSums = (q: Tx, rows: readonly SellThroughRow[]): Promise<void> =>
  q.insertMany(q.t.sellThrough, rows, { onConflict: { key: ['week', 'place', 'communityId'], set: sums } });

export const putWeeks = (q: Tx, rows: readonly WeekRow[]): Promise<void> =>
  q.insertMany(q.t.sellThroughWeeks, rows, {
    onConflict: { key: ['week', 'place'], set: ['cells', 'communities', 'unsold', 'madeAt'] },
  });

export async function dropWeeksBefore(q: Tx, week: string): Promise<void> {
  await q.delete(q.t.sellThrough).where(lt(q.t.sellThrough.week, week));
  await q.delete(q.t.sellThroughWeeks).where(lt(q.t.sellThroughWeeks.week, week));
}

/** The newest weeks of a place, the latest first. */
export async function weeksOf(q: Reads, place: Where, limit: number): Promise<WeekRow[]> {
  const t = q.t.sellThroughWeeks;
  return q.select().from(t).where(eq(t.place, place)).orderBy(desc(t.week)).limit(limit);
}

export async function findWeek(q: Reads, week: string, place: Where): Promise<WeekRow | undefined> {
  const t = q.t.sellThroughWeeks;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.week, week), eq(t.place, place)));
  return row;
}

export interface Ranking {
  readonly week: string;
  readonly place: Where;
  readonly by: 'sold' | 'yield';
  readonly order: 'worst' | 'best';
  /** Only these. */
  readonly among?: readonly string[] | undefined;
  readonly cursor?: string | undefined;
}

/** Where something is for sale; in the order of an index. */
export async function rankedCommunities(q: Reads, ranking: Ranking, take: number): Promise<SellThroughRow[]> {
  const t = q.t.sellThrough;
  const value = ranking.by === 'sold' ? t.soldPpm : t.yieldMilliFen;
  const by = ranking.order === 'worst' ? asc : desc;
  return q
    .select()
    .from(t)
    .where(
      and(
        eq(t.week, ranking.week),
        eq(t.place, ranking.place),
        gt(t.soldPpm, -1),
        ranking.among && inArray(t.communityId, [...ranking.among]),
        beyond(t, ranking),
      ),
    )
    .orderBy(by(value), by(t.communityId))
    .limit(take);
}

function beyond(t: T['sellThrough'], { by, order, cursor }: Ranking): SQL | undefined {
  if (cursor === undefined) return undefined;
  const [last, id] = decodeCursor<[number, string]>(cursor, ['number', 'string']);
  const value = by === 'sold' ? t.soldPpm : t.yieldMilliFen;
  const after = order === 'worst' ? gt : lt;
  return or(after(value, last), and(eq(value, last), after(t.communityId, id)));
}
