import { halfHourMs, halfHourOf, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Horizon } from '../allocation/half-hours.ts';
import { halfHoursMax } from '../allocation/instance.ts';
import type { Wanted } from '../allocation/sold-lines.ts';
import type { Audience } from '../audience/service.ts';
import type { Communities } from '../communities/service.ts';
import { unsoldThere, type Sellable } from '../inventory/decision-rules.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { AvailabilityWorker } from './availability-worker.ts';
import * as claims from './claims.ts';
import { ReachSum, wantedOf, type Claim, type Closed, type Reach } from './demand.ts';
import { inventoryVersion } from './inventory-version.ts';
import { laySupply, type Supply, type SupplyCommunity } from './supply.ts';

/** A line item that somebody asks for, and what falls out for it beyond what its communities do not sell to anybody. */
export interface Asked {
  readonly claim: Claim;
  readonly closed: Closed;
}

/** What a question needs to be laid out. */
export type Need = Pick<Claim, 'communityIds' | 'to'>;

export interface LayoutParts {
  readonly audience: Audience;
  readonly communities: Communities;
  readonly inventory: Inventory;
}

/** Besides what is sold and asked for: these many communities, so that a question for one that has sold nothing yet needs no new layout. */
const communitiesLaidMax = 5_000;
const communitiesPerTurn = 100;
/** Half-hours at doors that are looked at in one turn of the event loop. */
const looksPerTurn = 20_000;

interface Laid {
  readonly supply: Supply;
  readonly closed: Closed;
}

/** The forecast laid out with all that is sold, and the flow of it on a thread of its own. */
export class Layout {
  readonly supply: Supply;
  readonly #store: Platform['store'];
  readonly #closed: Closed;
  readonly #worker: AvailabilityWorker;
  #version: number;
  #last: Promise<unknown> = Promise.resolve();
  #isOutgrown = false;

  constructor(store: Platform['store'], { supply, closed }: Laid, worker: AvailabilityWorker, version: number) {
    this.#store = store;
    this.supply = supply;
    this.#closed = closed;
    this.#worker = worker;
    this.#version = version;
  }

  /** Of the inventory, as the thread knows it. */
  get version(): number {
    return this.#version;
  }

  /** Not any more where a question has failed: its thread may have held half of a change. */
  get isLoaded(): boolean {
    return this.#worker.isLoaded;
  }

  /** Somebody has sold since what is not wholly laid out: of that, only what is counts, and less is promised than there is. */
  get isOutgrown(): boolean {
    return this.#isOutgrown;
  }

  /** Whether all of these communities and days are in it. */
  holds(needs: readonly Need[]): boolean {
    const { start, count } = this.supply.horizon;
    const ends = start + count * halfHourMs;
    return needs.every(
      ({ to, communityIds }) =>
        (to <= ends || count === halfHoursMax) && communityIds.every((id) => this.supply.placesOf.has(id)),
    );
  }

  /** One question after the other, each after what was sold since has been put in. Whoever fails leaves a thread that may hold half of a change: it ends. */
  inTurn<T>(work: (worker: AvailabilityWorker) => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      try {
        await this.#bringUp();
        return await work(this.#worker);
      } catch (error) {
        await this.#worker.stop();
        throw error;
      }
    });
    this.#last = turn.catch(() => undefined); // Whoever asked is told; the next in line asks anew.
    return turn;
  }

  /** What it asks for as the allocation takes it. */
  layOut(asked: Asked): Promise<LaidOut> {
    return layOut(this.supply, asked, this.#closed);
  }

  /** Ends when those are answered who have asked already. */
  async retire(): Promise<void> {
    await this.#last;
    await this.#worker.stop();
  }

  /** Whoever still waits is told that it has ended. */
  stop(): Promise<void> {
    return this.#worker.stop();
  }

  async #bringUp(): Promise<void> {
    const version = await inventoryVersion(this.#store.read);
    if (version === this.#version) return;
    const changed = await claims.changedSince(this.#store.read, this.#version);
    this.#isOutgrown ||= !this.holds(changed.claims);
    const wanted: Wanted[] = [];
    for (const claim of changed.claims) wanted.push((await this.layOut({ claim, closed: nothingMore })).wanted);
    await this.#worker.ask({ ask: 'put', wanted, gone: changed.gone });
    this.#version = version;
  }
}

const nothingMore: Closed = () => null;

export interface LaidOut {
  readonly reach: Reach;
  readonly wanted: Wanted;
}

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

export interface LayoutWish {
  readonly needs: readonly Need[];
  readonly until: InstantMs;
  readonly signal: AbortSignal;
}

/**
 * Lays out whom to expect where, from now until the last of what is sold and of `needs` ends, and at least until `until`; and finds the flow of all line items.
 * Takes about a minute at 4,000 communities, in short turns of the event loop. Rejects
 * when `signal` says so.
 */
export async function layAnew(
  { store, clock }: Platform,
  parts: LayoutParts,
  { needs, until, signal }: LayoutWish,
): Promise<Layout> {
  const now = clock.now();
  // First: what is sold while this is made is put in with the first question.
  const version = await inventoryVersion(store.read);
  const running: Claim[] = [];
  for await (const some of claims.running(store.read, now)) {
    running.push(...some);
    await breathe();
    signal.throwIfAborted();
  }
  const horizon = horizonFor(halfHourOf(now), until, [...needs, ...running]);
  const ids = await communitiesOf(store.read, parts, [...needs, ...running]);
  const { communities, closed } = await aboutAll(store.read, parts, ids, horizon);
  const between = spanOf(horizon);
  const names = communities.map(({ id }) => id);
  signal.throwIfAborted();
  const forecast = whileWanted(parts.audience.forecastByCommunity(store.read, names, between), signal);
  const supply = await laySupply(horizon, communities, forecast, { now, offlinePpm: () => 0 });
  const worker = new AvailabilityWorker();
  signal.addEventListener('abort', () => void worker.stop());
  try {
    signal.throwIfAborted();
    await load(worker, supply, running, closed);
  } catch (error) {
    await worker.stop();
    throw error;
  }
  return new Layout(store, { supply, closed }, worker, version);
}

async function* whileWanted<T>(all: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const one of all) {
    signal.throwIfAborted();
    yield one;
  }
}

/** Half-hours at doors of line items that travel to the thread together: all of it at once would take a turn of the event loop of its own to send. */
const cellsPerMessage = 20_000;

async function load(worker: AvailabilityWorker, supply: Supply, running: readonly Claim[], closed: Closed) {
  let coming: Wanted[] = [];
  let cells = 0;
  for (const claim of running) {
    const { reach, wanted } = await layOut(supply, { claim, closed: nothingMore }, closed);
    coming.push(wanted);
    cells += reach.cells.length;
    if (cells < cellsPerMessage) continue;
    await worker.ask({ ask: 'bring', wanted: coming });
    coming = [];
    cells = 0;
    await breathe();
  }
  await worker.ask({ ask: 'bring', wanted: coming });
  await worker.ask({ ask: 'load', inventory: supply.inventory, worths: supply.worths });
}

function horizonFor(start: InstantMs, until: InstantMs, needs: readonly Need[]): Horizon {
  const ends = needs.reduce<number>((last, { to }) => Math.max(last, to), until);
  return { start, count: Math.min(halfHoursMax, Math.ceil((ends - start) / halfHourMs)) };
}

const spanOf = ({ start, count }: Horizon) => ({ from: start, to: instant(start + count * halfHourMs) });

async function communitiesOf(q: Reads, { communities }: LayoutParts, needs: readonly Need[]): Promise<string[]> {
  const ids = new Set(await communities.largest(q, communitiesLaidMax));
  for (const { communityIds } of needs) for (const id of communityIds) ids.add(id);
  return [...ids].sort();
}

/** Those that there are, with what their owners do not sell and the days on which nothing is sold. */
async function aboutAll(
  q: Reads,
  { communities, inventory }: LayoutParts,
  ids: readonly string[],
  horizon: Horizon,
): Promise<{ readonly communities: SupplyCommunity[]; readonly closed: Closed }> {
  const found: SupplyCommunity[] = [];
  const states = new Map<string, Sellable>();
  for (let i = 0; i < ids.length; i += communitiesPerTurn) {
    const some = ids.slice(i, i + communitiesPerTurn);
    const about = await communities.about(q, some);
    found.push(...some.flatMap((id) => about.get(id) ?? []).map(({ id, zone }) => ({ id, zone })));
    for (const [id, state] of await inventory.sellable(q, some, spanOf(horizon))) states.set(id, state);
    await breathe();
  }
  const closed: Closed = (communityId, placement, at) => {
    const state = states.get(communityId);
    return state ? unsoldThere(state, { at, placement, category: null }) : 'not-found';
  };
  return { communities: found, closed };
}
