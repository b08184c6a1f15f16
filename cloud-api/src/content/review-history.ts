import { instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, inArray, max } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Finding } from './checks.ts';

type ReviewRow = Reads['t']['clipReviews']['$inferSelect'];
export type Step = ReviewRow['step'];

/** What was on the table when a step was taken. */
interface StepFacts {
  readonly findings?: readonly Finding[] | null;
  readonly ticked?: readonly string[] | null;
  readonly until?: InstantMs | null;
}

export interface NewStep extends StepFacts {
  readonly clipId: string;
  readonly at: InstantMs;
  readonly step: Step;
  /** Null: the platform itself. */
  readonly accountId: string | null;
  readonly reason?: string | null;
  readonly note?: string | null;
}

/** Adds a step to a clip's history. Nothing ever changes or removes one. */
export async function noteStep(q: Tx, step: NewStep): Promise<void> {
  const { findings = null, ticked = null, until = null, reason = null, note = null, ...rest } = step;
  await q
    .insert(q.t.clipReviews)
    .values({ id: newId('clipReview'), ...rest, reason, note, facts: { findings, ticked, until } });
}

/** The steps of a clip, the latest first. */
export async function stepsOf(
  q: Reads,
  clipId: string,
  limit: number,
): Promise<(Omit<ReviewRow, 'facts'> & StepFacts)[]> {
  const t = q.t.clipReviews;
  const found = await q.select().from(t).where(eq(t.clipId, clipId)).orderBy(desc(t.at), desc(t.id)).limit(limit);
  // Written by `noteStep` alone.
  return found.map(({ facts, ...row }) => ({ ...row, ...(facts as StepFacts | null) }));
}

/** When each of the clips was last approved; 0: before steps were kept. */
export async function approvedAtOf(q: Reads, clipIds: readonly string[]): Promise<(clipId: string) => InstantMs> {
  const t = q.t.clipReviews;
  const found =
    clipIds.length === 0
      ? []
      : await q
          .select({ clipId: t.clipId, at: max(t.at) })
          .from(t)
          .where(and(inArray(t.clipId, [...clipIds]), eq(t.step, 'approved')))
          .groupBy(t.clipId);
  const known = new Map(found.map(({ clipId, at }) => [clipId, at]));
  return (clipId) => known.get(clipId) ?? instant(0);
}

/** Who handed a clip in for the first time. */
export async function submitterOf(q: Reads, clipId: string): Promise<string | null> {
  const t = q.t.clipReviews;
  const [first] = await q
    .select({ accountId: t.accountId })
    .from(t)
    .where(and(eq(t.clipId, clipId), eq(t.step, 'submitted')))
    .orderBy(asc(t.at), asc(t.id))
    .limit(1);
  return first?.accountId ?? null;
}

export async function countSteps(q: Reads, clipId: string, step: Step): Promise<number> {
  const t = q.t.clipReviews;
  return (
    await q
      .select({ id: t.id })
      .from(t)
      .where(and(eq(t.clipId, clipId), inArray(t.step, [step])))
  ).length;
}
