import type { Clip } from '@gatecast/cloud-api/client';

type Waiting = Pick<Clip, 'id' | 'title'> & Partial<Pick<Clip, 'held'>>;

/** The first that was not skipped; after all were, the one that was skipped first. What a colleague looks at is nobody else's. */
export function nextOf<T extends Waiting>(clips: readonly T[], skipped: readonly string[]): T | undefined {
  const free = clips.filter((clip) => !isColleagues(clip));
  return free.find(({ id }) => !skipped.includes(id)) ?? free.find(({ id }) => id === skipped[0]) ?? free[0];
}

export const isColleagues = ({ held }: Waiting): boolean => held !== undefined && held !== null && !held.isMine;

/** Skipped ones in order, the latest last; what no longer waits is forgotten. */
export function skip(clips: readonly Waiting[], skipped: readonly string[], id: string): string[] {
  const there = skipped.filter((one) => one !== id && clips.some((clip) => clip.id === one));
  return [...there, id];
}

/** Everything here was skipped: what waits behind it is to be fetched. */
export const isThrough = (clips: readonly Waiting[], skipped: readonly string[]): boolean =>
  clips.length > 0 && clips.every((clip) => skipped.includes(clip.id) || isColleagues(clip));

/** The clip that lay here and waits no longer although nobody here decided on it: a colleague did. */
export const takenByColleague = (
  before: Waiting | undefined,
  clips: readonly Waiting[],
  decidedHere: ReadonlySet<string>,
): Waiting | undefined =>
  before && !decidedHere.has(before.id) && !clips.some(({ id }) => id === before.id) ? before : undefined;
