import type { Quote } from '@gatecast/cloud-api/client';
import { dayAfter, touchesMax, wantedOf, type Choice } from './choice.ts';
import { touchesWithin, type Suggestion } from './suggestion.ts';
import type { Wanted } from './use-quote.ts';

/** A suggestion with what it comes to: the cloud's exact answer. */
export interface Quoted {
  readonly suggestion: Suggestion;
  /** What it changes of the choice. */
  readonly part: Partial<Choice>;
  readonly quote: Quote;
}
type Ask = (wanted: Wanted) => Promise<Quote>;

/**
 * As many touches of it as the budget pays for, and no more than there are: the price of one is asked first, then what can be had for the budget, and where that is
 * less, what that costs. Null where it is none.
 */
export async function quoted(
  suggestion: Suggestion,
  budgetFen: number,
  choice: Choice,
  campaignId: string | undefined,
  ask: Ask,
): Promise<Quoted | null> {
  const { communityIds, cells, days, segment } = suggestion;
  const where = { communityIds, cells, segment, lastDay: dayAfter(choice.firstDay, days - 1) };
  const partOf = (touches: number) => ({ ...where, product: 'touches' as const, touches });
  const askFor = async (touches: number): Promise<Quote | null> => {
    const wanted = wantedOf({ ...choice, ...partOf(touches) }, campaignId);
    return wanted && ask(wanted);
  };
  const first = await askFor(1);
  const paidFor = Math.min(touchesMax, touchesWithin(budgetFen, first?.touchPriceMilliFen ?? 0));
  const whole = paidFor > 0 ? await askFor(paidFor) : null;
  if (!whole || whole.availableTouches === 0) return null;
  if (whole.availableTouches >= paidFor) return { suggestion, part: partOf(paidFor), quote: whole };
  const less = await askFor(whole.availableTouches);
  return less && { suggestion, part: partOf(whole.availableTouches), quote: less };
}
