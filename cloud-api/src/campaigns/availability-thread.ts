import { parentPort } from 'node:worker_threads';
import type { LineAllocation, Wanted, WantedQuote } from '../allocation/sold-lines.ts';
import { openReadOnly } from '../platform/db/read-only.ts';
import { layOut, type LaidOut, type LayoutWish } from './lay-out.ts';

export type Way = 'communities' | 'hours' | 'days' | 'placements';

/** What the thread is asked. `lay-out` comes first. */
export type AvailabilityRequest =
  | { readonly ask: 'lay-out'; readonly databaseUrl: string; readonly wish: LayoutWish }
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
  readonly 'lay-out': LaidOut;
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

async function answer(request: AvailabilityRequest): Promise<AvailabilityAnswers[AvailabilityRequest['ask']]> {
  if (request.ask === 'lay-out') {
    const db = await openReadOnly(request.databaseUrl);
    try {
      const made = await layOut(db.read, request.wish);
      lines = made.lines;
      return made.laid;
    } finally {
      await db.close();
    }
  }
  if (request.ask === 'forget') {
    lines = undefined;
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
    (told) => parentPort?.postMessage({ id, answer: told }),
    (error: unknown) => parentPort?.postMessage({ id, error }),
  );
});
