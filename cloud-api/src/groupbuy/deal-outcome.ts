import { shareCases, type CaseWish } from './case-packs.ts';
import { priceAt, type PriceTier } from './price-tiers.ts';

/** What a deal of a whole community says before anybody orders; it does not change afterwards. */
export interface CommunityTerms {
  /** What is paid at first for one. */
  readonly firstPriceFen: number;
  readonly tiers: readonly PriceTier[];
  /** It comes about with so many units of so many people. */
  readonly minUnits: number;
  readonly minPeople: number;
  readonly packUnits: number;
}

export interface PaidOrder extends CaseWish {
  readonly residentId: string;
}

export type Outcome =
  | { readonly is: 'failed' }
  | {
      readonly is: 'complete';
      /** The price for everybody. */
      readonly priceFen: number;
      readonly units: number;
      /** What each order gets; none for those that go short altogether. */
      readonly got: ReadonlyMap<string, number>;
    };

/**
 * What becomes of a deal whose time is over and of which nothing is unpaid any more: who bought at which price, in the order in which they did. Only what was paid
 * counts, and only what can be delivered in whole cases.
 */
export function outcomeOf(terms: CommunityTerms, paid: readonly PaidOrder[]): Outcome {
  const got = shareCases(paid, terms.packUnits);
  const units = [...got.values()].reduce((all, one) => all + one, 0);
  const people = new Set(paid.filter(({ orderId }) => (got.get(orderId) ?? 0) > 0).map(({ residentId }) => residentId));
  if (units === 0 || units < terms.minUnits || people.size < terms.minPeople) return { is: 'failed' };
  return { is: 'complete', priceFen: priceAt(terms.tiers, terms.firstPriceFen, units), units, got };
}

/** What goes back of an order when the deal is over: all that was paid beyond the last price of what it gets. */
export const backOf = (order: { readonly totalFen: number }, units: number, priceFen: number): number =>
  order.totalFen - units * priceFen;
