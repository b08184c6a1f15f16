import { halfHourMs, halfHourOf, instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { Horizon } from '../allocation/half-hours.ts';
import { halfHoursMax } from '../allocation/instance.ts';
import { LineAllocation, type Wanted } from '../allocation/sold-lines.ts';
import { forecastCommunityCells } from '../audience/forecasting.ts';
import { localDateOf } from '../audience/local-day.ts';
import { communityReads } from '../communities/reads.ts';
import { unsoldThere, type Sellable } from '../inventory/decision-rules.ts';
import { sellable } from '../inventory/sellable.ts';
import type { Reads } from '../platform/db/store.ts';
import * as claims from './claims.ts';
import { reachOf, wantedOf, type Claim, type Closed } from './demand.ts';
import { forSaleVersion, inventoryVersion } from './inventory-version.ts';
import { laySupply, type Supply, type SupplyCommunity } from './supply.ts';

/** What a question needs to be laid out. */
export type Need = Pick<Claim, 'communityIds' | 'to'>;

export interface LayoutWish {
  readonly now: InstantMs;
  readonly needs: readonly Need[];
  /** Laid out at least until then. */
  readonly until: InstantMs;
}

/** Whom to expect where, and what is for sale of it, as the database was at one moment. Travels between threads: the large arrays are shared. */
export interface LaidOut {
  readonly supply: Supply;
  readonly states: ReadonlyMap<string, Sellable>;
  /** Of the inventory. */
  readonly version: number;
  /** Of what may be sold. */
  readonly forSale: number;
}

/** Besides what is sold and asked for: these many communities, so that a question for one that has sold nothing yet needs no new layout. */
const communitiesLaidMax = 5_000;
const communitiesPerRead = 500;

/**
 * Lays out whom to expect where, from now until the last of what is sold and asked for ends, and finds the flow of all line items. Takes about a minute at 4,000
 * communities; `q` sees one moment of the database.
 */
export async function layOut(
  q: Reads,
  { now, needs, until }: LayoutWish,
): Promise<{ readonly laid: LaidOut; readonly lines: LineAllocation }> {
  const [version, forSale] = [await inventoryVersion(q), await forSaleVersion(q)];
  const running: Claim[] = [];
  for await (const some of claims.running(q, now)) running.push(...some);
  const horizon = horizonFor(halfHourOf(now), until, [...needs, ...running]);
  const between = { from: horizon.start, to: instant(horizon.start + horizon.count * halfHourMs) };
  const ids = await communitiesOf(q, [...needs, ...running]);
  const communities: SupplyCommunity[] = [];
  const states = new Map<string, Sellable>();
  for (let i = 0; i < ids.length; i += communitiesPerRead) {
    const some = ids.slice(i, i + communitiesPerRead);
    const about = await communityReads.about(q, some);
    communities.push(...some.flatMap((id) => about.get(id) ?? []).map(({ id, zone }) => ({ id, zone })));
    for (const [id, state] of await sellable(q, communityReads, some, between)) states.set(id, state);
  }
  const names = communities.map(({ id }) => id);
  const today = (zone: string) => localDateOf(now, zone);
  const forecast = forecastCommunityCells(q, communityReads, names, between, today);
  const supply = await laySupply(horizon, communities, forecast, { now, offlinePpm: () => 0 });
  const closed = unsoldIn(states);
  const wanted = running.map((claim): Wanted => wantedOf(supply, claim, reachOf(supply, claim, closed)));
  const lines = new LineAllocation(supply.inventory, supply.worths, wanted);
  return { laid: { supply, states, version, forSale }, lines };
}

/** What the owners do not sell, and days on which nothing is sold. */
export const unsoldIn =
  (states: LaidOut['states']): Closed =>
  (communityId, placement, at) => {
    const state = states.get(communityId);
    return state ? unsoldThere(state, { at, placement, category: null }) : 'not-found';
  };

function horizonFor(start: InstantMs, until: InstantMs, needs: readonly Need[]): Horizon {
  const ends = needs.reduce<number>((last, { to }) => Math.max(last, to), until);
  return { start, count: Math.min(halfHoursMax, Math.ceil((ends - start) / halfHourMs)) };
}

async function communitiesOf(q: Reads, needs: readonly Need[]): Promise<string[]> {
  const ids = new Set(await communityReads.largest(q, communitiesLaidMax));
  for (const { communityIds } of needs) for (const id of communityIds) ids.add(id);
  return [...ids].sort();
}
