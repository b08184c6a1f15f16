import type { Wanted, WantedQuote } from '../allocation/sold-lines.ts';
import type { Way, WiderWanted } from './availability-thread.ts';
import { questionsWaitingMax, tooManyQuestions } from './availability-worker.ts';
import type { Reach } from './demand.ts';
import type { KeptLayout } from './kept-layout.ts';
import type { Asked, Layout, Reached } from './layout.ts';
import type { Supply } from './supply.ts';

export type { Asked } from './layout.ts';

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
  /** The same for who is about to take it: what has just gone off sale is out of others' line items too, as soon as that is laid out. */
  askToTake(asked: readonly Asked[]): Promise<Answer>;
  /** Milli-touches that each of some half-hours could give to one more line item alone; of everybody, without caps. All of it in one pass. */
  spare(asked: readonly Asked[]): Promise<readonly number[]>;
  /** Lays the forecast out before anybody asks. */
  prepare(): void;
  stop(): Promise<void>;
}

/** Answers from the forecast laid out and the flow of all line items, which a thread keeps. */
export function createAvailability(kept: KeptLayout): Availability {
  let waiting = 0;

  const inTurn = async <T>(
    asked: readonly Asked[],
    work: (layout: Layout) => Promise<T>,
    takes = false,
  ): Promise<T> => {
    if (waiting >= questionsWaitingMax) throw tooManyQuestions();
    waiting += 1;
    try {
      const needs = asked.map(({ claim }) => claim);
      return await work(await kept.for(needs, takes));
    } finally {
      waiting -= 1;
    }
  };

  return {
    ask: (asked, ways = []) =>
      inTurn([...asked, ...ways.flatMap(({ steps }) => steps)], (layout) => answer(layout, asked, ways)),
    askToTake: (asked) => inTurn(asked, (layout) => answer(layout, asked, []), true),
    spare: (asked) => inTurn(asked, (layout) => spareOf(layout, asked)),
    prepare: () => kept.prepare(),
    stop: () => kept.stop(),
  };
}

const spareOf = (layout: Layout, asked: readonly Asked[]): Promise<readonly number[]> =>
  layout.inTurn(async (worker) => {
    const wanted: Wanted[] = [];
    for (const one of asked) wanted.push((await layout.reach(one)).wanted);
    return worker.ask({ ask: 'spare', wanted });
  });

const answer = (layout: Layout, asked: readonly Asked[], ways: readonly Ways[]): Promise<Answer> =>
  layout.inTurn(async (worker) => {
    const { supply } = layout;
    const reached: Reached[] = [];
    for (const one of asked) reached.push(await layout.reach(one));
    const quotes = await worker.ask({ ask: 'quote', wanted: reached.map(({ wanted }) => wanted) });
    const { version } = layout;
    const found = quotes.flatMap((quote, n) => {
      const reach = reached[n]?.reach;
      return reach ? [{ quote, reach }] : [];
    });
    const [first] = quotes;
    if (!first || first.fits || ways.length === 0) return { version, supply, found, alternatives: [] };
    // Only now: what is wider is many times as much to look at.
    const wider = new Map<Asked, Reached>();
    for (const step of ways.flatMap(({ steps }) => steps)) wider.set(step, await layout.reach(step));
    const told = await worker.ask({
      ask: 'wider',
      before: first.availableMilliTouches,
      ways: ways.map(({ kind, steps }): WiderWanted => ({
        kind,
        steps: steps.flatMap((step) => wider.get(step)?.wanted ?? []),
      })),
    });
    const alternatives = told.flatMap(({ kind, step, ...quote }) => {
      const one = ways.find((way) => way.kind === kind)?.steps[step];
      const reach = one && wider.get(one)?.reach;
      return one && reach ? [{ kind, asked: one, quote, reach }] : [];
    });
    return { version, supply, found, alternatives };
  });
