import { days, halfHourMs, halfHourOf, instant, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Horizon } from '../allocation/half-hours.ts';
import { halfHoursMax } from '../allocation/instance.ts';
import type { Wanted, WantedQuote } from '../allocation/sold-lines.ts';
import type { Audience } from '../audience/service.ts';
import type { Communities } from '../communities/service.ts';
import { unsoldThere } from '../inventory/decision-rules.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { AvailabilityWorker, questionsWaitingMax, tooManyQuestions } from './availability-worker.ts';
import type { Way, WiderWanted } from './availability-thread.ts';
import * as claims from './claims.ts';
import { ReachSum, wantedOf, type Claim, type Closed, type Reach } from './demand.ts';
import { inventoryVersion } from './inventory-version.ts';
import { laySupply, type Supply } from './supply.ts';

/** A line item that somebody asks for, and what falls out for it beyond what its communities do not sell to anybody. */
export interface Asked {
  readonly claim: Claim;
  readonly closed: Closed;
}

export interface Found {
  readonly reach: Reach;
  readonly quote: WantedQuote;
}

export interface Answer {
  /** Of the inventory: who takes something of it claims it at this one. */
  readonly version: number;
  readonly supply: Supply;
  /** One for each that was asked for. */
  readonly found: readonly Found[];
  /** Of the first, where it did not fit: the asked step of each way that helps. */
  readonly alternatives: readonly (Found & { readonly asked: Asked; readonly kind: Way })[];
}

export interface Ways {
  readonly kind: Way;
  readonly steps: readonly Asked[];
}

export interface Availability {
  /**
   * What each line item could have on top of all that is held and sold, exactly. Changes nothing. Rejects with `too-many-requests` when too many ask at once.
   */
  ask(asked: readonly Asked[], ways?: readonly Ways[]): Promise<Answer>;
  /** Milli-touches that each of some half-hours could give to one more line item alone; of everybody, without caps. All of it in one pass. */
  spare(asked: readonly Asked[]): Promise<readonly number[]>;
  /** What is for sale, or whom to expect, is no longer what it was. */
  forget(): void;
  stop(): Promise<void>;
}

export interface AvailabilityParts {
  readonly audience: Audience;
  readonly communities: Communities;
  readonly inventory: Inventory;
}

interface Laid {
  readonly supply: Supply;
  readonly version: number;
  readonly atMono: number;
  readonly closed: Closed;
}

/** A forecast is told once a day and corrected by what is counted; so old is never too old to sell by. */
const keptMs = minutes(10);
/** Laid out at least, so that the next question for a later day needs no new layout. */
const horizonMin = days(8);

/** Keeps the forecast laid out and the flow of all line items on a thread, one question after the other. */
export function createAvailability(platform: Platform, parts: AvailabilityParts): Availability {
  const worker = new AvailabilityWorker();
  let laid: Laid | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const answer = async (asked: readonly Asked[], ways: readonly Ways[]): Promise<Answer> => {
    const all = [...asked, ...ways.flatMap(({ steps }) => steps)];
    const { supply, version, closed } = (laid = await current(platform, parts, worker, laid, all));
    const laidOut: LaidOut[] = [];
    for (const one of asked) laidOut.push(await layOut(supply, one, closed));
    const { quotes } = await worker.ask({ ask: 'quote', wanted: laidOut.map(({ wanted }) => wanted) });
    const found = quotes.flatMap((quote, n) => {
      const reach = laidOut[n]?.reach;
      return reach ? [{ quote, reach }] : [];
    });
    const [first] = quotes;
    if (!first || first.fits || ways.length === 0) return { version, supply, found, alternatives: [] };
    // Only now: what is wider is many times as much to look at.
    const wider = new Map<Asked, LaidOut>();
    for (const step of ways.flatMap(({ steps }) => steps)) wider.set(step, await layOut(supply, step, closed));
    const told = await worker.ask({
      ask: 'wider',
      before: first.availableMilliTouches,
      ways: ways.map(({ kind, steps }): WiderWanted => ({
        kind,
        steps: steps.flatMap((step) => wider.get(step)?.wanted ?? []),
      })),
    });
    const alternatives = told.alternatives.flatMap(({ kind, step, ...quote }) => {
      const one = ways.find((way) => way.kind === kind)?.steps[step];
      const reach = one && wider.get(one)?.reach;
      return one && reach ? [{ kind, asked: one, quote, reach }] : [];
    });
    return { version, supply, found, alternatives };
  };

  const spare = async (asked: readonly Asked[]): Promise<readonly number[]> => {
    const { supply, closed } = (laid = await current(platform, parts, worker, laid, asked));
    const wanted: Wanted[] = [];
    for (const one of asked) wanted.push((await layOut(supply, one, closed)).wanted);
    return (await worker.ask({ ask: 'spare', wanted })).spare;
  };

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= questionsWaitingMax) throw tooManyQuestions();
    waiting += 1;
    const turn = last.then(async () => {
      try {
        return await work();
      } catch (error) {
        // What the thread holds may be half of a change.
        laid = undefined;
        await worker.stop();
        throw error;
      } finally {
        waiting -= 1;
      }
    });
    last = turn.catch(() => undefined); // Whoever asked is told; the next in line asks anew.
    return turn;
  };

  return {
    ask: (asked, ways = []) => inTurn(() => answer(asked, ways)),
    spare: (asked) => inTurn(() => spare(asked)),
    forget: () => void (laid = undefined),
    async stop() {
      laid = undefined;
      await worker.stop();
    },
  };
}

interface LaidOut {
  readonly reach: Reach;
  readonly wanted: Wanted;
}

/** Half-hours at doors that are looked at in one turn of the event loop. */
const looksPerTurn = 20_000;

async function layOut(supply: Supply, { claim, closed }: Asked, unsold: Closed): Promise<LaidOut> {
  const both: Closed = (communityId, placement, at) =>
    unsold(communityId, placement, at) ?? closed(communityId, placement, at);
  const sum = new ReachSum(supply, claim, both);
  let looked = 0;
  for (const communityId of claim.communityIds) {
    looked += sum.add(communityId);
    if (looked < looksPerTurn) continue;
    looked = 0;
    await breathe();
  }
  const reach = sum.reach();
  return { reach, wanted: wantedOf(supply, claim, reach) };
}

async function allWanted(supply: Supply, lines: readonly Claim[], closed: Closed): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for (const claim of lines) {
    wanted.push((await layOut(supply, { claim, closed: nothingMore }, closed)).wanted);
    if (wanted.length % linesPerTurn === 0) await breathe();
  }
  return wanted;
}
const linesPerTurn = 10;
/** Line items that travel to the thread together. */
const linesPerMessage = 200;

/** The layout as it is now: kept, brought up to what was sold since, or made anew. */
async function current(
  platform: Platform,
  parts: AvailabilityParts,
  worker: AvailabilityWorker,
  laid: Laid | undefined,
  asked: readonly Asked[],
): Promise<Laid> {
  const { store, clock } = platform;
  const version = await inventoryVersion(store.read);
  const needs = asked.map(({ claim }) => claim);
  if (!laid || !worker.isLoaded || !stillHolds(laid, clock, needs))
    return layAnew(platform, parts, worker, needs, version);
  if (version === laid.version) return laid;
  const changed = await claims.changedSince(store.read, laid.version);
  if (!stillHolds(laid, clock, changed.claims)) return layAnew(platform, parts, worker, needs, version);
  const wanted = await allWanted(laid.supply, changed.claims, laid.closed);
  await worker.ask({ ask: 'put', wanted, gone: changed.gone });
  return { ...laid, version };
}

const nothingMore: Closed = () => null;

type Need = Pick<Claim, 'communityIds' | 'to'>;

function stillHolds({ supply, atMono }: Laid, clock: Platform['clock'], needs: readonly Need[]): boolean {
  const { start, count } = supply.horizon;
  if (start !== halfHourOf(clock.now()) || clock.mono() - atMono >= keptMs) return false;
  const ends = start + count * halfHourMs;
  return needs.every(
    ({ to, communityIds }) =>
      (to <= ends || count === halfHoursMax) && communityIds.every((id) => supply.placesOf.has(id)),
  );
}

async function layAnew(
  { store, clock }: Platform,
  parts: AvailabilityParts,
  worker: AvailabilityWorker,
  needs: readonly Need[],
  version: number,
): Promise<Laid> {
  const now = clock.now();
  const running = await claims.running(store.read, now);
  const all = [...needs, ...running];
  const horizon = horizonFor(halfHourOf(now), all);
  const between = { from: horizon.start, to: instant(horizon.start + horizon.count * halfHourMs) };
  const ids = [...new Set(all.flatMap(({ communityIds }) => communityIds))].sort();
  const about = await parts.communities.about(store.read, ids);
  const communities = ids.flatMap((id) => about.get(id) ?? []).map(({ id, zone }) => ({ id, zone }));
  const forecast = parts.audience.forecastByCommunity(
    store.read,
    communities.map(({ id }) => id),
    between,
  );
  const supply = await laySupply(horizon, communities, forecast, { now, offlinePpm: () => 0 });
  const closed = await unsoldIn(store.read, parts, ids, between);
  for (let i = 0; i < running.length; i += linesPerMessage) {
    const wanted = await allWanted(supply, running.slice(i, i + linesPerMessage), closed);
    await worker.ask({ ask: 'bring', wanted });
  }
  await worker.ask({ ask: 'load', inventory: supply.inventory, worths: supply.worths });
  return { supply, version, atMono: clock.mono(), closed };
}

function horizonFor(start: InstantMs, needs: readonly Need[]): Horizon {
  const ends = Math.max(start + horizonMin, ...needs.map(({ to }) => to));
  return { start, count: Math.min(halfHoursMax, Math.ceil((ends - start) / halfHourMs)) };
}

/** What the owners do not sell, and days on which nothing is sold. */
async function unsoldIn(
  q: Reads,
  { inventory }: AvailabilityParts,
  communityIds: readonly string[],
  between: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<Closed> {
  const states = await inventory.sellable(q, communityIds, between);
  return (communityId, placement, at) => {
    const state = states.get(communityId);
    return state ? unsoldThere(state, { at, placement, category: null }) : 'not-found';
  };
}
