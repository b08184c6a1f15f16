import type { InstantMs } from '@gatecast/firmware-protocol';
import { inArray } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import type { DaySpan } from '../communities/children-pass.ts';
import { admissible, type Category, type Inadmissible } from './categories.ts';
import { acceptedPermits } from './permit-store.ts';
import { findClips } from './store.ts';

/** Why a clip may not be shown in a half-hour of a community; null if it may. */
export type Admission = (clipId: string, halfHour: InstantMs) => Inadmissible | null;

interface Place {
  readonly id: string;
  readonly zone: string;
  readonly childrenPass: readonly DaySpan[];
}

/** Rows that one statement asks for. */
const rowsPerRead = 500;

/** Reads once what decides on these clips in a community. */
export async function admissionTo(q: Reads, place: Place, clipIds: readonly string[]): Promise<Admission> {
  return (await admissionsTo(q, [place], clipIds))(place);
}

/** The same for many communities, of each of which it is asked then. */
export async function admissionsTo(
  q: Reads,
  places: readonly Place[],
  clipIds: readonly string[],
): Promise<(place: Place) => Admission> {
  const clips = new Map((await inParts(clipIds, (ids) => findClips(q, ids))).map((clip) => [clip.id, clip]));
  const merchants = [...clips.values()].flatMap(({ merchantId }) => (merchantId === null ? [] : [merchantId]));
  const accepted = await inParts(merchants, (ids) => acceptedPermits(q, ids));
  const permits = Map.groupBy(accepted, ({ merchantId }) => merchantId);
  const ids = places.map(({ id }) => id);
  const declined = Map.groupBy(await inParts(ids, (some) => declinedIn(q, some)), ({ communityId }) => communityId);
  return ({ id, zone, childrenPass }) => {
    const community = { zone, childrenPass, declined: (declined.get(id) ?? []).map(({ category }) => category) };
    return (clipId, halfHour) => {
      const clip = clips.get(clipId);
      // The house's own that advertises nothing: a greeting is no goods.
      if (clip && clip.house !== null && clip.category === null) return null;
      const own = permits.get(clip?.merchantId ?? '') ?? [];
      return admissible(clip?.category ?? null, { permits: own, community, halfHour });
    };
  };
}

async function inParts<T>(ids: readonly string[], read: (some: readonly string[]) => Promise<T[]>): Promise<T[]> {
  const all = [...new Set(ids)];
  const found: T[] = [];
  for (let i = 0; i < all.length; i += rowsPerRead) found.push(...(await read(all.slice(i, i + rowsPerRead))));
  return found;
}

async function declinedIn(
  q: Reads,
  communityIds: readonly string[],
): Promise<{ readonly communityId: string; readonly category: Category }[]> {
  const t = q.t.declinedCategories;
  return q
    .select({ communityId: t.communityId, category: t.category })
    .from(t)
    .where(inArray(t.communityId, [...communityIds]));
}

/** Categories that a community does not want to see. */
export async function declinedBy(q: Reads, id: string): Promise<Category[]> {
  return (await declinedIn(q, [id])).map(({ category }) => category).sort();
}
