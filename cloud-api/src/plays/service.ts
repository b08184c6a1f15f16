import { after, halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import type { Content } from '../content/service.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import type { Play } from './contract.ts';
import { createClipNames, type ClipNames } from './clip-names.ts';
import { ingestPlays } from './ingest.ts';
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
  /** All touches that began in a half-hour of a community; those while somebody tested the screen's door are tests. */
  touches(q: Reads, communityId: string, halfHour: InstantMs): Promise<readonly rows.StoredTouch[]>;
  /** Touches that closed half-hours counted, one row an entrance. */
  counted(
    q: Reads,
    communityId: string,
    between: Between,
  ): Promise<readonly { readonly at: InstantMs; readonly touches: number | null }[]>;
  closing(q: Reads, communityId: string, between: Between): Promise<Closing>;
}

export function createPlays(platform: Platform, terminals: Terminals, content: Content): Plays {
  const { store, clock } = platform;
  const names = createClipNames(content);
  ingestPlays(platform, names);
  terminals.onClaimed(async (q, { id: terminalId, communityId }) => {
    const since = clock.now();
    await q
      .insert(q.t.screens)
      .values({ terminalId, communityId, since })
      .onConflictDoUpdate({ target: q.t.screens.terminalId, set: { communityId, since } });
  });

  return {
    names,
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
    async touches(q, communityId, halfHour) {
      const found = await rows.touchesIn(q, communityId, halfHour);
      const between = { from: halfHour, to: after(halfHour, halfHourMs) };
      const tests = await terminals.testSpans(q, [...new Set(found.map((touch) => touch.terminalId))], between);
      const isTest = ({ terminalId, startedAt }: rows.StoredTouch) =>
        tests.some((test) => test.terminalId === terminalId && test.from <= startedAt && startedAt < test.to);
      return found.map((touch) => (isTest(touch) ? { ...touch, unbillable: touch.unbillable ?? 'test' } : touch));
    },
    counted: rows.closedHalfHours,
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
