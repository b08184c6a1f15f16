import { days, instant } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, encodeCursor, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { accuracyOf, accuracyOfDays } from './accuracy.ts';
import { dateOf, dayNumber, zonesCn } from './day-kind.ts';
import {
  forecastDaysMax,
  type accuracyQuery,
  type AudienceForecast,
  type CommunityAccuracy,
  type forecastQuery,
  type RankedCommunity,
  type rankingQuery,
} from './contract.ts';
import { countedIn } from './counting.ts';
import type { AudienceCell, Between } from './forecasting.ts';
import { byEntrance, byPlacement } from './half-hours.ts';
import { holidayCalendar } from './holiday-notices.ts';
import { localDateOf, localDays } from './local-day.ts';
import type { AudienceParts, Audience } from './service.ts';
import * as rows from './store.ts';

type Reader = As<'operator' | 'property' | 'merchant'>;

/** What people read of the audience. */
export interface AudienceDesk {
  /** Rejects with `invalid-request` for a span that is empty or too long. */
  forecast(who: Reader, query: z.output<typeof forecastQuery>): Promise<AudienceForecast>;
  accuracy(query: z.output<typeof accuracyQuery>): Promise<CommunityAccuracy>;
  /** The communities whose forecasts were worst first. */
  ranking(query: z.output<typeof rankingQuery>): Promise<Page<RankedCommunity>>;
}

export function createAudienceDesk({ store, clock }: Platform, parts: AudienceParts, audience: Audience): AudienceDesk {
  const { communities } = parts;
  const daysBefore = (date: string, count: number) => dateOf(dayNumber(date) - count);
  return {
    async forecast(who, { communityId, from, to }) {
      const between = { from: instant(Number(from)), to: instant(Number(to)) };
      if (between.to <= between.from || between.to - between.from > days(forecastDaysMax))
        throw refusal('invalid-request', `a span of more than nothing and at most ${forecastDaysMax} days`);
      const { zone } = await communities.get(store.read, communityId);
      const holidaysUnknown = await unknownYears(store.read, between, zone);
      const cells: AudienceCell[] = [];
      for await (const here of audience.forecastByCommunity(store.read, [communityId], between))
        cells.push(...here.filter(({ at }) => at >= between.from));
      const counted = await countedIn(store.read, parts, communityId, between);
      if (who.role === 'merchant') return { zone, holidaysUnknown, items: byPlacement(cells, counted, clock.now()) };
      const entrances = await communities.entrancesOf(store.read, [communityId]);
      const names = new Map(entrances.map(({ id, name }) => [id, name]));
      return { zone, holidaysUnknown, items: byEntrance(cells, counted, names, clock.now()) };
    },
    async accuracy({ communityId, days: count }) {
      const { zone, name } = await communities.get(store.read, communityId);
      const since = daysBefore(localDateOf(clock.now(), zone), count);
      const scores = await rows.scoresOf(store.read, communityId, since);
      return { communityId, communityName: name, zone, ...accuracyOfDays(scores) };
    },
    async ranking({ days: count, cursor, limit = pageSizeDefault }) {
      const since = daysBefore(localDateOf(clock.now(), 'UTC'), count);
      const [skipped] = cursor === undefined ? [0] : decodeCursor<[number]>(cursor, ['number']);
      const found = await rows.worstCommunities(store.read, since, Math.max(0, skipped), limit + 1);
      const names = await communities.about(
        store.read,
        found.map(({ communityId }) => communityId),
      );
      const items = found.slice(0, limit).map(({ communityId, ...score }) => ({
        communityId,
        communityName: names.get(communityId)?.name ?? '',
        ...accuracyOf(score),
      }));
      return { items, nextCursor: found.length > limit ? encodeCursor([skipped + limit]) : null };
    },
  };
}

/** Where people rest by the calendar of China: the years of a span whose notice nobody has entered. */
async function unknownYears(q: Reads, between: Between, zone: string): Promise<number[]> {
  if (!zonesCn.has(zone)) return [];
  const { noticed } = await holidayCalendar(q);
  const years = new Set(localDays(between, zone).map(({ date }) => Number(date.slice(0, 4))));
  return [...years].filter((year) => !noticed.has(year));
}
