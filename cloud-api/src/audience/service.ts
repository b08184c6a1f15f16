import { type InstantMs } from '@gatecast/firmware-protocol';
import type { Community } from '../communities/contract.ts';
import type { Communities } from '../communities/service.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Plays } from '../plays/service.ts';
import type { Terminals } from '../terminals/service.ts';
import { countedIn, type CountedHalfHour } from './counting.ts';
import { forecastCommunityCells, type AudienceCell, type Between } from './forecasting.ts';
import { learnAudience } from './learning.ts';
import type { CommunityProfile } from './day-curve.ts';
import { localDateOf } from './local-day.ts';
import { knownDeclarations, nobodyDeclared, profileWith } from './rules.ts';
import * as rows from './store.ts';

export type { AudienceCell, Between } from './forecasting.ts';
export type { CountedHalfHour } from './counting.ts';

/** Touches to expect at all entrances of a community in the half-hour that begins at `at`. */
export type CommunityForecast = (at: InstantMs) => number;

export interface Audience {
  /**
   * What is expected at each entrance in each half-hour of a span, community by community and in time: as it was told the night before, or as it would be told
   * now where nothing was. Read it with `for await`; nothing but twenty communities is held at a time.
   */
  forecast(q: Reads, communityIds: readonly string[], between: Between): AsyncIterable<AudienceCell>;
  /** The same by the thousand: all cells of a community at once, of those that have any. Three times as fast. */
  forecastByCommunity(
    q: Reads,
    communityIds: readonly string[],
    between: Between,
  ): AsyncIterable<readonly AudienceCell[]>;
  /** The same of one community, all its entrances together, in whole touches. */
  ofCommunity(q: Reads, community: Pick<Community, 'id'>, between: Between): Promise<CommunityForecast>;
  /** Who lives there: the profile after what residents declared. Screens weigh their plans by it, as sales do. */
  profileOf(q: Reads, community: Community): Promise<CommunityProfile>;
  /** What was counted, as far as all screens of an entrance have told it. */
  counted(q: Reads, communityIds: readonly string[], between: Between): AsyncIterable<CountedHalfHour>;
}

export interface AudienceParts {
  readonly communities: Communities;
  readonly plays: Plays;
  readonly terminals: Terminals;
}

export function createAudience(platform: Platform, parts: AudienceParts): Audience {
  const { clock } = platform;
  learnAudience(platform, parts);
  const today = (zone: string) => localDateOf(clock.now(), zone);
  return {
    forecastByCommunity: (q, ids, between) => forecastCommunityCells(q, parts.communities, ids, between, today),
    async *forecast(q, communityIds, between) {
      for await (const cells of this.forecastByCommunity(q, communityIds, between)) yield* cells;
    },
    async ofCommunity(q, { id }, between) {
      const milli = new Map<InstantMs, number>();
      for await (const cells of this.forecastByCommunity(q, [id], between))
        for (const { at, expectedMilli } of cells) milli.set(at, (milli.get(at) ?? 0) + expectedMilli);
      return (at) => Math.floor((milli.get(at) ?? 0) / 1_000);
    },
    async profileOf(q, community) {
      const declared = (await rows.declaredIn(q, [community.id])).get(community.id) ?? nobodyDeclared;
      return profileWith(community, knownDeclarations(declared));
    },
    async *counted(q, communityIds, between) {
      for (const id of communityIds) yield* await countedIn(q, parts, id, between);
    },
  };
}
