import { after, days, halfHourMs, halfHourOf, instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Horizon } from '../allocation/half-hours.ts';
import { halfHoursMax } from '../allocation/instance.ts';
import type { Wanted } from '../allocation/sold-lines.ts';
import type { Audience } from '../audience/service.ts';
import { cellsIn, openFrom, openSums, type CellRow } from '../campaigns/cells.ts';
import { planned, type PlannedLine } from '../campaigns/claims.ts';
import { reachOf, wantedOf } from '../campaigns/demand.ts';
import { laySupply, type Supply } from '../campaigns/supply.ts';
import type { Community } from '../communities/contract.ts';
import type { Communities } from '../communities/service.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { awayEntrances, lostAfterMs } from './away.ts';
import { closedTo, type ClosedParts } from './closed.ts';
import { doorKey, doorsOf, keptMilli, untoldMilli, type Door, type Doors } from './doors.ts';
import { plannedOf, type MadePlan, type OpenLine } from './made-plan.ts';
import { dueMilli, residualMilli } from './pacing.ts';
import { planOnThread } from './plan-worker.ts';
import { writePlan } from './write-plan.ts';
import * as rows from './store.ts';

export interface ReplanParts extends ClosedParts {
  readonly audience: Audience;
  readonly communities: Communities;
}

/**
 * Cells are written so far ahead: a screen that is away plays on by what it has until it counts as lost, and no longer, or what it plays then would come on top
 * of what was planned elsewhere in its stead.
 */
const writtenAheadMs = lostAfterMs;
/** Runs are kept so long. */
const keptSince = days(-30);
/** Line items laid out in one turn of the event loop. */
const linesPerTurn = 10;
const communitiesPerTurn = 200;

/**
 * Plans anew what all running line items are still owed over what is still to come, and writes what differs. One at a time in the whole network: whoever calls
 * holds the lease.
 */
export async function replan(platform: Platform, parts: ReplanParts, signal: AbortSignal): Promise<void> {
  const { store, clock } = platform;
  const { wanted } = await rows.wishes(store.read);
  const startedAt = clock.now();
  const startedMono = clock.mono();
  const lines: PlannedLine[] = [];
  for await (const some of planned(store.read, startedAt)) {
    lines.push(...some);
    await breathe();
  }
  // One half-hour of one community is its own plan.
  const made = lines.some(({ row }) => row.toAt !== null)
    ? await makePlan(platform, parts, lines, signal)
    : nothingToPlan(startedAt);
  const changed = await writePlan(platform, made, signal);
  const residual = made.lines.reduce((sum, line) => sum + line.residualMilli, 0);
  const plannedMilli = made.lines.reduce((sum, line, n) => sum + plannedOf(line, made.answer.deliverable[n] ?? 0), 0);
  await store.tx(async (q) => {
    await rows.notePlanned(q, wanted);
    const row = {
      startedAt,
      ms: Math.round(clock.mono() - startedMono),
      lineItems: made.lines.length,
      plannedPpm: residual === 0 ? 1_000_000 : Math.min(1_000_000, Math.floor((plannedMilli / residual) * 1_000_000)),
      spreadPpm: Math.round(made.answer.spread * 1_000_000),
      ...changed,
    };
    await rows.addReplan(q, row, after(startedAt, keptSince));
  });
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

async function makePlan(
  { store, clock }: Platform,
  parts: ReplanParts,
  found: readonly PlannedLine[],
  signal: AbortSignal,
): Promise<MadePlan> {
  const q = store.read;
  const now = clock.now();
  const horizon = horizonOf(now, found);
  const between = { from: horizon.start, to: instant(horizon.start + horizon.count * halfHourMs) };
  const ids = [...new Set(found.flatMap(({ claim }) => claim.communityIds))].sort();
  const communities: Community[] = [];
  for (let i = 0; i < ids.length; i += communitiesPerTurn) {
    const some = ids.slice(i, i + communitiesPerTurn);
    const about = await parts.communities.about(q, some);
    communities.push(...some.flatMap((id) => about.get(id) ?? []));
    await breathe();
  }
  const away = await awayEntrances(q, ids, now);
  const forecast = parts.audience.forecastByCommunity(
    q,
    communities.map(({ id }) => id),
    between,
  );
  const offlinePpm = (entranceId: string) => (away.has(entranceId) ? 1_000_000 : 0);
  const laid = await laySupply(horizon, communities, forecast, { now, offlinePpm: () => 0 });
  await breathe();
  const doors = doorsOf(laid, away);
  await breathe();
  const supply = withAway(laid, doors, offlinePpm);
  const closed = await closedTo(q, parts, { lines: found, communities, between });
  const committed = await committedOf(q, found, supply, doors, now);
  const lines: OpenLine[] = [];
  const wanted: Wanted[] = [];
  for (const line of found) {
    const { row, claim } = line;
    const committedMilli = committed.get(row.id) ?? 0;
    const { deliveredMilli } = row;
    const residual = residualMilli({ boughtMilli: row.touches * 1_000, deliveredMilli, committedMilli });
    const own = { ...claim, milliTouches: residual };
    const reach = reachOf(supply, own, closed(line));
    lines.push({ ...line, committedMilli, residualMilli: residual });
    wanted.push(wantedOf(supply, own, reach));
    if (lines.length % linesPerTurn === 0) await breathe();
  }
  const halfHours = Math.min(horizon.count, writtenAheadMs / halfHourMs);
  const { inventory, worths } = supply;
  const answer = await planOnThread({ inventory, worths, wanted, doorOf: doors.doorOf, halfHours }, signal);
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
  for (let i = 0; i < lines.length; i += linesPerTurn) {
    const ids = lines.slice(i, i + linesPerTurn).map(({ row }) => row.id);
    for (const open of await openSums(q, ids, now)) add(open.bookingId, dueMilli(open.plannedMilli, open.at, now));
    await breathe();
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
    await breathe();
  }
  return committed;
}

/** Of the present half-hour what is over is counted with those that wait. */
function leftMilli(supply: Supply, door: Door, cell: CellRow, segment: Segment, now: InstantMs): number {
  const milli = keptMilli(supply, door, cell, segment);
  return door.isFrozen && cell.at <= now ? milli - dueMilli(milli, cell.at, now) : milli;
}
