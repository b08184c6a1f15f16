import { setImmediate as nextTurn } from 'node:timers/promises';
import { after, days, hours, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import type { Communities } from '../communities/service.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Plays } from '../plays/service.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import { countedIn, type CountedHalfHour } from './counting.ts';
import { dateOf, dayNumber } from './day-kind.ts';
import { levelOf } from './expectation.ts';
import { packCells, unpackCells } from './forecast-bytes.ts';
import { cellsOfDay } from './forecasting.ts';
import { learnDay, type ToldSlot } from './learn.ts';
import { localDateOf, localDay, nextDate, type LocalDay } from './local-day.ts';
import { packModel } from './model-bytes.ts';
import { newModel } from './model.ts';
import { evenPart, forecastCommunities, type ForecastCommunity, type ForecastPlace } from './places.ts';
import type { Fleet } from './rules.ts';
import { noScore, scored } from './score.ts';
import * as rows from './store.ts';

export interface LearningParts {
  readonly communities: Communities;
  readonly plays: Plays;
  readonly terminals: Terminals;
}

/** Days ahead that are told, today's rest included when nothing was told of it. */
export const toldDays = 14;
/** A day is learned so long after its end, when its last half-hour has come from every screen that is on line. */
const settleMs = minutes(20);
/** A community that cannot be learned is tried again so much later. */
const againMs = hours(1);
/** Late counts of a day are learned together. */
const lateMs = minutes(10);
/** What was told is kept as long as anybody may ask how true it was. */
const keptMs = days(-100);
const sweepEveryMs = hours(1);
const staleMs = hours(-20);
const communitiesPerSweep = 100;

/**
 * Learns from each closed day of each community and tells the next days. One community is one short transaction; after each entrance others have their
 * turn, which SQLite, answering at once, would never give them.
 */
export function learnAudience({ store, clock, jobs, log }: Platform, parts: LearningParts): void {
  const { communities, plays, terminals } = parts;
  terminals.onClaimed((q, terminal) => adopt(q, communities, terminal));
  plays.onClosed(async (q, communityId, halfHours) => {
    const { zone } = await communities.get(q, communityId);
    for (const date of new Set(halfHours.map((at) => localDateOf(at, zone)))) {
      const over = after(localDay(date, zone).to, settleMs);
      const soon = after(clock.now(), lateMs);
      await rows.noteDue(q, communityId, date, soon > over ? soon : over);
    }
  });

  jobs.handle('audience.learn', {
    everyMs: minutes(2),
    renewsLease: true,
    async run(_, { signal }) {
      const fleet = await rows.fleetOf(store.read);
      while (!signal.aborted) {
        const communityId = await rows.nextDue(store.read, clock.now());
        if (communityId === undefined) return;
        try {
          await store.tx((q) => learnCommunity(q, parts, fleet, communityId, clock.now()));
        } catch (err) {
          log.error({ err, communityId }, 'nothing could be learned of a community; the others go on');
          await store.tx((q) => rows.postponeDue(q, communityId, after(clock.now(), againMs)));
        }
      }
    },
  });
  const tellStale = async (signal: AbortSignal): Promise<void> => {
    const before = after(clock.now(), staleMs);
    const fleet = await rows.fleetOf(store.read);
    let last = '';
    while (!signal.aborted) {
      const ids = await rows.staleCommunities(store.read, before, last, communitiesPerSweep);
      for (const id of ids) await store.tx((q) => tellCommunity(q, parts, fleet, id, clock.now()));
      last = ids.at(-1) ?? '';
      if (ids.length < communitiesPerSweep) break;
    }
    await store.tx((q) => rows.dropForecastsBefore(q, after(clock.now(), keptMs)));
  };
  jobs.handle('audience.tell', {
    everyMs: sweepEveryMs,
    renewsLease: true,
    run: (_, { signal }) => tellStale(signal),
  });
  // Once something was entered that changes all days ahead: nobody waits an hour for it.
  jobs.handle('audience.tell-anew', { renewsLease: true, run: (_, { signal }) => tellStale(signal) });
}

/** An entrance where the first screen stands gets a model: of an even part of what its community has at such places. */
async function adopt(q: Tx, communities: Communities, terminal: TerminalRef): Promise<void> {
  const { communityId, entranceId, placement } = terminal;
  const known = (await rows.modelsOf(q, [communityId])).find((row) => row.entranceId === entranceId);
  if (known) return rows.saveModel(q, { ...known, inService: true, updatedAt: rows.never });
  const alike = (await communities.entrancesOf(q, [communityId])).filter((one) => one.placement === placement);
  const state = packModel(newModel(evenPart(alike.length)));
  const fresh = { inService: true, state, levelPpm: 1_000_000, knownDays: 0, updatedAt: rows.never };
  await rows.saveModel(q, { entranceId, communityId, placement, ...fresh });
}

/** Screens that were there before anybody learned, and those that left. */
async function followScreens(q: Tx, { communities, terminals }: LearningParts, communityId: string) {
  const screens = (await terminals.ofCommunity(q, communityId)).filter(({ claimed }) => claimed);
  const models = await rows.modelsOf(q, [communityId]);
  for (const screen of screens)
    if (!models.some((row) => row.entranceId === screen.entranceId && row.inService))
      await adopt(q, communities, screen);
  for (const row of models)
    if (row.inService && !screens.some(({ entranceId }) => entranceId === row.entranceId))
      await rows.saveModel(q, { ...row, inService: false });
}

/** Learns what is due of one community, in the caller’s transaction, and tells its next days. */
export async function learnCommunity(q: Tx, parts: LearningParts, fleet: Fleet, communityId: string, now: InstantMs) {
  const dates = await rows.takeDue(q, communityId, now);
  await followScreens(q, parts, communityId);
  const [community] = await forecastCommunities(q, parts.communities, [communityId], fleet);
  if (!community) return;
  const models = new Map(community.places.map((place) => [place.entranceId, place.model]));
  for (const date of dates) {
    const day = localDay(date, community.zone);
    const counted = await countedIn(q, parts, communityId, day);
    for (const { entranceId, prior } of community.places) {
      const model = models.get(entranceId);
      const slots = slotsOf(
        day,
        counted.filter((one) => one.entranceId === entranceId),
      );
      if (model)
        models.set(entranceId, learnDay(model, prior, { day: dayNumber(date), kind: community.kindOf(date), slots }));
    }
    await score(q, community, day, counted);
  }
  const places = community.places.map((place) => ({ ...place, model: models.get(place.entranceId) ?? place.model }));
  await tell(q, { ...community, places }, now);
}

function slotsOf({ halfHours }: LocalDay, counted: readonly CountedHalfHour[]): ToldSlot[] {
  const byAt = new Map(counted.map((one) => [one.at, one.told]));
  return halfHours.flatMap(({ at, halfHour }, index) => {
    const told = byAt.get(at);
    return told ? [{ index, halfHour, told }] : [];
  });
}

/** How the day's forecasts, as they were told, compare with what is counted of it until now. */
async function score(q: Tx, community: ForecastCommunity, day: LocalDay, counted: readonly CountedHalfHour[]) {
  const told = await rows.forecastsOf(q, [community.id], { from: day.from, to: day.to });
  const cells = new Map(told.map((row) => [row.entranceId, unpackCells(row.cells)]));
  const indexOf = new Map(day.halfHours.map(({ at }, index) => [at, index]));
  const sums = counted.reduce((sum, one) => {
    const cell = cells.get(one.entranceId)?.[indexOf.get(one.at) ?? -1];
    return cell ? scored(sum, cell, one.told) : sum;
  }, noScore);
  if (sums.cells === 0) return;
  await rows.saveScore(q, { communityId: community.id, day: day.date, dayKind: community.kindOf(day.date), ...sums });
}

/** Tells the next days of one community from what is known. */
export async function tellCommunity(q: Tx, parts: LearningParts, fleet: Fleet, communityId: string, now: InstantMs) {
  await followScreens(q, parts, communityId);
  const [community] = await forecastCommunities(q, parts.communities, [communityId], fleet);
  if (community) await tell(q, community, now);
}

/** Tells the days that have not begun anew. Of today only what was told before it began counts, so it is not touched. */
async function tell(q: Tx, community: ForecastCommunity, now: InstantMs): Promise<void> {
  const today = localDateOf(now, community.zone);
  const dates = Array.from({ length: toldDays }, (_, n) => dateOf(dayNumber(today) + 1 + n));
  const made: rows.ForecastRow[] = [];
  for (const place of community.places) {
    for (const date of dates) {
      const day = localDay(date, community.zone);
      const cells = packCells(cellsOfDay(community, place, day, today));
      made.push({ communityId: community.id, entranceId: place.entranceId, at: day.from, cells, madeAt: now });
    }
    await nextTurn();
  }
  await rows.replaceForecasts(q, community.id, localDay(nextDate(today), community.zone).from, made);
  for (const place of community.places) await rows.saveModel(q, rowOf(community, place, now));
}

function rowOf(
  { id: communityId }: ForecastCommunity,
  { entranceId, placement, model, prior }: ForecastPlace,
  now: InstantMs,
): rows.ModelRow {
  const level = levelOf(model, prior).now;
  return {
    entranceId,
    communityId,
    placement,
    inService: true,
    state: packModel(model),
    levelPpm: Math.round(level * 1_000_000),
    knownDays: Math.floor(model.knownDays),
    updatedAt: now,
  };
}
