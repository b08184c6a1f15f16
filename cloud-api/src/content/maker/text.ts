import { unitsPerEm, type Glyphs, type Weight } from './glyphs.ts';
import { widthOf } from './recipe.ts';

/** A row of text in a picture; lengths in its pixels. */
export interface TextRow {
  readonly words: string;
  /** Left edge, middle or right edge, as `anchor` says. */
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly weight: Weight;
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Around the letters, behind them. */
  readonly outline?: { readonly colour: string; readonly width: number };
  readonly struckThrough?: boolean;
}

/** How wide a text is drawn. */
export async function drawnWidth(glyphs: Glyphs, words: string, size: number, weight: Weight): Promise<number> {
  const drawn = await glyphs.of(words, weight);
  return (drawn.reduce((sum, glyph) => sum + (glyph?.advance ?? 0), 0) * size) / unitsPerEm;
}

/** Outlines of a row as SVG. What the font has not is left out: `requireDrawable` refuses it before. */
export async function drawRow(glyphs: Glyphs, row: TextRow): Promise<string> {
  const { words, x, y, size, weight, fill, anchor = 'start', outline, struckThrough } = row;
  const scale = size / unitsPerEm;
  let pen = 0;
  const paths: string[] = [];
  for (const glyph of await glyphs.of(words, weight)) {
    if (!glyph) continue;
    paths.push(`<path transform="translate(${pen.toFixed(1)})" d="${glyph.path}"/>`);
    pen += glyph.advance;
  }
  const width = pen * scale;
  const left = x - { start: 0, middle: width / 2, end: width }[anchor];
  const place = `transform="translate(${left.toFixed(1)} ${y.toFixed(1)}) scale(${scale} ${-scale})"`;
  const letters = paths.join('');
  const stroke = outline
    ? `<g ${place} fill="none" stroke="${outline.colour}" stroke-width="${outline.width / scale}" stroke-linejoin="round">${letters}</g>`
    : '';
  const line = struckThrough
    ? `<rect x="${left - size * 0.06}" y="${y - size * 0.4}" width="${width + size * 0.12}" height="${size * 0.07}" fill="${fill}"/>`
    : '';
  return `${stroke}<g ${place} fill="${fill}">${letters}</g>${line}`;
}

const noRowBegins = /^[，。！？、：；）》”’,.!?:;)]/;

/**
 * Words in one row, or in two of about the same width where one would be too small. A row begins with no closing mark, and ends at a space or between
 * Chinese characters.
 */
export function breakRows(words: string, oneRowMax: number): readonly string[] {
  const width = widthOf(words);
  if (width <= oneRowMax) return [words];
  const characters = Array.from(words);
  let best = { at: characters.length, off: Number.POSITIVE_INFINITY };
  for (let at = 1; at < characters.length; at += 1) {
    const [before = '', after = ''] = [characters[at - 1], characters[at]];
    const isInWord = /[\w.¥%]/.test(before) && /[\w.¥%]/.test(after);
    if (isInWord || noRowBegins.test(after)) continue;
    const isNatural = /[\s，。！？、：；·,!?;]/.test(before);
    const off = Math.abs(widthOf(characters.slice(0, at).join('')) - width / 2) - (isNatural ? 2.5 : 0);
    if (off < best.off) best = { at, off };
  }
  const rows = [characters.slice(0, best.at).join(''), characters.slice(best.at).join('')];
  return rows.map((row) => row.trim().replace(/[，、,]$/, '')).filter((row) => row !== '');
}

/** The size in which the widest row fills `width`, at most `sizeMax`. */
export const fittingSize = (rows: readonly string[], width: number, sizeMax: number): number =>
  Math.min(sizeMax, Math.floor(width / Math.max(1, ...rows.map(widthOf))));
