import { parentPort } from 'node:worker_threads';
import type { LineAllocation, Wanted, WantedQuote } from '../allocation/sold-lines.ts';
import { openReadOnly } from '../platform/db/read-only.ts';
import { layOut, type LaidOut, type LayoutWish } from './lay-out.ts';
import type { Place, Supply } from './supply.ts';

/** What is laid out without its lists, which come in parts: all at once they would take a tenth of a second of whoever asks. */
export interface LaidFrame extends Pick<LaidOut, 'version' | 'forSale'> {
  readonly supply: Omit<Supply, 'places' | 'placesOf'>;
  readonly places: number;
  readonly states: number;
}

/** From the one number on. */
export interface LaidPart {
  readonly places: readonly Place[];
  readonly states: readonly (readonly [string, LaidOut['states'] extends ReadonlyMap<string, infer S> ? S : never])[];
}

export type Way = 'communities' | 'hours' | 'days' | 'placements';

/** What the thread is asked. `lay-out` comes first. */
export type AvailabilityRequest =
  | { readonly ask: 'lay-out'; readonly databaseUrl: string; readonly wish: LayoutWish }
  /** So many of its places and states, from these on. */
  | { readonly ask: 'part'; readonly places: number; readonly states: number; readonly count: number }
  /** The layout is not needed any more. */
  | { readonly ask: 'forget' }
  /** Line items that are new or have changed, and those that claim nothing any more. */
  | { readonly ask: 'put'; readonly wanted: readonly Wanted[]; readonly gone: readonly string[] }
  /** What each of them could have alone, of everybody and without caps. */
  | { readonly ask: 'spare'; readonly wanted: readonly Wanted[] }
  | { readonly ask: 'quote'; readonly wanted: readonly Wanted[] }
  /** Which wider one would be enough where no more than `before` milli-touches were there. */
  | { readonly ask: 'wider'; readonly before: number; readonly ways: readonly WiderWanted[] };

/** A way to ask for more, each step wider than the one before. */
export interface WiderWanted {
  readonly kind: Way;
  readonly steps: readonly Wanted[];
}

export interface AvailabilityAnswers {
  readonly 'lay-out': LaidFrame;
  readonly part: LaidPart;
  readonly forget: null;
  readonly put: null;
  /** Milli-touches, one for each that was asked for. */
  readonly spare: readonly number[];
  /** One for each that was asked for, in their order. */
  readonly quote: readonly WantedQuote[];
  /** Of the ways that were asked for. */
  readonly wider: readonly (WantedQuote & { readonly kind: Way; readonly step: number })[];
}

let lines: LineAllocation | undefined;
/** What is still to be told of it. */
let told: { readonly places: readonly Place[]; readonly states: LaidPart['states'] } | undefined;

async function answer(request: AvailabilityRequest): Promise<AvailabilityAnswers[AvailabilityRequest['ask']]> {
  if (request.ask === 'lay-out') {
    const db = await openReadOnly(request.databaseUrl);
    try {
      const made = await layOut(db.read, request.wish);
      lines = made.lines;
      const { supply, states, ...versions } = made.laid;
      const { places, placesOf: _, ...frame } = supply;
      told = { places, states: [...states] };
      return { ...versions, supply: frame, places: places.length, states: states.size };
    } finally {
      await db.close();
    }
  }
  if (request.ask === 'part') {
    const { places, states, count } = request;
    if (!told) throw new Error('nothing is to be told any more');
    const part = {
      places: told.places.slice(places, places + count),
      states: told.states.slice(states, states + count),
    };
    if (places + count >= told.places.length && states + count >= told.states.length) told = undefined;
    return part;
  }
  if (request.ask === 'forget') {
    lines = undefined;
    told = undefined;
    return null;
  }
  if (!lines) throw new Error('nothing has been laid out');
  if (request.ask === 'put') {
    lines.put(request.wanted, request.gone);
    return null;
  }
  if (request.ask === 'spare') return lines.spareOfEach(request.wanted);
  if (request.ask === 'wider') return lines.alternatives(request.before, request.ways);
  const held = lines;
  return request.wanted.map((wanted) => held.quote(wanted));
}

parentPort?.on('message', ({ id, request }: { readonly id: number; readonly request: AvailabilityRequest }) => {
  void answer(request).then(
    (given) => parentPort?.postMessage({ id, answer: given }),
    (error: unknown) => parentPort?.postMessage({ id, error }),
  );
});
