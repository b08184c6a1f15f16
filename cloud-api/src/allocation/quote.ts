import type { Allocation } from './allocation.ts';
import { weightMin, type Demand } from './instance.ts';

/** What one more demand could have without taking a single touch from any other. */
export interface Quote {
  readonly askedMilliTouches: number;
  /** The exact maximum, up to what was asked for. */
  readonly availableMilliTouches: number;
  readonly fits: boolean;
}

/**
 * Whether a demand fits on top of all others, and if not, how much of it does. All others may be moved to other cells of theirs, none gets less. Changes
 * nothing. The demand's id must be new.
 */
export function quote(allocation: Allocation, demand: Demand): Quote {
  const availableMilliTouches = allocation.rehearse(() => {
    allocation.add({ ...demand, weight: weightMin });
    return allocation.deliverable(demand.id);
  });
  return quoteOf(demand, availableMilliTouches);
}

const quoteOf = ({ milliTouches }: Demand, availableMilliTouches: number): Quote => ({
  askedMilliTouches: milliTouches,
  availableMilliTouches,
  fits: availableMilliTouches === milliTouches,
});

/** A way to say yes: the same demand with more communities, hours or days, each step wider than the one before. */
export interface Widening<Kind extends string = 'communities' | 'hours' | 'days'> {
  readonly kind: Kind;
  readonly steps: readonly Demand[];
}

export interface Alternative<Kind extends string = 'communities' | 'hours' | 'days'> extends Quote {
  readonly kind: Kind;
  /** Which of the steps, and what it asks for. */
  readonly step: number;
  readonly demand: Demand;
}

/**
 * Each way's smallest step that fits, exactly evaluated; of a way that never fits its widest step, if that gives more than the demand as it was. Wider steps
 * never give less, so that the smallest is found by halving.
 */
export function alternatives<Kind extends string>(
  allocation: Allocation,
  demand: Demand,
  ways: readonly Widening<Kind>[],
): Alternative<Kind>[] {
  const ask = (one: Demand) => quote(allocation, one);
  const { availableMilliTouches: before } = ask(demand);
  return widened(before, ways, ask).map(({ asked, ...found }) => ({ ...found, demand: asked }));
}

/** The same of whatever can be asked for, and however that is answered. */
export function widened<Kind extends string, Asked, Answer extends Quote>(
  before: number,
  ways: readonly { readonly kind: Kind; readonly steps: readonly Asked[] }[],
  ask: (asked: Asked) => Answer,
): (Answer & { readonly kind: Kind; readonly step: number; readonly asked: Asked })[] {
  return ways.flatMap(({ kind, steps }) => {
    const answer = (step: number) => {
      const wider = steps[step];
      return wider === undefined ? undefined : { ...ask(wider), kind, step, asked: wider };
    };
    let found = answer(steps.length - 1);
    if (!found?.fits) return found && found.availableMilliTouches > before ? [found] : [];
    for (let low = 0, high = steps.length - 1; low < high;) {
      const middle = (low + high) >> 1;
      const tried = answer(middle);
      if (tried?.fits) {
        found = tried;
        high = middle;
      } else low = middle + 1;
    }
    return [found];
  });
}
