import type { Glyphs } from './glyphs.ts';
import { widthOf, yuan, type Recipe } from './recipe.ts';
import { canvas, lineBox, looks, priceBox, type Box, type Look } from './templates.ts';
import { breakRows, drawnWidth, drawRow, fittingSize } from './text.ts';

/** The pieces of a picture, from the back to the front, as SVG. Without a price there is no such piece. */
export interface Drawing {
  readonly veil: string;
  readonly line: string;
  readonly price: string | null;
}

const margin = 70;
const oneRowMax = 9;
/** Of one row, and of two: all of it stays above the photos. */
const lineSizesMax = [132, 116] as const;
const rowHeight = 1.22;

export async function draw(glyphs: Glyphs, recipe: Recipe): Promise<Drawing> {
  const look = looks[recipe.template];
  const store = recipe.storeName === '' ? '' : await drawStore(glyphs, recipe.storeName, look);
  return {
    veil: svg({ x: 0, y: 0, ...canvas }, look.veil + store),
    line: svg(lineBox, await drawLine(glyphs, recipe, look)),
    price: recipe.priceFen === null ? null : svg(priceBox, await drawPrice(glyphs, recipe, look)),
  };
}

const svg = ({ width, height }: Box, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`;

/** Whose it is, at the top left. */
async function drawStore(glyphs: Glyphs, name: string, { store }: Look): Promise<string> {
  const size = 46;
  const width = (await drawnWidth(glyphs, name, size, 700)) + 64;
  const words = await drawRow(glyphs, { words: name, x: margin + 32, y: 92, size, weight: 700, fill: store.fill });
  return `<rect x="${margin}" y="40" width="${width}" height="74" rx="37" fill="${store.pill}"/>${words}`;
}

/** The line in one or two rows, and the second line under it. */
async function drawLine(glyphs: Glyphs, { line, secondLine }: Recipe, look: Look): Promise<string> {
  const rows = breakRows(line, oneRowMax);
  const inner = canvas.width - 2 * margin;
  const size = fittingSize(rows, inner, lineSizesMax[rows.length - 1] ?? lineSizesMax[1]);
  const x = look.line.anchor === 'middle' ? canvas.width / 2 : margin;
  const top = rows.length === 1 ? 170 : 150;
  const at = { x, size, weight: 900 as const, ...look.line };
  const drawn = await Promise.all(
    rows.map((words, row) => drawRow(glyphs, { ...at, words, y: top + size * (0.88 + row * rowHeight) })),
  );
  if (secondLine !== '') drawn.push(await drawSecond(glyphs, secondLine, look, top + size * rowHeight * rows.length));
  return drawn.join('');
}

async function drawSecond(glyphs: Glyphs, words: string, { line, second }: Look, top: number): Promise<string> {
  const size = fittingSize([words], canvas.width - 2 * margin - 60, 58);
  const isMiddle = line.anchor === 'middle';
  const x = isMiddle ? canvas.width / 2 : margin;
  const y = top + 24 + size;
  const row = await drawRow(glyphs, { words, x, y, size, weight: 700, fill: second.fill, anchor: line.anchor });
  if (second.pill === null) return row;
  const width = (await drawnWidth(glyphs, words, size, 700)) + 60;
  const left = isMiddle ? x - width / 2 : x;
  return `<rect x="${left}" y="${y - size * 1.16}" width="${width}" height="${size * 1.62}" rx="${size * 0.81}" fill="${second.pill}"/>${row}`;
}

/** The price in figures as large as there is room for, the old one struck through above. */
async function drawPrice(glyphs: Glyphs, { priceFen, oldPriceFen }: Recipe, { price }: Look): Promise<string> {
  const words = yuan(priceFen ?? 0);
  const size = Math.min(230, Math.floor(390 / (widthOf(words) * 1.16)));
  const left = 106;
  const y = oldPriceFen === null ? 255 + size * 0.36 : 300 + size * 0.3;
  const weight = 900 as const;
  const sign = { words: '¥', x: left, y, size: size * 0.52, weight, fill: price.figure };
  const figures = { words, x: left + size * 0.36, y, size, weight, fill: price.figure };
  const old = {
    words: `¥${yuan(oldPriceFen ?? 0)}`,
    x: left,
    y: 180,
    size: 52,
    weight: 500 as const,
    fill: price.words,
    struckThrough: true,
  };
  const drawn = await Promise.all(
    [sign, figures, ...(oldPriceFen === null ? [] : [old])].map((row) => drawRow(glyphs, row)),
  );
  return price.panel + drawn.join('');
}
