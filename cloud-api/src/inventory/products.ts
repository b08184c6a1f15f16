import { isSensitive, type Category } from '../content/categories.ts';

/** What may be on a screen beside the doors' own words. */
export const products = ['touches', 'share', 'ten-people', 'house', 'community-service'] as const;
export type Product = (typeof products)[number];

/** What a product counts in. `milli-touches`: verified touches at a thousandth, as a touch counts for a segment as an expected share. */
export type CountsIn = 'milli-touches' | 'distinct-people' | 'nothing';

export interface ProductRule {
  /** On the rate card: somebody pays for it, in advance. */
  readonly isSold: boolean;
  /** What is promised, and sent back in part where it is not kept. */
  readonly guarantees: 'number' | 'share' | 'people' | 'nothing';
  readonly countsIn: CountsIn;
  /** The owners of the community have decided that their screens are for sale. */
  readonly needsOwnersDecision: boolean;
  /** Plays only to residents who opted in, matched on the terminal: nobody else is known there. */
  readonly needsOptIn: boolean;
  /** Whether it takes clips of a category that tells of somebody's body or money: never where a clip is matched to one person. */
  readonly takesSensitive: boolean;
}

const sold = { isSold: true, needsOwnersDecision: true, needsOptIn: false, takesSensitive: true } as const;
const free = {
  ...sold,
  isSold: false,
  needsOwnersDecision: false,
  guarantees: 'nothing',
  countsIn: 'nothing',
} as const;

export const productRules: Readonly<Record<Product, ProductRule>> = {
  /** A guaranteed number of verified touches. */
  touches: { ...sold, guarantees: 'number', countsIn: 'milli-touches' },
  /** A part of the screen's touches; how many that will be nobody promises. */
  share: { ...sold, guarantees: 'share', countsIn: 'milli-touches' },
  /** So many distinct people who opted in; it stops at the last of them. */
  'ten-people': {
    ...sold,
    guarantees: 'people',
    countsIn: 'distinct-people',
    needsOptIn: true,
    takesSensitive: false,
  },
  /** What the operator shows where nothing is sold. */
  house: free,
  /** What the property and the neighbourhood have to say. */
  'community-service': free,
};

export type SoldProduct = 'touches' | 'share' | 'ten-people';
export const soldProducts = ['touches', 'share', 'ten-people'] as const satisfies readonly SoldProduct[];

/** What a line item of a product is bought, delivered and billed in. */
export const unitOf = (product: Product): 'touches' | 'people' =>
  productRules[product].countsIn === 'distinct-people' ? 'people' : 'touches';

/** A pool of people is told of as "at least" so many, from this many on; of fewer nothing is said, as one could guess who they are. */
export const poolToldFrom = 10;

/** What is told of a pool: a round number below it, or null for too few. */
export function poolAtLeast(people: number): number | null {
  return people < poolToldFrom ? null : Math.floor(people / poolToldFrom) * poolToldFrom;
}

/** Whether a clip of this category may be sold as this product. */
export const mayBeSoldAs = (product: SoldProduct, category: Category | null): boolean =>
  productRules[product].takesSensitive || !isSensitive(category);
