import { and, desc, eq, inArray, isNull, ne, type SQL } from 'drizzle-orm';
import { keptBy, type Keeper } from '../platform/auth.ts';
import type { Reads } from '../platform/db/store.ts';
import type { NewestFirst } from '../platform/newest-first.ts';
import type { Alarm } from './alarm-contract.ts';

export interface AlarmFilter {
  readonly communityId?: string | undefined;
  readonly terminalId?: string | undefined;
  readonly kind?: Alarm['kind'] | undefined;
  readonly state: 'open' | 'all';
}

/** An alarm with the names around it. */
export type PlacedAlarm = Awaited<ReturnType<typeof listAlarms>>[number];

/** Nobody but the property learns who opened under threat, nor that somebody did. */
export const mayKnow = (who: Keeper, kind: Alarm['kind']): boolean => kind !== 'duress' || who.role === 'property';

export async function listAlarms(
  q: Reads,
  who: Keeper,
  filter: AlarmFilter,
  paging: Pick<NewestFirst, 'where' | 'order' | 'take'>,
) {
  const { alarms: t } = q.t;
  const found = await placed(q)
    .where(and(...scope(q, who, filter), filter.state === 'open' ? eq(t.open, true) : undefined, paging.where))
    .orderBy(...paging.order)
    .limit(paging.take);
  return found.map(flat);
}

export async function findAlarm(q: Reads, id: string): Promise<PlacedAlarm | undefined> {
  const [row] = await placed(q).where(eq(q.t.alarms.id, id));
  return row && flat(row);
}

/** Kinds of the alarms that nobody has acknowledged, newest first, `max` at most. */
export async function unacknowledged(
  q: Reads,
  who: Keeper,
  filter: Pick<AlarmFilter, 'communityId' | 'kind'>,
  max: number,
): Promise<number> {
  const { alarms: t, communities } = q.t;
  const found = await q
    .select({ id: t.id })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(and(...scope(q, who, filter), eq(t.open, true), isNull(t.ackedAt)))
    .orderBy(desc(t.at))
    .limit(max);
  return found.length;
}

function scope(q: Reads, who: Keeper, { communityId, terminalId, kind }: Partial<AlarmFilter>): (SQL | undefined)[] {
  const { alarms: t, communities } = q.t;
  const { companyId, communityIds } = keptBy(who);
  return [
    companyId === undefined ? undefined : eq(communities.companyId, companyId),
    communityIds === undefined ? undefined : inArray(t.communityId, [...communityIds]),
    communityId === undefined ? undefined : eq(t.communityId, communityId),
    terminalId === undefined ? undefined : eq(t.terminalId, terminalId),
    kind === undefined ? undefined : eq(t.kind, kind),
    mayKnow(who, 'duress') ? undefined : ne(t.kind, 'duress'),
  ];
}

function placed(q: Reads) {
  const { alarms: t, communities, terminals, entrances, credentials, residents } = q.t;
  return q
    .select({
      alarm: t,
      companyId: communities.companyId,
      terminalName: terminals.name,
      terminalStatus: terminals.status,
      entranceName: entrances.name,
      residentName: residents.name,
      unit: credentials.unit,
      label: credentials.label,
    })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .innerJoin(terminals, eq(terminals.id, t.terminalId))
    .leftJoin(entrances, eq(entrances.id, t.entranceId))
    .leftJoin(credentials, eq(credentials.id, t.credentialId))
    .leftJoin(residents, eq(residents.id, credentials.residentId));
}

type JoinedAlarm = Awaited<ReturnType<typeof placed>>[number];

const flat = ({ alarm, residentName, label, unit, ...around }: JoinedAlarm) => ({
  ...alarm,
  ...around,
  whose: residentName ?? label,
  unit,
});
