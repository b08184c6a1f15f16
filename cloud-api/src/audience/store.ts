import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, gt, gte, inArray, lt, lte, sql, type SQLWrapper } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { declaredSegments, nobodyDeclared, type Declared, type Fleet } from './rules.ts';

export type ModelRow = Reads['t']['audienceModels']['$inferSelect'];
export type ForecastRow = Reads['t']['audienceForecasts']['$inferSelect'];
export type ScoreRow = Reads['t']['audienceScores']['$inferSelect'];

export async function modelsOf(q: Reads, communityIds: readonly string[]): Promise<ModelRow[]> {
  if (communityIds.length === 0) return [];
  const t = q.t.audienceModels;
  return q
    .select()
    .from(t)
    .where(inArray(t.communityId, [...communityIds]))
    .orderBy(asc(t.entranceId));
}

export async function saveModel(q: Tx, row: ModelRow): Promise<void> {
  const { entranceId: _, ...set } = row;
  await q.insert(q.t.audienceModels).values(row).onConflictDoUpdate({ target: q.t.audienceModels.entranceId, set });
}

/** An entrance that has shown so many days tells of others. */
const tellingDaysMin = 7;

/** How all entrances turned out against their profiles. */
export async function fleetOf(q: Reads): Promise<Fleet> {
  const t = q.t.audienceModels;
  const level = sql`(${t.levelPpm} / 1000000.0)`;
  const [row] = await q
    .select({
      entrances: sql<number | string>`count(*)`,
      mean: sql<number | string | null>`avg(${level})`,
      square: sql<number | string | null>`avg(${level} * ${level})`,
    })
    .from(t)
    .where(gte(t.knownDays, tellingDaysMin));
  const mean = Number(row?.mean ?? 1);
  return {
    entrances: Number(row?.entrances ?? 0),
    mean,
    variance: Math.max(0, Number(row?.square ?? 1) - mean * mean),
  };
}

/** Forecasts of local days that begin within a span, by entrance and day. */
export async function forecastsOf(
  q: Reads,
  communityIds: readonly string[],
  { from, to }: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<ForecastRow[]> {
  if (communityIds.length === 0) return [];
  const t = q.t.audienceForecasts;
  return q
    .select()
    .from(t)
    .where(and(inArray(t.communityId, [...communityIds]), gte(t.at, from), lt(t.at, to)));
}

/** Replaces the forecasts of the days that begin from `from` on: what was told of earlier days stands. */
export async function replaceForecasts(
  q: Tx,
  communityId: string,
  from: InstantMs,
  made: readonly ForecastRow[],
): Promise<void> {
  const t = q.t.audienceForecasts;
  await q.delete(t).where(and(eq(t.communityId, communityId), gte(t.at, from)));
  await q.insertMany(t, made, { onConflict: 'nothing' });
}

export async function dropForecastsBefore(q: Tx, before: InstantMs): Promise<void> {
  await q.delete(q.t.audienceForecasts).where(lt(q.t.audienceForecasts.at, before));
}

/**
 * Notes that counts of days came. The row is written even if it is there: whoever learns from it at this moment has deleted it, and the new one waits for that.
 */
export async function noteDue(q: Tx, communityId: string, day: string, dueAt: InstantMs): Promise<void> {
  const t = q.t.audienceDue;
  await q
    .insert(t)
    .values({ communityId, day, dueAt })
    .onConflictDoUpdate({ target: [t.communityId, t.day], set: { dueAt } });
}

/** The community that waits longest for something that is due; undefined when nothing is. */
export async function nextDue(q: Reads, now: InstantMs): Promise<string | undefined> {
  const t = q.t.audienceDue;
  const [first] = await q
    .select({ communityId: t.communityId })
    .from(t)
    .where(lte(t.dueAt, now))
    .orderBy(asc(t.dueAt))
    .limit(1);
  return first?.communityId;
}

/** Whatever is due of a community is due later. */
export async function postponeDue(q: Tx, communityId: string, dueAt: InstantMs): Promise<void> {
  const t = q.t.audienceDue;
  await q.update(t).set({ dueAt }).where(eq(t.communityId, communityId));
}

/** The days that were due until now and are this transaction's to learn. */
export async function takeDue(q: Tx, communityId: string, now: InstantMs): Promise<string[]> {
  const t = q.t.audienceDue;
  const taken = await q
    .delete(t)
    .where(and(eq(t.communityId, communityId), lte(t.dueAt, now)))
    .returning({ day: t.day });
  return taken.map(({ day }) => day).sort();
}

export async function saveScore(q: Tx, row: ScoreRow): Promise<void> {
  const { communityId: _, day: __, ...set } = row;
  const t = q.t.audienceScores;
  await q
    .insert(t)
    .values(row)
    .onConflictDoUpdate({ target: [t.communityId, t.day], set });
}

/** The days since then that were compared, the newest first. */
export async function scoresOf(q: Reads, communityId: string, since: string): Promise<ScoreRow[]> {
  const t = q.t.audienceScores;
  return q
    .select()
    .from(t)
    .where(and(eq(t.communityId, communityId), gte(t.day, since)))
    .orderBy(desc(t.day));
}

/** Communities by the error of their forecasts since a day, of all that came; the worst first. */
export async function worstCommunities(q: Reads, since: string, skipped: number, limit: number) {
  const t = q.t.audienceScores;
  const sum = (column: SQLWrapper) => sql<number | string>`sum(${column})`;
  const rows = await q
    .select({
      communityId: t.communityId,
      actualMilli: sum(t.actualMilli),
      expectedMilli: sum(t.expectedMilli),
      errorMilli: sum(t.errorMilli),
      cells: sum(t.cells),
      within: sum(t.within),
    })
    .from(t)
    .where(gte(t.day, since))
    .groupBy(t.communityId)
    .orderBy(sql`sum(${t.errorMilli}) * 1.0 / (sum(${t.actualMilli}) + 1) desc`, asc(t.communityId))
    .limit(limit)
    .offset(skipped);
  return rows.map((row) => ({
    communityId: row.communityId,
    actualMilli: Number(row.actualMilli),
    expectedMilli: Number(row.expectedMilli),
    errorMilli: Number(row.errorMilli),
    cells: Number(row.cells),
    within: Number(row.within),
  }));
}

/** Communities of which nothing was forecast since, the ids rising from there. */
export async function staleCommunities(q: Reads, before: InstantMs, afterId: string, limit: number): Promise<string[]> {
  const t = q.t.audienceModels;
  const rows = await q
    .selectDistinct({ communityId: t.communityId })
    .from(t)
    .where(and(eq(t.inService, true), lt(t.updatedAt, before), gt(t.communityId, afterId)))
    .orderBy(asc(t.communityId))
    .limit(limit);
  return rows.map(({ communityId }) => communityId);
}

export async function declaredIn(q: Reads, communityIds: readonly string[]): Promise<ReadonlyMap<string, Declared>> {
  if (communityIds.length === 0) return new Map();
  const t = q.t.audienceDeclarations;
  const rows = await q
    .select({ communityId: t.communityId, segment: t.segment, people: sql<number | string>`count(*)` })
    .from(t)
    .where(inArray(t.communityId, [...communityIds]))
    .groupBy(t.communityId, t.segment);
  const found = new Map<string, Declared>();
  for (const { communityId, segment, people } of rows) {
    if (!declaredSegments.includes(segment)) continue;
    found.set(communityId, { ...(found.get(communityId) ?? nobodyDeclared), [segment]: Number(people) });
  }
  return found;
}

export const never = instant(0);

/** What was told of the days ahead no longer holds anywhere. */
export async function tellAllAnew(q: Tx): Promise<void> {
  const t = q.t.audienceModels;
  await q.update(t).set({ updatedAt: never }).where(eq(t.inService, true));
}
