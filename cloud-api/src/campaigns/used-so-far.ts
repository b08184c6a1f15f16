import { after, hours, type InstantMs } from '@gatecast/firmware-protocol';
import { localDateOf } from '../audience/local-day.ts';
import { dueMilli } from '../delivery/pacing.ts';
import type { Reads } from '../platform/db/store.ts';
import { cellsFrom } from './cells.ts';
import type { ZoneOf } from './wish.ts';

/** No local day is longer: back to where today may have begun. */
const dayMax = hours(-26);

/** What one line item has used of today in each of its communities, in milli-touches of its segment: what was reported, and of the rest what was to be played by now. */
export async function usedSoFar(
  q: Reads,
  bookingId: string,
  communityIds: readonly string[],
  { zoneOf, now }: { readonly zoneOf: ZoneOf; readonly now: InstantMs },
): Promise<ReadonlyMap<string, number>> {
  const used = new Map<string, number>();
  for (const { communityId, at, deliveredMilli, plannedMilli } of await cellsFrom(q, [bookingId], after(now, dayMax))) {
    if (!communityIds.includes(communityId)) continue;
    const zone = zoneOf(communityId);
    if (localDateOf(at, zone) !== localDateOf(now, zone)) continue;
    const milli = deliveredMilli ?? dueMilli(plannedMilli, at, now);
    used.set(communityId, (used.get(communityId) ?? 0) + milli);
  }
  return used;
}
