import { parentPort } from 'node:worker_threads';
import type { Inventory } from '../allocation/instance.ts';
import { LineAllocation, type Wanted, type WantedQuote, type Worths } from '../allocation/sold-lines.ts';

export type Way = 'communities' | 'hours' | 'days' | 'placements';

/** What the thread is asked. `bring` and `load` come first, and again whenever the forecast has changed. */
export type AvailabilityRequest =
  /** Some of what is sold, for the next `load`: all of it at once would take a turn of the event loop of its own to send. */
  | { readonly ask: 'bring'; readonly wanted: readonly Wanted[] }
  | { readonly ask: 'load'; readonly inventory: Inventory; readonly worths: Worths }
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

export interface AvailabilityAnswer {
  /** One for each that was asked for, in their order. */
  readonly quotes: readonly WantedQuote[];
  /** Of the ways that were asked for. */
  readonly alternatives: readonly (WantedQuote & { readonly kind: Way; readonly step: number })[];
  /** Milli-touches, one for each that was asked for with `spare`. */
  readonly spare: readonly number[];
}

const nothing: AvailabilityAnswer = { quotes: [], alternatives: [], spare: [] };

let lines: LineAllocation | undefined;
let brought: Wanted[] = [];

function answer(request: AvailabilityRequest): AvailabilityAnswer {
  if (request.ask === 'bring') {
    brought.push(...request.wanted);
    return nothing;
  }
  if (request.ask === 'load') {
    lines = undefined;
    lines = new LineAllocation(request.inventory, request.worths, brought);
    brought = [];
    return nothing;
  }
  if (!lines) throw new Error('nothing has been loaded');
  if (request.ask === 'put') {
    lines.put(request.wanted, request.gone);
    return nothing;
  }
  if (request.ask === 'spare') return { ...nothing, spare: lines.spareOfEach(request.wanted) };
  if (request.ask === 'wider') return { ...nothing, alternatives: lines.alternatives(request.before, request.ways) };
  const held = lines;
  return { ...nothing, quotes: request.wanted.map((wanted) => held.quote(wanted)) };
}

parentPort?.on('message', ({ id, request }: { readonly id: number; readonly request: AvailabilityRequest }) => {
  try {
    parentPort?.postMessage({ id, answer: answer(request) });
  } catch (error) {
    parentPort?.postMessage({ id, error });
  }
});
