import { z } from 'zod';
import { category } from '../review-contract.ts';

export const templates = ['feast', 'fresh', 'service', 'notice'] as const;
export type Template = (typeof templates)[number];

export const photosMin = 3;
export const photosMax = 6;
/** Of a line; a Latin letter is half as wide as a Chinese character and counts half. */
export const lineWidthMax = 24;
export const secondLineWidthMax = 30;
export const storeNameMax = 20;
/** ¥99,999.99: more does not fit, and nobody buys it at a door. */
export const priceFenMax = 9_999_999;

const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max * 2);

/**
 * What a clip is made from. Bounds that a merchant runs into are not in this shape but in `requireFit`, which refuses with a code of its own for each.
 */
export const recipe = z.object({
  template: z.enum(templates),
  /** Ids of `POST /v1/clip-photos`, in the order in which they are shown. */
  photos: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(50),
  line: z.string().trim().max(200),
  secondLine: text(100).default(''),
  /** Null: no price is shown. */
  priceFen: z.int().nullable().default(null),
  /** What it cost before, struck through. */
  oldPriceFen: z.int().nullable().default(null),
  storeName: text(100).default(''),
  /** A quiet bed of tones, or silence. */
  sound: z.enum(['tones', 'silence']).default('tones'),
});
export type Recipe = z.output<typeof recipe>;

/** A photo as it is kept; its id is the SHA-256 of that. */
export const clipPhoto = z.object({ id: z.string(), width: z.int(), height: z.int(), bytes: z.int() });
export type ClipPhoto = z.infer<typeof clipPhoto>;

/** A clip's recipe, to change it and make another. */
export const reopenedRecipe = z.object({
  title: z.string(),
  category: category.nullable(),
  recipe,
  /** In the recipe's order. `url` is signed for an hour; null: the photo is not kept any more. */
  photos: z.array(z.object({ id: z.string(), url: z.string().nullable() })),
});
export type ReopenedRecipe = z.infer<typeof reopenedRecipe>;

export const newMadeClip = z.object({
  title: z.string().trim().min(1).max(80),
  recipe,
  category: category.optional(),
  /** The operator's, for house clips. */
  house: z.enum(['all', 'families', 'commuters', 'elderly', 'night']).optional(),
});
export type NewMadeClip = z.input<typeof newMadeClip>;

/** How wide a text is, in Chinese characters. */
export const widthOf = (words: string): number =>
  Array.from(words, (character) => (character.charCodeAt(0) < 0x2000 ? 0.5 : 1)).reduce(
    (sum: number, width) => sum + width,
    0,
  );

/** `¥12.80` as `¥12.8`, `¥12.00` as `¥12`. */
export function yuan(fen: number): string {
  const [whole, rest] = [Math.floor(fen / 100), fen % 100];
  return `${whole}${rest === 0 ? '' : `.${String(rest).padStart(2, '0').replace(/0$/, '')}`}`;
}

/** All words that stand in the picture. */
export const wordsOf = ({ line, secondLine, storeName, priceFen, oldPriceFen }: Recipe): readonly string[] =>
  [line, secondLine, storeName, ...[priceFen, oldPriceFen].map((fen) => (fen === null ? '' : `¥${yuan(fen)}`))].filter(
    (words) => words !== '',
  );
