import { halfHourMs, halfHourOf, instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import type { Horizon } from '../allocation/half-hours.ts';
import { halfHoursMax } from '../allocation/instance.ts';
import type { Wanted } from '../allocation/sold-lines.ts';
import { forecastCommunityCells } from '../audience/forecasting.ts';
import { localDateOf } from '../audience/local-day.ts';
import { cellsIn, openFrom, openSums, type CellRow } from '../campaigns/cells.ts';
import { planned, type PlannedLine } from '../campaigns/claims.ts';
import { reachOf, wantedOf } from '../campaigns/demand.ts';
import { campaignReads } from '../campaigns/reads.ts';
import { laySupply, type Supply } from '../campaigns/supply.ts';
import type { Community } from '../communities/contract.ts';
import { communityReads } from '../communities/reads.ts';
import { blockedAcross } from '../complaints/clip-blocks.ts';
import { contentReads } from '../content/reads.ts';
import { sellable } from '../inventory/sellable.ts';
import type { Holdouts } from '../lift/holdouts.ts';
import { merchantReads } from '../merchants/reads.ts';
import type { Reads } from '../platform/db/store.ts';
import { awayEntrances, lostAfterMs } from './away.ts';
import { closedTo, type ClosedParts } from './closed.ts';
import { doorKey, doorsOf, keptMilli, untoldMilli, type Door, type Doors } from './doors.ts';
import type { MadePlan, OpenLine } from './made-plan.ts';
import { dueMilli, residualMilli } from './pacing.ts';
import { planCells } from './plan-cells.ts';
import { usedTodayOf } from './used-today.ts';

/**
 * Cells are written so far ahead: a screen that is away plays on by what it has until it counts as lost, and no longer, or what it plays then would come on top
 * of what was planned elsewhere in its stead.
 */
const writtenAheadMs = lostAfterMs;
const linesPerRead = 10;
const communitiesPerRead = 200;

/**
 * What all running line items are still owed, planned over what is still to come, with nothing but a database that stands still: a thread's work. Takes minutes
 * at 4,000 communities.
 */
export async function makePlan(q: Reads, now: InstantMs, holdouts: Holdouts): Promise<MadePlan> {
  const lines: PlannedLine[] = [];
  for await (const some of planned(q, now)) lines.push(...some);
  // One half-hour of one community is its own plan.
  return lines.some(({ row }) => row.toAt !== null) ? planOf(q, now, lines, holdouts) : nothingToPlan(now);
}

const none = new Int32Array(0);

/** A plan of no line item. */
const nothingToPlan = (now: InstantMs): MadePlan => ({
  now,
  lines: [],
  doors: { doors: [], doorOf: none, byKey: new Map() },
  supply: null,
  answer: {
    demand: none,
    door: none,
    halfHour: none,
    milliTouches: none,
    sharePpm: none,
    deliverable: new Float64Array(0),
    spread: 0,
  },
});

const closedParts = (holdouts: Holdouts): ClosedParts => ({
  campaigns: campaignReads,
  clipBlocks: { across: blockedAcross },
  content: contentReads,
  holdouts,
  inventory: { sellable: (q, ids, span) => sellable(q, communityReads, ids, span) },
  merchants: merchantReads,
});

async function planOf(q: Reads, now: InstantMs, found: readonly PlannedLine[], holdouts: Holdouts): Promise<MadePlan> {
  const horizon = horizonOf(now, found);
  const between = { from: horizon.start, to: instant(horizon.start + horizon.count * halfHourMs) };
  const ids = [...new Set(found.flatMap(({ claim }) => claim.communityIds))].sort();
  const communities: Community[] = [];
  for (let i = 0; i < ids.length; i += communitiesPerRead) {
    const some = ids.slice(i, i + communitiesPerRead);
    const about = await communityReads.about(q, some);
    communities.push(...some.flatMap((id) => about.get(id) ?? []));
  }
  const away = await awayEntrances(q, ids, now);
  const today = (zone: string) => localDateOf(now, zone);
  const names = communities.map(({ id }) => id);
  const forecast = forecastCommunityCells(q, communityReads, names, between, today);
  const offlinePpm = (entranceId: string) => (away.has(entranceId) ? 1_000_000 : 0);
  const laid = await laySupply(horizon, communities, forecast, { now, offlinePpm: () => 0 });
  const doors = doorsOf(laid, away);
  const supply = withAway(laid, doors, offlinePpm);
  const closed = await closedTo(q, closedParts(holdouts), { lines: found, communities, between });
  const committed = await committedOf(q, found, supply, doors, now);
  const used = await usedTodayOf(q, found, { communities, doors, now });
  const lines: OpenLine[] = [];
  const wanted: Wanted[] = [];
  for (const line of found) {
    const { row, claim } = line;
    const committedMilli = committed.get(row.id) ?? 0;
    const { deliveredMilli } = row;
    const residual = residualMilli({ boughtMilli: row.touches * 1_000, deliveredMilli, committedMilli });
    const usedToday = used.get(row.id);
    const own = { ...claim, milliTouches: residual, ...(usedToday && { usedToday }) };
    const reach = reachOf(supply, own, closed(line));
    lines.push({ ...line, committedMilli, residualMilli: residual });
    wanted.push(wantedOf(supply, own, reach));
  }
  const halfHours = Math.min(horizon.count, writtenAheadMs / halfHourMs);
  const { inventory, worths } = supply;
  const answer = planCells({ inventory, worths, wanted, doorOf: doors.doorOf, halfHours });
  return { now, supply, doors, lines, answer };
}

/** Of a door that is away in part only, those that are lost take no part; one that is wholly away is planned by nobody. */
function withAway(supply: Supply, { doors, doorOf }: Doors, offlinePpm: (entranceId: string) => number): Supply {
  const ppm = Int32Array.from(supply.places, ({ entranceId }, place) => {
    const door = doors[doorOf[place] ?? 0];
    return door?.isFrozen ? 1_000_000 : offlinePpm(entranceId);
  });
  return { ...supply, inventory: { ...supply.inventory, offlinePpm: ppm } };
}

function horizonOf(now: InstantMs, lines: readonly PlannedLine[]): Horizon {
  const start = halfHourOf(now);
  const ends = Math.max(start + halfHourMs, ...lines.map(({ claim }) => claim.to));
  return { start, count: Math.min(halfHoursMax, Math.ceil((ends - start) / halfHourMs)) };
}

/**
 * What is on its way for each line item, in milli-touches of its segment. Only what a report says is delivered, and a half-hour is reported when all its screens
 * have closed it, a day later at the latest; planned again in between it would come twice. So what waits for its report counts as it was planned: half-hours that
 * are over, and the part of the present one that is over. So does what screens that are away have played since they left, which reports count as silent, and what
 * they will play by what they have.
 */
async function committedOf(
  q: Reads,
  lines: readonly PlannedLine[],
  supply: Supply,
  { byKey, doors }: Doors,
  now: InstantMs,
): Promise<ReadonlyMap<string, number>> {
  const committed = new Map<string, number>();
  const add = (id: string, milli: number) => committed.set(id, (committed.get(id) ?? 0) + milli);
  for (let i = 0; i < lines.length; i += linesPerRead) {
    const ids = lines.slice(i, i + linesPerRead).map(({ row }) => row.id);
    for (const open of await openSums(q, ids, now)) add(open.bookingId, dueMilli(open.plannedMilli, open.at, now));
  }
  const segments = new Map(lines.map(({ row, claim }) => [row.id, claim.segment]));
  const keeping = doors.filter((door) => door.keeping.length > 0).map(({ communityId }) => communityId);
  for (const communityId of new Set(keeping)) {
    for (const cell of await cellsIn(q, [communityId], instant(now - lostAfterMs))) {
      const door = byKey.get(doorKey(cell));
      const segment = segments.get(cell.bookingId);
      if (!door || !segment || door.keeping.length === 0) continue;
      const isOpen = cell.deliveredMilli === null && cell.at >= openFrom(now);
      if (cell.at >= halfHourOf(now)) add(cell.bookingId, leftMilli(supply, door, cell, segment, now));
      else if (!isOpen) add(cell.bookingId, untoldMilli(door, cell));
    }
  }
  return committed;
}

/** Of the present half-hour what is over is counted with those that wait. */
function leftMilli(supply: Supply, door: Door, cell: CellRow, segment: Segment, now: InstantMs): number {
  const milli = keptMilli(supply, door, cell, segment);
  return door.isFrozen && cell.at <= now ? milli - dueMilli(milli, cell.at, now) : milli;
}
