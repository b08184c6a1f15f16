import type { InstantMs } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import { admissible, type Category, type Inadmissible } from './categories.ts';
import { acceptedPermits } from './permit-store.ts';
import { findClips } from './store.ts';

/** Why a clip may not be shown in a half-hour of a community; null if it may. */
export type Admission = (clipId: string, halfHour: InstantMs) => Inadmissible | null;

/** Reads once what decides on these clips in a community. */
export async function admissionTo(
  q: Reads,
  { id, zone }: { readonly id: string; readonly zone: string },
  clipIds: readonly string[],
): Promise<Admission> {
  const clips = new Map((await findClips(q, clipIds)).map((clip) => [clip.id, clip]));
  const merchants = [...clips.values()].flatMap(({ merchantId }) => (merchantId === null ? [] : [merchantId]));
  const permits = Map.groupBy(await acceptedPermits(q, merchants), ({ merchantId }) => merchantId);
  const community = { zone, declined: await declinedBy(q, id) };
  return (clipId, halfHour) => {
    const clip = clips.get(clipId);
    const own = permits.get(clip?.merchantId ?? '') ?? [];
    return admissible(clip?.category ?? null, { permits: own, community, halfHour });
  };
}

/** Categories that a community does not want to see. */
export async function declinedBy(q: Reads, communityId: string): Promise<Category[]> {
  const t = q.t.declinedCategories;
  const found = await q.select({ category: t.category }).from(t).where(eq(t.communityId, communityId));
  return found.map(({ category }) => category).sort();
}
