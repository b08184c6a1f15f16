import { setImmediate as nextTurn } from 'node:timers/promises';
import { and, asc, count, eq, gt, gte, inArray, lte, or, type SQL } from 'drizzle-orm';
import type { HealthIssue } from '@gatecast/firmware-protocol/messages';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { NewestFirst } from '../platform/newest-first.ts';
import type { StandingAlarm } from '../terminals/contract.ts';
import type { RolloutPlan, RolloutState, RolloutTerminalState } from './contract.ts';
import { statesBefore, type StageCounts } from './rules.ts';

export type RolloutRow = Reads['t']['rollouts']['$inferSelect'];
export type MemberRow = Reads['t']['rolloutTerminals']['$inferSelect'];
export type NewMember = Pick<MemberRow, 'rolloutId' | 'terminalId' | 'stage' | 'state' | 'reason' | 'at'>;

/** Stage of a terminal that is passed over. */
export const noStage = -1;

/** A terminal that may belong to a roll-out. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly status: 'unclaimed' | 'active' | 'revoked';
  readonly model: string | null;
  readonly communityName: string;
  readonly entranceName: string;
  readonly online: boolean;
}

/** Terminals of the group and the canaries, of a company if one is named: the next ones by id after `afterId`. */
export async function candidatesOf(
  q: Reads,
  companyId: string | undefined,
  { group, canaryIds }: Pick<RolloutPlan, 'group' | 'canaryIds'>,
  { afterId, max }: { readonly afterId: string; readonly max: number },
): Promise<Candidate[]> {
  const { terminals: t, communities, entrances, terminalPresence: p, terminalTags: g } = q.t;
  const named: SQL[] = [];
  if (group.communityIds.length > 0) named.push(inArray(t.communityId, group.communityIds));
  if (group.models.length > 0) named.push(inArray(t.model, group.models));
  if (group.terminalIds.length > 0) named.push(inArray(t.id, group.terminalIds));
  if (group.tags.length > 0)
    named.push(inArray(t.id, q.select({ id: g.terminalId }).from(g).where(inArray(g.tag, group.tags))));
  const isMeant = named.length === 0 ? undefined : or(and(...named), inArray(t.id, canaryIds));
  const isOwn = companyId === undefined ? undefined : eq(communities.companyId, companyId);
  const found = await q
    .select({
      id: t.id,
      name: t.name,
      status: t.status,
      model: t.model,
      communityName: communities.name,
      entranceName: entrances.name,
      online: p.online,
    })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .innerJoin(entrances, eq(entrances.id, t.entranceId))
    .leftJoin(p, eq(p.terminalId, t.id))
    .where(and(gt(t.id, afterId), isOwn, isMeant))
    .orderBy(asc(t.id))
    .limit(max);
  return found.map(({ online, ...one }) => ({ ...one, online: online ?? false }));
}

/** Which other roll-outs hold terminals of these, and how many each. */
export async function holdersOf(q: Reads, terminalIds: readonly string[]) {
  const { rolloutHolds: h, rollouts: r } = q.t;
  const found = new Map<string, { rolloutId: string; name: string; terminals: number }>();
  for (const ids of inChunks(terminalIds)) {
    const rows = await q
      .select({ rolloutId: h.rolloutId, name: r.name, terminals: count().mapWith(Number) })
      .from(h)
      .innerJoin(r, eq(r.id, h.rolloutId))
      .where(inArray(h.terminalId, ids))
      .groupBy(h.rolloutId, r.name);
    for (const row of rows) {
      const known = found.get(row.rolloutId);
      found.set(row.rolloutId, { ...row, terminals: row.terminals + (known?.terminals ?? 0) });
    }
    await nextTurn();
  }
  return [...found.values()];
}

/** How many ids one statement names, and rows it reads or writes, before others have their turn. */
const chunk = 200;
export const inChunks = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / chunk) }, (_, at) => all.slice(at * chunk, (at + 1) * chunk));

/** False if another roll-out holds one of them. */
export async function hold(q: Tx, rolloutId: string, terminalIds: readonly string[]): Promise<boolean> {
  // Two that begin at once must not both find the terminals free.
  await q.lock('rollout-holds');
  if ((await holdersOf(q, terminalIds)).length > 0) return false;
  for (const ids of inChunks(terminalIds)) {
    await q.insertMany(
      q.t.rolloutHolds,
      ids.map((terminalId) => ({ terminalId, rolloutId })),
    );
    await nextTurn();
  }
  return true;
}

export async function addMembers(q: Tx, members: readonly NewMember[]): Promise<void> {
  for (const some of inChunks(members)) {
    await q.insertMany(q.t.rolloutTerminals, some);
    await nextTurn();
  }
}

export async function letGo(q: Tx, rolloutId: string): Promise<void> {
  await q.delete(q.t.rolloutHolds).where(eq(q.t.rolloutHolds.rolloutId, rolloutId));
}

export async function findRollout(q: Reads, id: string): Promise<RolloutRow | undefined> {
  const [row] = await q.select().from(q.t.rollouts).where(eq(q.t.rollouts.id, id));
  return row;
}

export async function listRollouts(
  q: Reads,
  companyId: string | undefined,
  paging: Pick<NewestFirst, 'where' | 'order' | 'take'>,
): Promise<RolloutRow[]> {
  const t = q.t.rollouts;
  return q
    .select()
    .from(t)
    .where(and(companyId === undefined ? undefined : eq(t.companyId, companyId), paging.where))
    .orderBy(...paging.order)
    .limit(paging.take);
}

/** Roll-outs with something to do or to watch. */
export async function openRollouts(q: Reads): Promise<string[]> {
  const t = q.t.rollouts;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(inArray(t.state, ['running', 'paused', 'halted', 'returning'] satisfies RolloutState[]))
    .orderBy(asc(t.createdAt));
  return rows.map(({ id }) => id);
}

/** Moves a roll-out to a state that may follow its own; false if it may not. */
export async function moveRollout(
  q: Tx,
  id: string,
  to: RolloutState,
  change: Partial<RolloutRow> = {},
): Promise<boolean> {
  const t = q.t.rollouts;
  const moved = await q
    .update(t)
    .set({ ...change, state: to })
    .where(and(eq(t.id, id), inArray(t.state, statesBefore(to))))
    .returning({ id: t.id });
  return moved.length > 0;
}

export async function changeRollout(q: Tx, id: string, change: Partial<RolloutRow>): Promise<void> {
  await q.update(q.t.rollouts).set(change).where(eq(q.t.rollouts.id, id));
}

/** Terminals of each roll-out by stage and state. */
export async function countsOf(
  q: Reads,
  rolloutIds: readonly string[],
): Promise<(rollout: Pick<RolloutRow, 'id' | 'sizes'>) => StageCounts[]> {
  const t = q.t.rolloutTerminals;
  const rows = await q
    .select({ id: t.rolloutId, stage: t.stage, state: t.state, terminals: count().mapWith(Number) })
    .from(t)
    .where(and(inArray(t.rolloutId, [...rolloutIds]), gte(t.stage, 0)))
    .groupBy(t.rolloutId, t.stage, t.state);
  return ({ id, sizes }) =>
    sizes.map((_size, stage) =>
      Object.fromEntries(
        rows.filter((row) => row.id === id && row.stage === stage).map(({ state, terminals }) => [state, terminals]),
      ),
    );
}

export async function countSkipped(q: Reads, rolloutIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const t = q.t.rolloutTerminals;
  const rows = await q
    .select({ id: t.rolloutId, terminals: count().mapWith(Number) })
    .from(t)
    .where(and(inArray(t.rolloutId, [...rolloutIds]), eq(t.stage, noStage)))
    .groupBy(t.rolloutId);
  return new Map(rows.map(({ id, terminals }) => [id, terminals]));
}

/** The next terminals that are to be told, or have it taken back. */
export async function membersIn(
  q: Reads,
  rolloutId: string,
  states: readonly RolloutTerminalState[],
  max: number,
  stage?: number,
): Promise<MemberRow[]> {
  const t = q.t.rolloutTerminals;
  const isOfStage = stage === undefined ? undefined : eq(t.stage, stage);
  return q
    .select()
    .from(t)
    .where(and(eq(t.rolloutId, rolloutId), inArray(t.state, [...states]), isOfStage))
    .orderBy(asc(t.stage), asc(t.terminalId))
    .limit(max);
}

/** Every terminal that was told, whatever became of it. */
export async function toldIds(q: Reads, rolloutId: string): Promise<string[]> {
  const t = q.t.rolloutTerminals;
  const ids: string[] = [];
  for (;;) {
    const found = await q
      .select({ id: t.terminalId })
      .from(t)
      .where(and(eq(t.rolloutId, rolloutId), inArray(t.state, [...toldStates]), gt(t.terminalId, ids.at(-1) ?? '')))
      .orderBy(asc(t.terminalId))
      .limit(chunk);
    ids.push(...found.map(({ id }) => id));
    if (found.length < chunk) return ids;
    await nextTurn();
  }
}

export const toldStates = ['sent', 'away', 'healthy', 'failed', 'missed'] as const satisfies RolloutTerminalState[];

/** Who is still waited for, when the roll-out is over. */
export async function missOpen(q: Tx, rolloutId: string, at: MemberRow['at']): Promise<void> {
  const t = q.t.rolloutTerminals;
  const isOpen = inArray(t.state, ['sent', 'away'] satisfies RolloutTerminalState[]);
  await q
    .update(t)
    .set({ state: 'missed', at })
    .where(and(eq(t.rolloutId, rolloutId), isOpen));
}

export const changeMember = (
  q: Tx,
  { rolloutId, terminalId, state }: Pick<MemberRow, 'rolloutId' | 'terminalId' | 'state'>,
  change: Partial<MemberRow>,
): Promise<void> => changeMembers(q, { rolloutId, state }, [terminalId], change);

/** Of these, those that are in this state still. */
export async function changeMembers(
  q: Tx,
  { rolloutId, state }: Pick<MemberRow, 'rolloutId' | 'state'>,
  terminalIds: readonly string[],
  change: Partial<MemberRow>,
): Promise<void> {
  const t = q.t.rolloutTerminals;
  await q
    .update(t)
    .set(change)
    .where(and(eq(t.rolloutId, rolloutId), inArray(t.terminalId, [...terminalIds]), eq(t.state, state)));
}

/** Terminals that were told and may still change, by id after `afterId`, with what they say of themselves. */
export async function toldMembers(
  q: Reads,
  { id, kind, stage }: Pick<RolloutRow, 'id' | 'kind' | 'stage'>,
  afterId: string,
) {
  const { rolloutTerminals: t, terminalDocuments: d, terminalPresence: p } = q.t;
  const isOpen = or(
    inArray(t.state, ['sent', 'away'] satisfies RolloutTerminalState[]),
    and(eq(t.state, 'healthy'), eq(d.failed, t.version)),
  );
  return q
    .select({
      member: {
        rolloutId: t.rolloutId,
        terminalId: t.terminalId,
        state: t.state,
        at: t.at,
        version: t.version,
        dueFrom: t.dueFrom,
        troubles: t.troubles,
      },
      document: { applied: d.applied, appliedAt: d.appliedAt, failed: d.failed, reason: d.reason },
      online: p.online,
    })
    .from(t)
    .leftJoin(d, and(eq(d.terminalId, t.terminalId), eq(d.kind, documentOf[kind])))
    .leftJoin(p, eq(p.terminalId, t.terminalId))
    .where(and(eq(t.rolloutId, id), lte(t.stage, stage), gt(t.terminalId, afterId), isOpen))
    .orderBy(asc(t.terminalId))
    .limit(chunk);
}

export const documentOf = { template: 'config', release: 'software' } as const;

/** Alarms that say something of the terminal, and nothing of who walks through its doors. */
const technical = [
  'door-offline',
  'lock-fault',
  'reader-offline',
  'reader-insecure',
  'power',
] as const satisfies readonly StandingAlarm['kind'][];
/** Faults that a roll-out makes by being taken: what it is told is judged by itself. */
const ownIssues: readonly HealthIssue[] = ['document-refused', 'update-refused', 'journal-backlog'];

/** What stands at each of the terminals. */
export async function troublesOf(
  q: Reads,
  terminalIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { doorAlarms: a, terminalIssues: i } = q.t;
  const found = new Map<string, string[]>();
  const add = (terminalId: string, trouble: string) =>
    found.set(terminalId, [...(found.get(terminalId) ?? []), trouble]);
  for (const ids of inChunks(terminalIds)) {
    const alarms = await q
      .select({ terminalId: a.terminalId, kind: a.kind })
      .from(a)
      .where(and(inArray(a.terminalId, ids), eq(a.active, true), inArray(a.kind, [...technical])));
    const issues = await q.select().from(i).where(inArray(i.terminalId, ids));
    for (const { terminalId, kind } of alarms) add(terminalId, kind);
    for (const { terminalId, issue } of issues) if (!ownIssues.includes(issue)) add(terminalId, issue);
  }
  return found;
}

/** Terminals of a roll-out with their names, by stage. */
export async function listMembers(
  q: Reads,
  rolloutId: string,
  state: RolloutTerminalState | undefined,
  afterId: string,
  limit: number,
) {
  const { rolloutTerminals: t, terminals, communities, entrances, terminalPresence: p } = q.t;
  return q
    .select({ member: t, terminal: terminals, community: communities, entrance: entrances, online: p.online })
    .from(t)
    .innerJoin(terminals, eq(terminals.id, t.terminalId))
    .innerJoin(communities, eq(communities.id, terminals.communityId))
    .innerJoin(entrances, eq(entrances.id, terminals.entranceId))
    .leftJoin(p, eq(p.terminalId, t.terminalId))
    .where(
      and(eq(t.rolloutId, rolloutId), state === undefined ? undefined : eq(t.state, state), gt(t.terminalId, afterId)),
    )
    .orderBy(asc(t.terminalId))
    .limit(limit);
}

/** The release that each of the terminals was given last. */
export async function releasesOf(q: Reads, terminalIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const t = q.t.releaseAssignments;
  const rows = await q
    .select({ terminalId: t.terminalId, releaseId: t.releaseId })
    .from(t)
    .where(inArray(t.terminalId, [...terminalIds]));
  return new Map(rows.map(({ terminalId, releaseId }) => [terminalId, releaseId]));
}

export async function groupsOf(q: Reads, companyId: string | undefined) {
  const { terminals: t, communities, terminalTags: g } = q.t;
  const isOwn = companyId === undefined ? undefined : eq(communities.companyId, companyId);
  const tags = await q
    .select({ tag: g.tag, terminals: count().mapWith(Number) })
    .from(g)
    .innerJoin(t, eq(t.id, g.terminalId))
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(isOwn)
    .groupBy(g.tag)
    .orderBy(asc(g.tag));
  const models = await q
    .select({ model: t.model, terminals: count().mapWith(Number) })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(isOwn)
    .groupBy(t.model)
    .orderBy(asc(t.model));
  return { tags, models: models.flatMap(({ model, terminals }) => (model === null ? [] : [{ model, terminals }])) };
}

export async function tagsOf(q: Reads, terminalId: string): Promise<string[]> {
  const t = q.t.terminalTags;
  const found = await q.select({ tag: t.tag }).from(t).where(eq(t.terminalId, terminalId)).orderBy(asc(t.tag));
  return found.map(({ tag }) => tag);
}

export async function setTags(q: Tx, terminalId: string, tags: readonly string[]): Promise<void> {
  const t = q.t.terminalTags;
  await q.delete(t).where(eq(t.terminalId, terminalId));
  await q.insertMany(
    t,
    [...new Set(tags)].map((tag) => ({ terminalId, tag })),
  );
}
