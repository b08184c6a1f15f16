import { hours, type InstantMs } from '@gatecast/firmware-protocol';
import { eq, inArray } from 'drizzle-orm';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Reads } from '../platform/db/store.ts';

/**
 * How a plan treats a screen. `here`: it hears of new plans. `keeps`: it has not been heard of for a while and plays on by what it has. `lost`: for so long
 * that nothing is left to it; what it plays all the same is counted when it tells.
 */
export type Standing = 'here' | 'keeps' | 'lost';

/** A screen that is away no longer than that is back before the next plan, more often than not. */
const keepsAfterMs = hours(2);
/** Who is away for so long is more often dead than without a line. */
export const lostAfterMs = hours(84);

export interface Seen {
  readonly online: boolean;
  readonly lastSeenAt: InstantMs;
}

/** A screen that has never said anything counts as here: it is about to begin. */
export function standingOf(seen: Seen | null, now: InstantMs): Standing {
  if (seen === null || seen.online) return 'here';
  const awayMs = now - seen.lastSeenAt;
  if (awayMs >= lostAfterMs) return 'lost';
  return awayMs >= keepsAfterMs ? 'keeps' : 'here';
}

/** A screen that is away, and since when. */
export interface Away {
  readonly standing: Exclude<Standing, 'here'>;
  readonly since: InstantMs;
}

const communitiesPerRead = 200;

/** Entrances whose screens are away. */
export async function awayEntrances(
  q: Reads,
  communityIds: readonly string[],
  now: InstantMs,
): Promise<ReadonlyMap<string, Away>> {
  const { terminals: t, terminalPresence: p } = q.t;
  const away = new Map<string, Away>();
  for (let i = 0; i < communityIds.length; i += communitiesPerRead) {
    const seen = await q
      .select({ entranceId: t.entranceId, online: p.online, lastSeenAt: p.lastSeenAt })
      .from(t)
      .innerJoin(p, eq(p.terminalId, t.id))
      .where(inArray(t.communityId, communityIds.slice(i, i + communitiesPerRead)));
    for (const one of seen) {
      const standing = standingOf(one, now);
      if (standing !== 'here') away.set(one.entranceId, { standing, since: one.lastSeenAt });
    }
    await breathe();
  }
  return away;
}
