import type { NewMadeClip, ReopenedRecipe } from '@gatecast/cloud-api/client';
import { fenOfYuan } from '../../deals/deal-draft.ts';

type Recipe = NewMadeClip['recipe'];
type KeptRecipe = ReopenedRecipe['recipe'];

export const templates = ['feast', 'fresh', 'service', 'notice'] as const;
export type Template = (typeof templates)[number];

export const photosMin = 3;
export const photosMax = 6;
export const lineWidthMax = 24;

/** A clip as it is being put together: texts of fields, whatever they hold. */
export interface RecipeDraft {
  readonly template: Template;
  readonly line: string;
  readonly secondLine: string;
  /** In yuan; empty for none. */
  readonly price: string;
  readonly oldPrice: string;
  readonly storeName: string;
  readonly hasSound: boolean;
}

export const emptyDraft = (storeName: string): RecipeDraft => ({
  template: 'fresh',
  line: '',
  secondLine: '',
  price: '',
  oldPrice: '',
  storeName,
  hasSound: true,
});

/** The draft of a recipe that a clip was made from. */
export const draftOf = ({
  template,
  line,
  secondLine,
  storeName,
  sound,
  priceFen,
  oldPriceFen,
}: KeptRecipe): RecipeDraft => ({
  template,
  line,
  secondLine,
  price: yuanOf(priceFen),
  oldPrice: yuanOf(oldPriceFen),
  storeName,
  hasSound: sound === 'tones',
});

const yuanOf = (fen: number | null): string => (fen === null ? '' : String(fen / 100));

/** What is still wrong, each a sentence of the messages; what only the cloud can tell it tells. */
export type RecipeFault = 'photos' | 'line' | 'lineTooLong' | 'price' | 'oldPrice';

/** How wide a text is, in Chinese characters, as the cloud counts. */
export const widthOf = (words: string): number =>
  Array.from(words, (character) => (character.charCodeAt(0) < 0x2000 ? 0.5 : 1)).reduce(
    (sum: number, width) => sum + width,
    0,
  );

/** The recipe of a draft, or what is missing. */
export function readRecipe(
  draft: RecipeDraft,
  photos: readonly string[],
): { readonly recipe: Recipe; readonly fault: null } | { readonly recipe: null; readonly fault: RecipeFault } {
  const fault = faultOf(draft, photos);
  if (fault) return { recipe: null, fault };
  const { template, line, secondLine, storeName, hasSound } = draft;
  const [priceFen, oldPriceFen] = [priceOf(draft.price), priceOf(draft.oldPrice)];
  const sound = hasSound ? 'tones' : 'silence';
  const words = { line: line.trim(), secondLine: secondLine.trim(), storeName: storeName.trim() };
  return { recipe: { template, photos: [...photos], ...words, priceFen, oldPriceFen, sound }, fault: null };
}

const priceOf = (text: string): number | null => (text.trim() === '' ? null : fenOfYuan(text));

function faultOf({ line, price, oldPrice }: RecipeDraft, photos: readonly string[]): RecipeFault | null {
  if (photos.length < photosMin || photos.length > photosMax) return 'photos';
  if (line.trim() === '') return 'line';
  if (widthOf(line.trim()) > lineWidthMax) return 'lineTooLong';
  const [now, before] = [priceOf(price), priceOf(oldPrice)];
  if (price.trim() !== '' && !now) return 'price';
  if (oldPrice.trim() !== '' && (!now || !before || before <= now)) return 'oldPrice';
  return null;
}
