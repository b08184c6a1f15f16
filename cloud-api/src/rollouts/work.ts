import { setImmediate as nextTurn } from 'node:timers/promises';
import { seconds } from '@gatecast/firmware-protocol';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { judge, nextStep, type Judgement, type TerminalFacts } from './rules.ts';
import * as rows from './store.ts';
import type { Subject, Subjects } from './subjects.ts';

const everyMs = seconds(2);
/** Terminals that one transaction tells or takes back: some fifty milliseconds in which others cannot write. */
const batchMax = 10;
/** Turns of one roll-out before it is looked at again how those do that were told, and the others have theirs. */
const turnsMax = 25;

export interface RolloutEvents {
  /** Says on the live pages that a roll-out has moved. */
  changed(q: Tx, rollout: rows.RolloutRow, facts?: Readonly<Record<string, string | number>>): Promise<void>;
}

/** Moves every open roll-out on, one transaction a step: whatever is cut off is taken up where the last commit left it. */
export function workOnRollouts(platform: Platform, subjects: Subjects, events: RolloutEvents): void {
  const { jobs, store, log } = platform;
  jobs.handle('rollouts.step', {
    everyMs,
    async run(_payload, { signal }) {
      for (const id of await rows.openRollouts(store.read)) {
        try {
          await look(platform, subjects, events, id, signal);
          for (let turn = 0; turn < turnsMax && !signal.aborted; turn += 1) {
            if (!(await store.tx((q) => takeTurn(platform, subjects, events, q, id)))) break;
          }
        } catch (err) {
          // It is taken up again in a moment; the others must not wait for it.
          log.error({ err, rollout: id }, 'a roll-out could not be moved on');
        }
      }
    },
  });
}

/** True if there is more to do at once. */
async function takeTurn(
  { clock, audit }: Platform,
  subjects: Subjects,
  events: RolloutEvents,
  q: Tx,
  id: string,
): Promise<boolean> {
  await q.lock(`rollout ${id}`);
  const rollout = await rows.findRollout(q, id);
  if (!rollout) return false;
  if (rollout.state === 'returning') return takeBack(subjects, events, q, rollout, clock.now());
  if (rollout.state !== 'running') return false;
  const now = clock.now();
  const counts = (await rows.countsOf(q, [id]))(rollout);
  const step = nextStep({ ...rollout, counts, startedAt: rollout.createdAt }, rollout.criteria, now);
  switch (step.do) {
    case 'watch':
      return false;
    case 'send':
      await tellSome(subjects, q, rollout, now);
      break;
    case 'close-stage':
      await rows.changeRollout(q, id, { stageDoneAt: now });
      break;
    case 'next-stage':
      await rows.changeRollout(q, id, { stage: rollout.stage + 1, stageStartedAt: now, stageDoneAt: null });
      break;
    case 'halt': {
      const halt = { stage: rollout.stage, failed: step.failed, allowed: step.allowed };
      await rows.moveRollout(q, id, 'halted', { halt });
      await audit(q, { who: 'system', action: 'rollout.halt', subject: id, facts: halt });
      await events.changed(q, rollout, { state: 'halted', ...halt });
      return false;
    }
    case 'finish':
      await finish(q, rollout, now);
      await audit(q, { who: 'system', action: 'rollout.finish', subject: id });
      await events.changed(q, rollout, { state: 'done' });
      return false;
  }
  await events.changed(q, rollout);
  return true;
}

/** Notes how those stand now that were told: what is read is ten thousand rows, what is written is what has changed. */
async function look(
  { clock, store }: Platform,
  subjects: Subjects,
  events: RolloutEvents,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const rollout = await rows.findRollout(store.read, id);
  if (!rollout || rollout.state === 'returning') return;
  for (let afterId = ''; !signal.aborted; await nextTurn()) {
    const told = await rows.toldMembers(store.read, rollout, afterId);
    const last = told.at(-1);
    if (!last) return;
    afterId = last.member.terminalId;
    const ids = told.map(({ member }) => member.terminalId);
    const troubles = await rows.troublesOf(store.read, ids);
    const now = clock.now();
    const changes = told
      .map(({ member, ...said }) => {
        const facts = factsOf(member, said, troubles.get(member.terminalId) ?? []);
        return { member, judgement: judge(facts, rollout.criteria, now) };
      })
      .filter(({ member, judgement }) => judgement.state !== member.state);
    if (changes.length === 0) continue;
    const dated = await Promise.all(
      changes.map(async ({ member, judgement }) => {
        if (judgement.dueFrom === undefined) return { member, judgement };
        const dueFrom = await subjects.dueFrom(store.read, subjectOf(rollout), member.terminalId, judgement.dueFrom);
        return { member, judgement: { ...judgement, dueFrom } };
      }),
    );
    const alike = Map.groupBy(dated, ({ member, judgement }) => JSON.stringify([member.state, judgement]));
    await store.tx(async (q) => {
      await q.lock(`rollout ${id}`);
      for (const some of alike.values()) await noteAlike(q, rollout.id, some, now);
      await events.changed(q, rollout);
    });
  }
}

type Told = Awaited<ReturnType<typeof rows.toldMembers>>[number];

function factsOf(
  member: Told['member'],
  { document, online }: Omit<Told, 'member'>,
  troubles: readonly string[],
): TerminalFacts {
  const stood = new Set(member.troubles);
  return {
    state: member.state,
    dueFrom: member.dueFrom ?? member.at,
    version: member.version ?? 0,
    applied: document?.applied ?? null,
    appliedAt: document?.appliedAt ?? null,
    failed: document?.failed ?? null,
    reason: document?.reason ?? null,
    online: online ?? false,
    newTroubles: troubles.filter((trouble) => !stood.has(trouble)),
  };
}

interface Judged {
  readonly member: Told['member'];
  readonly judgement: Judgement;
}

/** Most come to the same state together: that is one statement. */
async function noteAlike(q: Tx, rolloutId: string, some: readonly Judged[], now: rows.MemberRow['at']): Promise<void> {
  const [first] = some;
  if (!first) return;
  const { state, reason, dueFrom } = first.judgement;
  const ids = some.map(({ member }) => member.terminalId);
  const change = { state, reason, at: now, ...(dueFrom !== undefined && { dueFrom }) };
  await rows.changeMembers(q, { rolloutId, state: first.member.state }, ids, change);
}

const subjectOf = ({ kind, subjectId: id, subjectName: name, settings }: rows.RolloutRow): Subject => ({
  kind,
  id,
  name,
  settings,
});

async function tellSome(subjects: Subjects, q: Tx, rollout: rows.RolloutRow, now: rows.MemberRow['at']): Promise<void> {
  const members = await rows.membersIn(q, rollout.id, ['waiting'], batchMax, rollout.stage);
  const troubles = await rows.troublesOf(
    q,
    members.map(({ terminalId }) => terminalId),
  );
  for (const member of members) {
    const { version, fault, before } = await subjects.tell(q, subjectOf(rollout), member.terminalId);
    const isTold = fault === null && version !== null;
    await rows.changeMember(q, member, {
      state: isTold ? 'sent' : fault === 'release-withdrawn' ? 'failed' : 'skipped',
      reason: isTold ? null : (fault ?? 'unclaimed'),
      at: now,
      dueFrom: await subjects.dueFrom(q, subjectOf(rollout), member.terminalId, now),
      version,
      before,
      troubles: troubles.get(member.terminalId) ?? [],
    });
    await nextTurn();
  }
}

/** Over: who is still away gets it when it is back. */
async function finish(q: Tx, { id }: rows.RolloutRow, now: rows.MemberRow['at']): Promise<void> {
  await rows.missOpen(q, id, now);
  await rows.moveRollout(q, id, 'done', { endedAt: now });
  await rows.letGo(q, id);
}

/** What was told is taken back, failed or not. A terminal that cannot have it taken back keeps the reason. */
async function takeBack(
  subjects: Subjects,
  events: RolloutEvents,
  q: Tx,
  rollout: rows.RolloutRow,
  now: rows.MemberRow['at'],
): Promise<boolean> {
  const members = await rows.membersIn(q, rollout.id, rows.toldStates, batchMax);
  for (const member of members) {
    const fault = await subjects.takeBack(q, subjectOf(rollout), member);
    await rows.changeMember(q, member, { state: 'returned', reason: fault, at: now });
    await nextTurn();
  }
  if (members.length === 0) {
    await rows.moveRollout(q, rollout.id, 'returned', { endedAt: now });
    await rows.letGo(q, rollout.id);
  }
  await events.changed(q, rollout, { state: members.length === 0 ? 'returned' : 'returning' });
  return members.length > 0;
}
