import { after, minutes, newId } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { Manager } from '../communities/service.ts';
import { keptBy } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import { newestFirst, type Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Releases } from '../releases/service.ts';
import type { TerminalsService } from '../terminals/service.ts';
import type {
  newRollout,
  Rollout,
  RolloutPlan,
  RolloutPreview,
  RolloutState,
  RolloutTerminal,
  rolloutTerminalQuery,
  TerminalGroups,
  TerminalTags,
} from './contract.ts';
import { drawPlan, showPlan, stageAt, type DrawnPlan } from './plan.ts';
import { isHolding, type StageCounts } from './rules.ts';
import * as rows from './store.ts';
import { createSubjects } from './subjects.ts';
import { workOnRollouts, type RolloutEvents } from './work.ts';

export interface Rollouts {
  list(who: Manager, paging: Paging): Promise<Page<Rollout>>;
  get(id: string): Promise<Rollout>;
  terminals(id: string, query: z.output<typeof rolloutTerminalQuery>): Promise<Page<RolloutTerminal>>;
  /** Rejects with `not-found` unless it is the caller's own. */
  mayManage(q: Reads, who: Manager, id: string): Promise<void>;
  /** Rejects with `not-found` unless the caller may roll it out: a template of its own, or a release by the operator. */
  mayRollOut(q: Reads, who: Manager, what: RolloutPlan['what']): Promise<void>;
  preview(who: Manager, plan: RolloutPlan): Promise<RolloutPreview>;
  /** Rejects with `preview-stale`, `rollout-empty`, `rollout-too-large` and, if one of the terminals is in another, `rollout-overlaps`. */
  create(who: Manager, input: z.output<typeof newRollout>, call: Call): Promise<Rollout>;
  /** Rejects with `rollout-state` where the state's table does not allow it. */
  move(
    who: Manager,
    id: string,
    to: Extract<RolloutState, 'paused' | 'running' | 'cancelled' | 'returning'>,
  ): Promise<Rollout>;
  groups(who: Manager): Promise<TerminalGroups>;
  tagsOf(terminalId: string): Promise<TerminalTags>;
  setTags(who: Manager, terminalId: string, tags: TerminalTags): Promise<TerminalTags>;
}

/** Moves settings and releases to many terminals in stages, and stops by itself when they do not bear it. */
export function createRollouts(platform: Platform, terminals: TerminalsService, releases: Releases): Rollouts {
  const { store, clock, audit, events } = platform;
  const subjects = createSubjects(terminals, releases);
  const told: RolloutEvents = {
    changed: (q, { id, companyId, stage }, facts = {}) =>
      events.emit(q, {
        type: 'rollout',
        subject: id,
        facts: { stage, ...facts },
        ...(companyId !== null && { companyId }),
      }),
  };
  workOnRollouts(platform, subjects, told);

  const looking = lookingPart(platform);
  return {
    ...looking,
    async mayManage(q, who, id) {
      const { companyId } = await find(q, id);
      if (who.role === 'property' && companyId !== who.companyId) throw notFound('rollout');
    },
    async mayRollOut(q, who, { kind, id }) {
      if (kind === 'template') return terminals.templates.mayUse(q, who, id);
      if (who.role !== 'operator') throw notFound('release');
    },
    preview: async (who, plan) => showPlan(store.read, await drawPlan(store.read, subjects, who, plan)),
    async create(who, { name, criteria, token, ...plan }, call) {
      // Beside the transaction: a look at ten thousand terminals takes seconds, in which nobody else could write.
      const [planned] = await Promise.allSettled([drawPlan(store.read, subjects, who, plan)]);
      const { id } = await store.tx((q) =>
        once(q, clock, call, async () => {
          if (planned.status === 'rejected') throw planned.reason;
          const drawn = planned.value;
          if (drawn.token !== token)
            throw refusal('preview-stale', 'something has changed since; look at the changes again');
          if (drawn.members.length === 0) throw refusal('rollout-empty', 'none of these terminals can have it');
          const rollout = rowOf(who, { name, criteria }, drawn, clock.now());
          await q.insert(q.t.rollouts).values(rollout);
          await rows.addMembers(q, membersOf(rollout, drawn));
          const ids = drawn.members.map((one) => one.id);
          if (!(await rows.hold(q, rollout.id, ids))) throw overlaps();
          const facts = { kind: rollout.kind, of: rollout.subjectId, terminals: ids.length };
          await audit(q, { who, action: 'rollout.create', subject: rollout.id, facts });
          await told.changed(q, rollout, { state: 'running' });
          return { id: rollout.id };
        }),
      );
      return looking.get(id);
    },
    async move(who, id, to) {
      await store.tx(async (q) => {
        await q.lock(`rollout ${id}`);
        const rollout = await find(q, id);
        if (!(await rows.moveRollout(q, id, to, await changeOf(q, rollout, to, clock.now())))) {
          throw refusal('rollout-state', 'this roll-out is not in a state for that', { state: rollout.state });
        }
        await holdFor(q, rollout, to);
        await audit(q, { who, action: `rollout.${verbs[to]}`, subject: id });
        await told.changed(q, rollout, { state: to });
      });
      return looking.get(id);
    },
    async setTags(who, terminalId, { tags }) {
      await store.tx(async (q) => {
        await rows.setTags(q, terminalId, tags);
        await audit(q, { who, action: 'terminal.tag', subject: terminalId, facts: { tags } });
      });
      return { tags: [...new Set(tags)] };
    },
  };
}

async function find(q: Reads, id: string): Promise<rows.RolloutRow> {
  const found = await rows.findRollout(q, id);
  if (!found) throw notFound('rollout');
  return found;
}

/** What pages show. */
function lookingPart({ store }: Platform): Pick<Rollouts, 'list' | 'get' | 'terminals' | 'groups' | 'tagsOf'> {
  const show = async (q: Reads, found: readonly rows.RolloutRow[]): Promise<Rollout[]> => {
    const ids = found.map(({ id }) => id);
    const counts = await rows.countsOf(q, ids);
    const skipped = await rows.countSkipped(q, ids);
    return found.map((row) => shown(row, counts(row), skipped.get(row.id) ?? 0));
  };
  return {
    groups: (who) => rows.groupsOf(store.read, keptBy(who).companyId),
    tagsOf: async (terminalId) => ({ tags: await rows.tagsOf(store.read, terminalId) }),
    async get(id) {
      const [rollout] = await show(store.read, [await find(store.read, id)]);
      if (!rollout) throw notFound('rollout');
      return rollout;
    },
    async list(who, paging) {
      const t = store.read.t.rollouts;
      const newest = newestFirst(t.createdAt, t.id, paging);
      const found = await rows.listRollouts(store.read, keptBy(who).companyId, newest);
      const page = newest.page(
        found,
        ({ createdAt }) => createdAt,
        (row) => row,
      );
      return { ...page, items: await show(store.read, page.items) };
    },
    async terminals(id, { state, cursor, limit = pageSizeDefault }) {
      const start = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const found = await rows.listMembers(store.read, id, state, start, limit + 1);
      return pageOf(found, limit, ({ member }) => [member.terminalId], shownMember);
    },
  };
}

/** Who lets it go on knows of the failures so far. */
async function changeOf(
  q: Tx,
  rollout: rows.RolloutRow,
  to: RolloutState,
  now: rows.MemberRow['at'],
): Promise<Partial<rows.RolloutRow>> {
  if (to === 'cancelled') return { endedAt: now };
  if (to !== 'running' || rollout.state !== 'halted') return {};
  const counts = (await rows.countsOf(q, [rollout.id]))(rollout);
  return { halt: null, forgiven: counts.reduce((all, { failed = 0 }) => all + failed, 0) };
}

/** What ends lets its terminals go; what takes them back when it was over has to have them again. */
async function holdFor(q: Tx, { id, state }: rows.RolloutRow, to: RolloutState): Promise<void> {
  if (!isHolding(to)) return rows.letGo(q, id);
  if (isHolding(state)) return;
  if (!(await rows.hold(q, id, await rows.toldIds(q, id)))) throw overlaps();
}

const overlaps = () => refusal('rollout-overlaps', 'another roll-out has some of these terminals');
const verbs = { paused: 'pause', running: 'resume', cancelled: 'cancel', returning: 'roll-back' } as const;

const rowOf = (
  who: Manager,
  { name, criteria }: Pick<z.output<typeof newRollout>, 'name' | 'criteria'>,
  { subject, sizes }: DrawnPlan,
  now: rows.RolloutRow['createdAt'],
): rows.RolloutRow => ({
  id: newId('rollout'),
  companyId: keptBy(who).companyId ?? null,
  name,
  kind: subject.kind,
  subjectId: subject.id,
  subjectName: subject.name,
  settings: subject.settings,
  criteria,
  sizes,
  state: 'running',
  halt: null,
  forgiven: 0,
  stage: 0,
  stageStartedAt: now,
  stageDoneAt: null,
  createdAt: now,
  endedAt: null,
});

const membersOf = (
  { id: rolloutId, createdAt: at }: rows.RolloutRow,
  { members, passedOver, sizes }: DrawnPlan,
): rows.NewMember[] => [
  ...members.map(({ id: terminalId }, place) => ({
    rolloutId,
    terminalId,
    stage: stageAt(sizes, place),
    state: 'waiting' as const,
    reason: null,
    at,
  })),
  ...passedOver.map(({ candidate, reason }) => ({
    rolloutId,
    terminalId: candidate.id,
    stage: rows.noStage,
    state: 'skipped' as const,
    reason,
    at,
  })),
];

function shown(row: rows.RolloutRow, counts: readonly StageCounts[], skipped: number): Rollout {
  const { id, name, kind, subjectId, subjectName, state, halt, stage, sizes, criteria, createdAt, endedAt } = row;
  const isResting = state === 'running' && row.stageDoneAt !== null && stage < sizes.length - 1;
  return {
    id,
    name,
    what: { kind, id: subjectId, name: subjectName },
    state,
    halt,
    stage,
    stages: sizes.map((size, index) => ({ size, counts: { ...counts[index] } })),
    total: sizes.reduce((all, size) => all + size, 0),
    skipped,
    criteria,
    nextAt: isResting && row.stageDoneAt !== null ? after(row.stageDoneAt, minutes(criteria.waitMinutes)) : null,
    createdAt,
    endedAt,
  };
}

const shownMember = ({
  member,
  terminal,
  community,
  entrance,
  online,
}: Awaited<ReturnType<typeof rows.listMembers>>[number]): RolloutTerminal => ({
  terminalId: member.terminalId,
  name: terminal.name,
  communityName: community.name,
  entranceName: entrance.name,
  stage: member.stage,
  state: member.state,
  reason: member.reason,
  online: online ?? false,
  at: member.at,
});
