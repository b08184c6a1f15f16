import { after, days, type InstantMs } from '@gatecast/firmware-protocol';
import { personalNoticesMax, type PersonalNotice } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import type { Communities } from '../communities/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';

/** Whoever has not come for it by then has read the word often enough. */
export const pickupWordMs = days(7);

/** What the selling side tells: since when the newest of what somebody bought waits at a store. No goods, no store, no price. */
export interface Waiting {
  /** Of those among `residentIds` for whom something waits. */
  waitingSince(q: Reads, residentIds: readonly string[]): Promise<ReadonlyMap<string, InstantMs>>;
  /** Runs in the transaction in which something begins to wait for somebody, or no longer does. */
  onWaiting(hook: (q: Tx, residentId: string) => Promise<void>): void;
}

/** Where words for single persons go. */
interface Board {
  personally(tell: (q: Reads, communityId: string, now: InstantMs) => Promise<readonly PersonalNotice[]>): void;
  repost(q: Tx, communityId: string): Promise<void>;
}

export interface PickupWords {
  /** Names of a community were given or taken. */
  readonly namesChanged: (q: Tx, communityId: string) => Promise<void>;
  /** Joins what waits with who is meant. This slice alone knows both; the board gets names at random. */
  connect(parts: { readonly communities: Communities; readonly waiting: Waiting; readonly board: Board }): void;
}

/** Tells the screens for whom something waits, of those who asked to be told at their own door. */
export function createPickupWords(): PickupWords {
  let board: Board | undefined;
  return {
    namesChanged: async (q, communityId) => board?.repost(q, communityId),
    connect({ communities, waiting, board: connected }) {
      board = connected;
      connected.personally(async (q, communityId, now) => {
        const named = await namesOf(q, communityId);
        const since = await waiting.waitingSince(q, [...named.keys()]);
        return wordsFor(named, since, now);
      });
      waiting.onWaiting(async (q, residentId) => {
        if (await hasName(q, residentId))
          await connected.repost(q, (await communities.resident(q, residentId)).communityId);
      });
    },
  };
}

/** The words for those who have a name and something that waits, the newest first; none for what has waited too long. */
export function wordsFor(
  names: ReadonlyMap<string, string>,
  since: ReadonlyMap<string, InstantMs>,
  now: InstantMs,
): PersonalNotice[] {
  return [...since]
    .flatMap(([residentId, at]): PersonalNotice[] => {
      const name = names.get(residentId);
      const until = after(at, pickupWordMs);
      return name === undefined || until <= now ? [] : [{ name, kind: 'pick-up', until }];
    })
    .toSorted((a, b) => b.until - a.until || (a.name < b.name ? -1 : 1))
    .slice(0, personalNoticesMax);
}

async function namesOf(q: Reads, communityId: string): Promise<ReadonlyMap<string, string>> {
  const { noticeNames: t, residents } = q.t;
  const found = await q
    .select({ residentId: t.residentId, name: t.name })
    .from(t)
    .innerJoin(residents, eq(residents.id, t.residentId))
    .where(eq(residents.communityId, communityId));
  return new Map(found.map(({ residentId, name }) => [residentId, name]));
}

async function hasName(q: Reads, residentId: string): Promise<boolean> {
  const t = q.t.noticeNames;
  return (await q.select({ id: t.residentId }).from(t).where(eq(t.residentId, residentId))).length > 0;
}
