import { after, halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import type { Content } from '../content/service.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import { keptWholeSince } from '../platform/whole-months.ts';
import type { Terminals } from '../terminals/service.ts';
import type { Play } from './contract.ts';
import { createClipNames, type ClipNames } from './clip-names.ts';
import { ingestPlays, type ClosedHook } from './ingest.ts';
import { retainPlays } from './retention.ts';
import * as rows from './store.ts';

interface Between {
  readonly from: InstantMs;
  readonly to: InstantMs;
}

/** How final the half-hours of a community are. */
export interface Closing {
  /** Terminals that were in service in that half-hour. */
  inService(halfHour: InstantMs): readonly string[];
  closedBy(halfHour: InstantMs): ReadonlySet<string>;
}

export interface Plays {
  /** What clips were called when they played. */
  readonly names: ClipNames;
  list(query: Paging & { readonly terminalId?: string | undefined }): Promise<Page<Play>>;
  /** Plays of campaigns in communities and half-hours; perhaps also of other pairs of what is named. */
  of(q: Reads, at: readonly rows.PlayedAt[]): Promise<readonly rows.StoredPlay[]>;
  /** How many people who opted in each screen was the first of its own to show a line item to; plays that nobody could see are none. */
  reachedBy: typeof rows.reachedBy;
  /** All touches that began in a half-hour of a community; those while somebody tested the screen's door are tests. */
  touches(q: Reads, communityId: string, halfHour: InstantMs): Promise<readonly rows.StoredTouch[]>;
  /** What terminals of these communities told of closed half-hours, one row a terminal and entrance. */
  told(q: Reads, communityIds: readonly string[], between: Between): Promise<readonly rows.ToldHalfHour[]>;
  /** Runs in the transaction in which a terminal's closed half-hours come. */
  onClosed(hook: ClosedHook): void;
  closing(q: Reads, communityId: string, between: Between): Promise<Closing>;
  /** Half-hours from here on still have all their plays and touches. */
  keptSince(): InstantMs;
}

export function createPlays(platform: Platform, terminals: Terminals, content: Content): Plays {
  const { store, clock, config } = platform;
  const names = createClipNames(content);
  const closedHooks: ClosedHook[] = [];
  ingestPlays(platform, names, async (q, communityId, halfHours) => {
    for (const hook of closedHooks) await hook(q, communityId, halfHours);
  });
  retainPlays(platform, { content, names });
  terminals.onClaimed(async (q, { id: terminalId, communityId }) => {
    const since = clock.now();
    await q
      .insert(q.t.screens)
      .values({ terminalId, communityId, since })
      .onConflictDoUpdate({ target: q.t.screens.terminalId, set: { communityId, since } });
  });

  return {
    names,
    keptSince: () => keptWholeSince(clock.now(), config.playMonths),
    async list(query) {
      const { rows: found, list } = await rows.listPlays(store.read, query);
      const clips = await names.of(
        store.read,
        found.map(({ clip }) => clip),
      );
      const places = new Map<string, string>();
      for (const id of new Set(found.map(({ terminalId }) => terminalId)))
        places.set(id, (await terminals.get(store.read, id)).name);
      return list.page(
        found,
        (row) => row.startedAt,
        ({ touch, clip, startedAt, ...row }) => ({
          ...row,
          at: startedAt,
          atATouch: touch !== null,
          clipTitle: clips.get(clip)?.title ?? clip.slice(0, 8),
          terminalName: places.get(row.terminalId) ?? '',
        }),
      );
    },
    of: rows.playsOf,
    reachedBy: rows.reachedBy,
    async touches(q, communityId, halfHour) {
      const found = await rows.touchesIn(q, communityId, halfHour);
      const between = { from: halfHour, to: after(halfHour, halfHourMs) };
      const tests = await terminals.testSpans(q, [...new Set(found.map((touch) => touch.terminalId))], between);
      const isTest = ({ terminalId, startedAt }: rows.StoredTouch) =>
        tests.some((test) => test.terminalId === terminalId && test.from <= startedAt && startedAt < test.to);
      return found.map((touch) => (isTest(touch) ? { ...touch, unbillable: touch.unbillable ?? 'test' } : touch));
    },
    told: rows.toldHalfHours,
    onClosed: (hook) => void closedHooks.push(hook),
    async closing(q, communityId, between) {
      const claimed = (await terminals.ofCommunity(q, communityId)).filter((t) => t.claimed).map((t) => t.id);
      const screens = (await rows.screensOf(q, communityId)).filter((s) => claimed.includes(s.terminalId));
      const closed = await rows.closedHalfHours(q, communityId, between);
      return {
        inService: (at) => screens.filter((s) => s.since < after(at, halfHourMs)).map((s) => s.terminalId),
        closedBy: (at) => new Set(closed.filter((c) => c.at === at).map((c) => c.terminalId)),
      };
    },
  };
}
