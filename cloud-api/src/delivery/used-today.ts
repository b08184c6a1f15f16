import { after, hours, type InstantMs } from '@gatecast/firmware-protocol';
import { localDateOf } from '../audience/local-day.ts';
import { cellsFrom } from '../campaigns/cells.ts';
import type { PlannedLine } from '../campaigns/claims.ts';
import type { Community } from '../communities/contract.ts';
import type { Reads } from '../platform/db/store.ts';
import { doorKey, type Doors } from './doors.ts';
import { dueMilli } from './pacing.ts';

/** No local day is longer: back to where today may have begun. */
const dayMax = hours(-26);
const linesPerRead = 20;

/**
 * Of line items with a cap for a day and community: by line item and community, what of today's is used up, in milli-touches of their segments. What reports say;
 * of half-hours without one, what was to be played so far; and what screens that are away will play by what they have.
 */
export async function usedTodayOf(
  q: Reads,
  lines: readonly PlannedLine[],
  {
    communities,
    doors,
    now,
  }: { readonly communities: readonly Community[]; readonly doors: Doors; readonly now: InstantMs },
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const zones = new Map(communities.map(({ id, zone }) => [id, zone]));
  const capped = lines.filter(({ claim }) => claim.dayCapMilli !== null).map(({ row }) => row.id);
  const used = new Map<string, Map<string, number>>(capped.map((id) => [id, new Map()]));
  for (let i = 0; i < capped.length; i += linesPerRead)
    for (const cell of await cellsFrom(q, capped.slice(i, i + linesPerRead), after(now, dayMax))) {
      const zone = zones.get(cell.communityId);
      if (zone === undefined || localDateOf(cell.at, zone) !== localDateOf(now, zone)) continue;
      const stays = cell.at > now && doors.byKey.get(doorKey(cell))?.isFrozen === true;
      const milli = cell.deliveredMilli ?? (stays ? cell.plannedMilli : dueMilli(cell.plannedMilli, cell.at, now));
      const own = used.get(cell.bookingId);
      own?.set(cell.communityId, (own.get(cell.communityId) ?? 0) + milli);
    }
  return used;
}
