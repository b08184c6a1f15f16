import { after, elapsed, instant, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import type { RolloutCriteria, RolloutStage, RolloutState, RolloutTerminalState } from './contract.ts';

/** What may follow each state. */
export const rolloutTransitions: Readonly<Record<RolloutState, readonly RolloutState[]>> = {
  running: ['paused', 'halted', 'done', 'cancelled', 'returning'],
  paused: ['running', 'cancelled', 'returning'],
  halted: ['running', 'cancelled', 'returning'],
  done: ['returning'],
  cancelled: ['returning'],
  returning: ['returned'],
  returned: [],
};
export const statesBefore = (to: RolloutState): RolloutState[] =>
  (Object.keys(rolloutTransitions) as RolloutState[]).filter((from) => rolloutTransitions[from].includes(to));

/** In these states a roll-out holds its terminals, and no other may have them. */
export const isHolding = (state: RolloutState): boolean => !['done', 'cancelled', 'returned'].includes(state);

/** A terminal that is away is waited for so long before the roll-out is over without it. */
export const catchUpMs = minutes(7 * 24 * 60);

/**
 * How many terminals each stage has: the canaries first, then up to each share of the others, then the rest. A stage that would reach nobody new is left
 * out.
 */
export function stageSizes(total: number, canaries: number, stages: readonly RolloutStage[]): number[] {
  const others = total - canaries;
  const sizes = canaries > 0 ? [canaries] : [];
  let reached = 0;
  for (const stage of [...stages, { percent: 100 }]) {
    const upTo = 'count' in stage ? stage.count : Math.ceil((others * stage.percent) / 100);
    const size = Math.min(others, upTo) - reached;
    if (size <= 0) continue;
    sizes.push(size);
    reached += size;
  }
  return sizes;
}

/** What is known of a terminal that was told. */
export interface TerminalFacts {
  readonly state: RolloutTerminalState;
  /** From when on it is expected to have applied it: when it was told, or came back; later where it may restart only in a window. */
  readonly dueFrom: InstantMs;
  /** The version that it was told. */
  readonly version: number;
  readonly applied: number | null;
  readonly appliedAt: InstantMs | null;
  readonly failed: number | null;
  readonly reason: string | null;
  readonly online: boolean;
  /** Alarms and faults that stand now and did not when it was told. */
  readonly newTroubles: readonly string[];
}

export interface Judgement {
  readonly state: RolloutTerminalState;
  readonly reason: string | null;
  /** Who comes back without it has its time from then on. */
  readonly dueFrom?: InstantMs;
}

/** How a terminal that was told stands now. What has failed stays failed; what is healthy can still fail by a version that was taken back. */
export function judge(facts: TerminalFacts, criteria: RolloutCriteria, now: InstantMs): Judgement {
  const { state, version, applied, appliedAt, failed, online, dueFrom, newTroubles } = facts;
  const isApplied = applied !== null && applied >= version;
  if (failed === version && !isApplied) return { state: 'failed', reason: facts.reason ?? 'unknown' };
  if (state === 'healthy') return { state, reason: null };
  if (!online) return { state: 'away', reason: null };
  const [trouble] = newTroubles;
  if (trouble !== undefined) return { state: 'failed', reason: trouble };
  if (!isApplied) {
    if (state === 'away') return { state: 'sent', reason: null, dueFrom: now };
    const isLate = elapsed(dueFrom, now) >= minutes(criteria.withinMinutes);
    return isLate ? { state: 'failed', reason: 'not-in-time' } : { state: 'sent', reason: null };
  }
  // What it had already has been watched since it was told of it; who has it before it is due is watched from then on.
  const since = dueFrom > now ? (appliedAt ?? now) : instant(Math.max(appliedAt ?? dueFrom, dueFrom));
  const isProven = elapsed(since, now) >= minutes(criteria.healthyMinutes);
  return { state: isProven ? 'healthy' : 'sent', reason: null };
}

export type StageCounts = Readonly<Partial<Record<RolloutTerminalState, number>>>;

export interface Progress {
  /** Index of the stage that runs. */
  readonly stage: number;
  /** Of all stages, in order. */
  readonly counts: readonly StageCounts[];
  readonly startedAt: InstantMs;
  readonly stageStartedAt: InstantMs;
  /** When the stage was done; null while it is not. */
  readonly stageDoneAt: InstantMs | null;
  /** Failures that somebody knew of who let it go on. */
  readonly forgiven: number;
}

export type Step =
  | { readonly do: 'halt'; readonly failed: number; readonly allowed: number }
  /** Tell so many of the stage's terminals. */
  | { readonly do: 'send' }
  /** The stage is done: note when. */
  | { readonly do: 'close-stage' }
  | { readonly do: 'next-stage' }
  | { readonly do: 'finish' }
  | { readonly do: 'watch' };

/** More failures than allowed of the terminals that were reached. */
export const allowedFailures = (reached: number, { errorPercentMax }: RolloutCriteria): number =>
  Math.floor((reached * errorPercentMax) / 100);

/** What a running roll-out does next. Nobody of a later stage is told before the one before is done and its wait is over. */
export function nextStep(progress: Progress, criteria: RolloutCriteria, now: InstantMs): Step {
  const { stage, counts, stageDoneAt } = progress;
  const reached = counts.slice(0, stage + 1);
  const failed = sum(reached, 'failed') - progress.forgiven;
  const allowed = allowedFailures(
    reached.reduce((all, each) => all + sizeOf(each), 0),
    criteria,
  );
  if (failed > allowed) return { do: 'halt', failed, allowed };
  const current = counts[stage] ?? {};
  if ((current.waiting ?? 0) > 0) return { do: 'send' };
  const isLast = stage === counts.length - 1;
  if (stageDoneAt === null) return isDone(progress, current, criteria, now) ? { do: 'close-stage' } : { do: 'watch' };
  if (!isLast) return now >= after(stageDoneAt, minutes(criteria.waitMinutes)) ? { do: 'next-stage' } : { do: 'watch' };
  const isWaitedFor = sum(counts, 'sent') > 0 || sum(counts, 'away') > 0;
  return isWaitedFor && elapsed(progress.startedAt, now) < catchUpMs ? { do: 'watch' } : { do: 'finish' };
}

/** Everybody who is there has proven it. Who is away is not waited for longer than the stage's time, if somebody else has shown that it works. */
function isDone(
  { stageStartedAt }: Progress,
  { sent = 0, away = 0, healthy = 0, failed = 0 }: StageCounts,
  { withinMinutes }: RolloutCriteria,
  now: InstantMs,
): boolean {
  if (sent > 0) return false;
  if (away === 0) return true;
  return healthy + failed > 0 && elapsed(stageStartedAt, now) >= minutes(withinMinutes);
}

const sum = (counts: readonly StageCounts[], state: RolloutTerminalState): number =>
  counts.reduce((all, each) => all + (each[state] ?? 0), 0);
const sizeOf = (counts: StageCounts): number => Object.values(counts).reduce((all, each) => all + each, 0);
