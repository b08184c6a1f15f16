import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, sql, type SQL } from 'drizzle-orm';
import type { Reads, Tx } from '../../platform/db/store.ts';
import { newestFirst, type Paging } from '../../platform/newest-first.ts';
import type { AlarmKind, Severity } from './alarm-kinds.ts';

export type AlarmRow = Reads['t']['fleetAlarms']['$inferSelect'];
/** An alarm with the names around it. */
export type PlacedAlarm = Awaited<ReturnType<typeof alarmsById>>[number];

/** All that are not over, raised or not. */
export async function openRows(q: Reads): Promise<AlarmRow[]> {
  const t = q.t.fleetAlarms;
  return q.select().from(t).where(isNull(t.endedAt));
}

/** The newest of those keys that ended after `since`. */
export async function endedLately(q: Reads, keys: readonly string[], since: InstantMs): Promise<AlarmRow[]> {
  if (keys.length === 0) return [];
  const t = q.t.fleetAlarms;
  return q
    .select()
    .from(t)
    .where(and(inArray(t.key, [...keys]), gt(t.endedAt, since)))
    .orderBy(asc(t.endedAt));
}

export async function changeAlarm(q: Tx, id: string, set: Partial<AlarmRow>): Promise<void> {
  await q.update(q.t.fleetAlarms).set(set).where(eq(q.t.fleetAlarms.id, id));
}

function placed(q: Reads) {
  const { fleetAlarms: t, terminals, entrances, communities } = q.t;
  const names = { terminalName: terminals.name, entranceName: entrances.name, communityName: communities.name };
  return q
    .select({ alarm: t, ...names })
    .from(t)
    .leftJoin(terminals, eq(terminals.id, t.terminalId))
    .leftJoin(entrances, eq(entrances.id, terminals.entranceId))
    .leftJoin(communities, eq(communities.id, t.communityId));
}

export async function alarmsById(q: Reads, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const found = await placed(q).where(inArray(q.t.fleetAlarms.id, [...ids]));
  return found.map(({ alarm, ...names }) => ({ ...alarm, ...names }));
}

export interface AlarmFilter {
  readonly kind?: AlarmKind | undefined;
  readonly severity?: Severity | undefined;
  readonly terminalId?: string | undefined;
}

const fits = (q: Reads, { kind, severity, terminalId }: AlarmFilter): SQL | undefined => {
  const t = q.t.fleetAlarms;
  return and(
    isNotNull(t.raisedAt),
    kind === undefined ? undefined : eq(t.kind, kind),
    severity === undefined ? undefined : eq(t.severity, severity),
    terminalId === undefined ? undefined : eq(t.terminalId, terminalId),
  );
};

const gravity = (q: Reads): SQL<number> =>
  sql<number>`case ${q.t.fleetAlarms.severity} when 'critical' then 0 when 'warning' then 1 else 2 end`;

/** Raised and not over, the worst first, then the newest; the cursor is how many were shown. */
export async function openAlarms(q: Reads, filter: AlarmFilter, from: number, limit: number): Promise<PlacedAlarm[]> {
  const t = q.t.fleetAlarms;
  const found = await placed(q)
    .where(and(isNull(t.endedAt), fits(q, filter)))
    .orderBy(gravity(q), desc(t.raisedAt), desc(t.id))
    .offset(from)
    .limit(limit);
  return found.map(({ alarm, ...names }) => ({ ...alarm, ...names }));
}

export async function endedAlarms(q: Reads, filter: AlarmFilter, paging: Paging) {
  const t = q.t.fleetAlarms;
  const list = newestFirst(t.raisedAt, t.id, paging);
  const found = await placed(q)
    .where(and(isNotNull(t.endedAt), fits(q, filter), list.where))
    .orderBy(...list.order)
    .limit(list.take);
  return { list, rows: found.map(({ alarm, ...names }) => ({ ...alarm, ...names })) };
}

/** Raised, heard of by nobody, and looked at by nobody. */
export async function untold(q: Reads): Promise<AlarmRow[]> {
  const t = q.t.fleetAlarms;
  return q
    .select()
    .from(t)
    .where(and(isNull(t.endedAt), isNotNull(t.raisedAt), eq(t.told, false), isNull(t.ackedAt)));
}

export async function currentSilences(q: Reads, now: InstantMs) {
  const { alarmSilences: t, terminals, communities } = q.t;
  const found = await q
    .select({ silence: t, terminalName: terminals.name, communityName: communities.name })
    .from(t)
    .leftJoin(terminals, eq(terminals.id, t.terminalId))
    .leftJoin(communities, eq(communities.id, t.communityId))
    .where(gt(t.until, now))
    .orderBy(asc(t.until), asc(t.id));
  return found.map(({ silence, ...names }) => ({ ...silence, ...names }));
}

/** Forgets what ended before; of silences and alarms alike. */
export async function pruneAlarms(q: Tx, before: InstantMs): Promise<void> {
  const { fleetAlarms, alarmSilences } = q.t;
  await q.delete(fleetAlarms).where(and(isNotNull(fleetAlarms.endedAt), lt(fleetAlarms.endedAt, before)));
  await q.delete(alarmSilences).where(lt(alarmSilences.until, before));
}
