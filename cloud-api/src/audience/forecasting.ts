import { setImmediate as nextTurn } from 'node:timers/promises';
import { after, halfHourMs, hours, type InstantMs } from '@gatecast/firmware-protocol';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import type { CommunityReads } from '../communities/reads.ts';
import type { Reads } from '../platform/db/store.ts';
import { groupOf } from './day-kind.ts';
import { unpackCells } from './forecast-bytes.ts';
import { forecastDay, type ForecastCell } from './forecast.ts';
import { localDays, type LocalDay } from './local-day.ts';
import { forecastCommunities, type ForecastCommunity, type ForecastPlace } from './places.ts';
import type { Fleet, SegmentShares } from './rules.ts';
import * as rows from './store.ts';

export interface Between {
  readonly from: InstantMs;
  readonly to: InstantMs;
}

/** What is expected at one entrance in one half-hour, in milli-touches, and which part of it belongs to each segment. */
export interface AudienceCell extends ForecastCell {
  readonly communityId: string;
  readonly entranceId: string;
  readonly placement: Placement;
  /** Start of the half-hour. */
  readonly at: InstantMs;
  /** Parts per million; `all` is always there. */
  readonly shares: SegmentShares;
  /** Null: not told before; made for this question. */
  readonly madeAt: InstantMs | null;
}

/** Communities that are held in memory together; so many take less than 50 ms of a turn of the event loop. */
const communitiesPerRead = 20;
/** A local day begins no longer than that before a moment in it. */
const dayBegan = hours(-26);

/** The forecast of a span, a community at a time: as it was told, and where nothing was told yet, as it would be now. */
export async function* forecastCommunityCells(
  q: Reads,
  communities: Pick<CommunityReads, 'facts' | 'entrancesOf'>,
  communityIds: readonly string[],
  between: Between,
  today: (zone: string) => string,
): AsyncGenerator<readonly AudienceCell[]> {
  const fleet = await rows.fleetOf(q);
  for (let i = 0; i < communityIds.length; i += communitiesPerRead) {
    const ids = communityIds.slice(i, i + communitiesPerRead);
    yield* await cellsOf(q, communities, ids, between, { fleet, today });
    if (i + communitiesPerRead < communityIds.length) await nextTurn();
  }
}

interface Known {
  readonly fleet: Fleet;
  readonly today: (zone: string) => string;
}

async function cellsOf(
  q: Reads,
  communities: Pick<CommunityReads, 'facts' | 'entrancesOf'>,
  ids: readonly string[],
  between: Between,
  { fleet, today }: Known,
): Promise<AudienceCell[][]> {
  const span = { from: after(between.from, dayBegan), to: between.to };
  const told = new Map((await rows.forecastsOf(q, ids, span)).map((row) => [`${row.entranceId} ${row.at}`, row]));
  const found = await forecastCommunities(q, communities, ids, fleet);
  return found.map((community) => communityCells(community, between, told, today(community.zone)));
}

function communityCells(
  community: ForecastCommunity,
  between: Between,
  told: ReadonlyMap<string, rows.ForecastRow>,
  today: string,
): AudienceCell[] {
  return localDays(between, community.zone).flatMap((day) => {
    const shares = community.shares(groupOf(community.kindOf(day.date)));
    return community.places.flatMap((place) => {
      const row = told.get(`${place.entranceId} ${day.from}`);
      const cells = row ? unpackCells(row.cells) : cellsOfDay(community, place, day, today);
      const { entranceId, placement } = place;
      const [communityId, madeAt] = [community.id, row?.madeAt ?? null];
      return day.halfHours.flatMap(({ at, halfHour }, n) => {
        const cell = cells[n];
        if (!cell || at + halfHourMs <= between.from || at >= between.to) return [];
        const { expectedMilli, lowMilli, highMilli } = cell;
        const segments = shares[halfHour] ?? everybody;
        return { communityId, entranceId, placement, at, expectedMilli, lowMilli, highMilli, shares: segments, madeAt };
      });
    });
  });
}

const everybody: SegmentShares = { all: 1_000_000 };

/** A forecast of each half-hour from midnight to midnight, as many as the day has. */
export function cellsOfDay(
  community: ForecastCommunity,
  { model, prior }: ForecastPlace,
  { date, halfHours }: LocalDay,
  today: string,
): ForecastCell[] {
  const byClock = forecastDay(model, prior, { date, kind: community.kindOf(date) }, today);
  return halfHours.map(({ halfHour }) => byClock[halfHour] ?? { expectedMilli: 0, lowMilli: 0, highMilli: 0 });
}
