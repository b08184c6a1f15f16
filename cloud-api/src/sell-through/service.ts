import { setImmediate as nextTurn } from 'node:timers/promises';
import { hours } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import { localDateOf } from '../audience/local-day.ts';
import type { Page } from '../platform/contract.ts';
import { pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Platform } from '../platform/platform.ts';
import type { HeatMap, heatMapQuery, rankingQuery, SoldCommunity, SoldWeek, weeksQuery } from './contract.ts';
import { mondayOf, weeksLater, weeksToSum } from './local-weeks.ts';
import { daypartsOf, shownCell, shownSum } from './shown.ts';
import * as rows from './store.ts';
import { addPlaces, noPlaces, sumWeek, type CommunityWeek, type SumParts } from './sum-weeks.ts';
import {
  halfHoursPerWeek,
  packWeek,
  soldPpmColumn,
  unpackWeek,
  WeekCells,
  wheres,
  yieldMilliFenOf,
} from './week-cells.ts';

export interface SellThrough {
  weeks(query: z.output<typeof weeksQuery>): Promise<Page<SoldWeek>>;
  /** Rejects with `not-found`. */
  heatMap(query: z.output<typeof heatMapQuery>): Promise<HeatMap>;
  communities(query: z.output<typeof rankingQuery>): Promise<Page<SoldCommunity>>;
  /** Sums all weeks that still change, as its job does; for tests. */
  sum(signal: AbortSignal): Promise<void>;
}

/** Weeks kept, so that a change of prices can be seen in what followed. */
const weeksKept = 26;
const sumEveryMs = hours(1);
const communitiesMax = 20_000;
/** Communities in one read and, a turn of the event loop later, one small transaction: SQLite answers at once and gives nobody else a turn. */
const communitiesPerTurn = 8;
/** Communities that a search by name goes on with. */
const namedMax = 200;
/** Weeks in general go by the clocks of most communities. */
const networkZone = 'Asia/Shanghai';

export function createSellThrough(platform: Platform, parts: SumParts): SellThrough {
  const { store, clock, jobs } = platform;
  const thisWeek = () => mondayOf(localDateOf(clock.now(), networkZone));
  const sum = async (signal: AbortSignal): Promise<void> => {
    const ids = (await parts.communities.largest(store.read, communitiesMax)).toSorted();
    for (const week of weeksToSum(clock.now(), networkZone)) await sumNetwork(platform, parts, ids, week, signal);
    await store.tx((q) => rows.dropWeeksBefore(q, weeksLater(thisWeek(), -weeksKept)));
  };
  jobs.handle('sell-through.sum', {
    everyMs: sumEveryMs,
    renewsLease: true,
    run: (_, { signal }) => sum(signal),
  });
  return {
    sum,
    async weeks({ place }) {
      const found = await rows.weeksOf(store.read, place, weeksKept);
      const items = found.map(({ week, cells, communities, unsold, madeAt }) => {
        const own = unpackWeek(cells);
        return { week, communities, unsold, madeAt, ...shownSum(own.sum()), dayparts: daypartsOf(own) };
      });
      return { items, nextCursor: null };
    },
    async heatMap({ week = thisWeek(), place, communityId }) {
      if (communityId === undefined) {
        const row = await rows.findWeek(store.read, week, place);
        const about = { week, place, communityName: null, unsold: null, madeAt: row?.madeAt ?? null };
        return { ...about, ...shownMap(row ? unpackWeek(row.cells) : new WeekCells()) };
      }
      const { name } = await parts.communities.get(store.read, communityId);
      const [here] = await sumWeek(store.read, parts, [communityId], week);
      const about = { week, place, communityName: name, unsold: here?.unsold ?? null, madeAt: clock.now() };
      return { ...about, ...shownMap(here?.places[place] ?? new WeekCells()) };
    },
    async communities({ week = thisWeek(), search, limit = pageSizeDefault, ...ranking }) {
      const q = store.read;
      const named = search ? await parts.communities.named(q, search, namedMax) : undefined;
      const among = named?.map(({ id }) => id);
      if (among?.length === 0) return { items: [], nextCursor: null };
      const found = await rows.rankedCommunities(q, { week, among, ...ranking }, limit + 1);
      const about = await parts.communities.about(
        q,
        found.map((row) => row.communityId),
      );
      return pageOf(
        found,
        limit,
        (row) => [ranking.by === 'sold' ? row.soldPpm : row.yieldMilliFen, row.communityId],
        (row) => ({
          communityId: row.communityId,
          communityName: about.get(row.communityId)?.name ?? '',
          ...shownSum(row),
        }),
      );
    },
  };
}

const shownMap = (cells: WeekCells) => ({
  ...shownSum(cells.sum()),
  cells: Array.from({ length: halfHoursPerWeek }, (_, n) => shownCell(cells.cell(n))),
  dayparts: daypartsOf(cells),
});

/** One week of all communities, some at a time: nobody waits for it, and nothing waits long beside it. */
async function sumNetwork(
  { store, clock }: Platform,
  parts: SumParts,
  ids: readonly string[],
  week: string,
  signal: AbortSignal,
): Promise<void> {
  const network = noPlaces();
  let [communities, unsold] = [0, 0];
  for (let i = 0; i < ids.length; i += communitiesPerTurn) {
    signal.throwIfAborted();
    const found = await sumWeek(store.read, parts, ids.slice(i, i + communitiesPerTurn), week);
    await nextTurn();
    const madeAt = clock.now();
    await store.tx((q) =>
      rows.putSums(
        q,
        found.flatMap((one) => rowsOf(one, week).map((row) => ({ ...row, madeAt }))),
      ),
    );
    for (const one of found) addPlaces(network, one.places);
    communities += found.length;
    unsold += found.filter((one) => one.unsold !== null).length;
    await nextTurn();
  }
  const about = { week, communities, unsold, madeAt: clock.now() };
  await store.tx((q) =>
    rows.putWeeks(
      q,
      wheres.map((place) => ({ ...about, place, cells: packWeek(network[place]) })),
    ),
  );
}

const rowsOf = ({ communityId, places }: CommunityWeek, week: string): Omit<rows.SellThroughRow, 'madeAt'>[] =>
  wheres.flatMap((place) => {
    const sum = places[place].sum();
    if (sum.expectedMilli === 0 && sum.soldMilli === 0) return [];
    return [{ week, place, communityId, ...sum, soldPpm: soldPpmColumn(sum), yieldMilliFen: yieldMilliFenOf(sum) }];
  });
