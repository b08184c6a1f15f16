/** From so many units on, together, everybody pays this much for one. */
export interface PriceTier {
  readonly fromUnits: number;
  readonly priceFen: number;
}

/** More would be a puzzle, not a price. */
export const tiersMax = 5;

/**
 * Whether a ladder can be climbed: each step needs more units than the one before it and is cheaper than that, and the first is cheaper than the price that
 * everybody pays at first. No steps are fine.
 */
export function isLadder(tiers: readonly PriceTier[], firstPriceFen: number): boolean {
  let [units, priceFen] = [1, firstPriceFen];
  return tiers.every((tier) => {
    const isNext = tier.fromUnits > units && tier.priceFen < priceFen && tier.priceFen > 0;
    [units, priceFen] = [tier.fromUnits, tier.priceFen];
    return isNext;
  });
}

/** What one unit costs everybody when so many are sold. */
export const priceAt = (tiers: readonly PriceTier[], firstPriceFen: number, units: number): number =>
  tiers.findLast((tier) => units >= tier.fromUnits)?.priceFen ?? firstPriceFen;

/** The next step, while there is one. */
export const nextTier = (tiers: readonly PriceTier[], units: number): PriceTier | null =>
  tiers.find((tier) => units < tier.fromUnits) ?? null;
