import { halfHourMs } from '@gatecast/firmware-protocol';
import { setImmediate as breathe } from 'node:timers/promises';
import { halfHoursMax } from '../allocation/instance.ts';
import type { Wanted } from '../allocation/sold-lines.ts';
import type { Platform } from '../platform/platform.ts';
import { giveBack, takeWorker, type AvailabilityWorker } from './availability-worker.ts';
import * as claims from './claims.ts';
import { ReachSum, wantedOf, type Claim, type Closed, type Reach } from './demand.ts';
import { inventoryVersion } from './inventory-version.ts';
import { unsoldIn, type LaidOut, type LayoutWish, type Need } from './lay-out.ts';
import type { Sellable } from '../inventory/decision-rules.ts';
import type { Place, Supply } from './supply.ts';

/** A line item that somebody asks for, and what falls out for it: also what its communities do not sell to anybody, as that is now. */
export interface Asked {
  readonly claim: Claim;
  readonly closed: Closed;
}

/** Half-hours at doors that are looked at in one turn of the event loop. */
const looksPerTurn = 20_000;

/** The forecast laid out with all that is sold, and the flow of it on a thread of its own. */
export class Layout {
  readonly supply: Supply;
  /** The state of what may be sold that it was made at. */
  readonly forSale: number;
  readonly #store: Platform['store'];
  readonly #closed: Closed;
  readonly #worker: AvailabilityWorker;
  #version: number;
  #last: Promise<unknown> = Promise.resolve();
  #isOutgrown = false;

  constructor(store: Platform['store'], { supply, states, version, forSale }: LaidOut, worker: AvailabilityWorker) {
    this.#store = store;
    this.supply = supply;
    this.forSale = forSale;
    this.#closed = unsoldIn(states);
    this.#worker = worker;
    this.#version = version;
  }

  /** Of the inventory, as the thread knows it. */
  get version(): number {
    return this.#version;
  }

  /** Not any more where a question has failed: its thread may have held half of a change. */
  get isLaidOut(): boolean {
    return this.#worker.isLaidOut;
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
  reach(asked: Asked): Promise<Reached> {
    return reached(this.supply, asked);
  }

  /** Ends when those are answered who have asked already. */
  async retire(): Promise<void> {
    await this.#last;
    await giveBack(this.#worker);
  }

  /** Whoever still waits is told that it has ended. */
  stop(): Promise<void> {
    return giveBack(this.#worker);
  }

  async #bringUp(): Promise<void> {
    const version = await inventoryVersion(this.#store.read);
    if (version === this.#version) return;
    const changed = await claims.changedSince(this.#store.read, this.#version);
    this.#isOutgrown ||= !this.holds(changed.claims);
    const wanted: Wanted[] = [];
    for (const claim of changed.claims) wanted.push((await this.reach({ claim, closed: this.#closed })).wanted);
    await this.#worker.ask({ ask: 'put', wanted, gone: changed.gone });
    this.#version = version;
  }
}

export interface Reached {
  readonly reach: Reach;
  readonly wanted: Wanted;
}

async function reached(supply: Supply, { claim, closed }: Asked): Promise<Reached> {
  const sum = new ReachSum(supply, claim, closed);
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

/** Lays out anew on a thread of its own, which then answers. Rejects when `signal` says so, or with what went wrong there. */
export async function makeLayout(store: Platform['store'], wish: LayoutWish, signal: AbortSignal): Promise<Layout> {
  const worker = takeWorker();
  const stop = () => void worker.stop();
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    return new Layout(store, await laidOutBy(worker, { databaseUrl: store.url, wish }), worker);
  } catch (error) {
    await worker.stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Places and states that are copied from the thread in one turn of the event loop. */
const partCount = 500;

async function laidOutBy(
  worker: AvailabilityWorker,
  what: { readonly databaseUrl: string; readonly wish: LayoutWish },
): Promise<LaidOut> {
  const frame = await worker.ask({ ask: 'lay-out', ...what });
  const places: Place[] = [];
  const placesOf = new Map<string, number[]>();
  const states = new Map<string, Sellable>();
  const ownOf = (communityId: string): number[] => {
    const own = placesOf.get(communityId) ?? [];
    placesOf.set(communityId, own);
    return own;
  };
  while (places.length < frame.places || states.size < frame.states) {
    const from = { places: places.length, states: states.size };
    const part = await worker.ask({ ask: 'part', ...from, count: partCount });
    for (const place of part.places) ownOf(place.communityId).push(places.push(place) - 1);
    for (const [id, state] of part.states) {
      states.set(id, state);
      // A community without a door is laid out too.
      ownOf(id);
    }
  }
  const { version, forSale } = frame;
  return { version, forSale, supply: { ...frame.supply, places, placesOf }, states };
}
