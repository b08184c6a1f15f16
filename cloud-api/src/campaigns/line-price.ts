import { fen, invariant, type Fen } from '@gatecast/firmware-protocol';

/** A half-hour of a place that a line item may play in: whom to expect of its segment, and what one of them costs. */
export interface PricedCell {
  readonly expectedMilli: number;
  readonly touchPriceFen: number;
}

/**
 * What one touch costs on average, in thousandths of a fen: cells weigh as much as is expected of them, because that is how a plan spreads what is bought.
 * 0 where nobody is expected.
 */
export function averagePriceMilliFen(cells: Iterable<PricedCell>): number {
  let expected = 0;
  let priced = 0;
  for (const { expectedMilli, touchPriceFen } of cells) {
    expected += expectedMilli;
    priced += expectedMilli * touchPriceFen;
  }
  return expected === 0 ? 0 : Math.ceil((priced / expected) * 1_000);
}

/** The price of a line item, rounded up once. */
export const linePriceFen = (touches: number, touchPriceMilliFen: number): Fen =>
  fen(Math.ceil((touches * touchPriceMilliFen) / 1_000));

export interface PaidLine {
  readonly priceFen: number;
  readonly touches: number;
  readonly deliveredMilli: number;
  readonly refundedFen: number;
}

/**
 * What goes back when a line item ends now: the price of what was not delivered, less what has gone back. What was delivered is rounded down, so that nobody
 * pays for part of a touch that was not there; more than was bought is a present.
 */
export function refundDueFen({ priceFen, touches, deliveredMilli, refundedFen }: PaidLine): Fen {
  invariant(touches > 0, 'a line item is of something');
  const delivered = Math.min(touches, Math.floor(deliveredMilli / 1_000));
  // Of the largest line items the product is beyond what a number holds to the unit.
  const earned = Number((BigInt(priceFen) * BigInt(delivered)) / BigInt(touches));
  return fen(Math.max(0, priceFen - earned - refundedFen));
}
