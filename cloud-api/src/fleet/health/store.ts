import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { HealthIssue, HealthReport } from '@gatecast/firmware-protocol/messages';
import { and, asc, eq, gte, inArray, lt, or } from 'drizzle-orm';
import type { Reads, Tx } from '../../platform/db/store.ts';
import { grains, rowStart, type Grain, type HealthPoint, waitingRows, withPoint } from './trend-rules.ts';

/** Rows of the trend deleted in one transaction. */
const pruneMax = 500;

/** The report that arrived last takes the place of the one before: a terminal's own clock may be anywhere. */
export async function saveReport(q: Tx, report: HealthReport, receivedAt: InstantMs): Promise<void> {
  const { terminal: terminalId, at } = report;
  const vitals = { at, receivedAt, journalRows: waitingRows(report) };
  const { terminalHealth, healthReports } = q.t;
  await q
    .insert(terminalHealth)
    .values({ terminalId, ...vitals })
    .onConflictDoUpdate({ target: terminalHealth.terminalId, set: vitals });
  await q
    .insert(healthReports)
    .values({ terminalId, report })
    .onConflictDoUpdate({ target: healthReports.terminalId, set: { report } });
}

/** What is wrong now; an issue that lasts keeps its beginning. True if anything changed. */
export async function saveIssues(
  q: Tx,
  terminalId: string,
  issues: readonly HealthIssue[],
  now: InstantMs,
): Promise<boolean> {
  const t = q.t.terminalIssues;
  const before = (await issuesOf(q, [terminalId])).map(({ issue }) => issue);
  const over = before.filter((issue) => !issues.includes(issue));
  const fresh = [...new Set(issues)].filter((issue) => !before.includes(issue));
  if (over.length > 0) await q.delete(t).where(and(eq(t.terminalId, terminalId), inArray(t.issue, over)));
  if (fresh.length > 0) await q.insert(t).values(fresh.map((issue) => ({ terminalId, issue, since: now })));
  return over.length + fresh.length > 0;
}

export async function issuesOf(q: Reads, terminalIds: readonly string[]) {
  if (terminalIds.length === 0) return [];
  const t = q.t.terminalIssues;
  return q
    .select()
    .from(t)
    .where(inArray(t.terminalId, [...terminalIds]));
}

/** Adds a point to the hour and the day that it belongs to. */
export async function addToTrend(q: Tx, terminalId: string, point: HealthPoint): Promise<void> {
  const t = q.t.healthTrends;
  const [hour, day] = [rowStart('fine', point.at), rowStart('hour', point.at)];
  const known = await q
    .select()
    .from(t)
    .where(
      and(
        eq(t.terminalId, terminalId),
        or(and(eq(t.grain, 'fine'), eq(t.from, hour)), and(eq(t.grain, 'hour'), eq(t.from, day))),
      ),
    );
  for (const [grain, from] of [['fine', hour] as const, ['hour', day] as const]) {
    const before = known.find((row) => row.grain === grain)?.points ?? [];
    const points = withPoint(before, grain, point);
    await q
      .insert(t)
      .values({ terminalId, grain, from, points })
      .onConflictDoUpdate({ target: [t.terminalId, t.grain, t.from], set: { points } });
  }
}

export async function newestReport(q: Reads, terminalId: string) {
  const { healthReports, terminalHealth } = q.t;
  const [row] = await q
    .select({ report: healthReports.report, receivedAt: terminalHealth.receivedAt })
    .from(healthReports)
    .innerJoin(terminalHealth, eq(terminalHealth.terminalId, healthReports.terminalId))
    .where(eq(healthReports.terminalId, terminalId));
  return row;
}

/** Oldest first. */
export async function trendOf(q: Reads, terminalId: string, grain: Grain, since: InstantMs): Promise<HealthPoint[]> {
  const t = q.t.healthTrends;
  const rows = await q
    .select({ points: t.points })
    .from(t)
    .where(and(eq(t.terminalId, terminalId), eq(t.grain, grain), gte(t.from, rowStart(grain, since))))
    .orderBy(asc(t.from));
  return rows.flatMap(({ points }) => points).filter(({ at }) => at >= since);
}

/** Deletes what is older than it may be, some rows at a time; false when there is nothing left to delete. */
export async function pruneTrend(q: Tx, grain: Grain, now: InstantMs): Promise<boolean> {
  const t = q.t.healthTrends;
  const { keptMs, rowMs } = grains[grain];
  const before = instant(now - keptMs - rowMs);
  const old = await q
    .select({ terminalId: t.terminalId, from: t.from })
    .from(t)
    .where(and(eq(t.grain, grain), lt(t.from, before)))
    .orderBy(asc(t.from))
    .limit(pruneMax);
  const [first] = old;
  if (!first) return false;
  // Rows of one hour or day go together; an index leads to them.
  const ids = old.filter(({ from }) => from === first.from).map(({ terminalId }) => terminalId);
  await q.delete(t).where(and(eq(t.grain, grain), eq(t.from, first.from), inArray(t.terminalId, ids)));
  return true;
}
