import { makerFault } from './maker-fault.ts';
import {
  lineWidthMax,
  photosMax,
  photosMin,
  priceFenMax,
  secondLineWidthMax,
  storeNameMax,
  widthOf,
  type Recipe,
} from './recipe.ts';

/** Refuses a recipe of which no clip can be read in passing. Throws DomainError of a `MakerFault`. */
export function requireFit(recipe: Recipe): void {
  const { photos, line, secondLine, storeName } = recipe;
  if (photos.length < photosMin) throw makerFault('photos-too-few', { min: photosMin });
  if (photos.length > photosMax) throw makerFault('photos-too-many', { max: photosMax });
  if (line === '') throw makerFault('line-missing');
  requireWidth('line', line, lineWidthMax);
  requireWidth('secondLine', secondLine, secondLineWidthMax);
  requireWidth('storeName', storeName, storeNameMax);
  requirePrices(recipe);
}

function requireWidth(field: string, words: string, max: number): void {
  if (widthOf(words) > max) throw makerFault('line-too-long', { field, max });
}

function requirePrices({ priceFen, oldPriceFen }: Recipe): void {
  const isPrice = (fen: number) => fen >= 1 && fen <= priceFenMax;
  const isGood =
    (priceFen === null || isPrice(priceFen)) &&
    (oldPriceFen === null || (priceFen !== null && isPrice(oldPriceFen) && oldPriceFen > priceFen));
  if (!isGood) throw makerFault('price-out-of-range', { max: priceFenMax });
}
