// oxlint-disable-next-line typescript/triple-slash-reference -- the tests' own program reads this file too, and an import cannot name a declaration
/// <reference path="./wawoff2.d.ts" />
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Blob as FontFile, Face, Font, Variation } from 'harfbuzzjs';
import decompress from 'wawoff2/decompress.js';

/**
 * Noto Sans SC (SIL Open Font License), in the slices of its web font: a slice holds about a hundred characters that are used together, so that a line
 * of text needs a few of them. Drawing outlines here needs neither a browser nor fonts on the machine, and is the same everywhere.
 */
const fontPackage = '@fontsource-variable/noto-sans-sc';
const folder = dirname(createRequire(import.meta.url).resolve(`${fontPackage}/package.json`));

/** One character: its outline in a square of `unitsPerEm`, upwards, as a path of SVG, and how far the next one stands. */
export interface Glyph {
  readonly path: string;
  readonly advance: number;
}

export const unitsPerEm = 1_000;
export type Weight = 500 | 700 | 900;

interface Slice {
  readonly file: string;
  readonly ranges: readonly (readonly [number, number])[];
  font?: Promise<Font>;
}

export interface Glyphs {
  /** The characters of a text, in order; of those that the font has not, undefined. */
  of(text: string, weight: Weight): Promise<readonly (Glyph | undefined)[]>;
  /** Those of a text that cannot be drawn, each once. */
  missing(text: string): Promise<readonly string[]>;
}

/** Slices are read when a text first needs them and kept: all of them together are 10 MB. */
export function createGlyphs(): Glyphs {
  let slices: Promise<readonly Slice[]> | undefined;
  const glyph = async (character: string, weight: Weight): Promise<Glyph | undefined> => {
    const code = character.codePointAt(0) ?? 0;
    for (const slice of await (slices ??= readSlices())) {
      if (!slice.ranges.some(([from, to]) => code >= from && code <= to)) continue;
      const font = await (slice.font ??= openSlice(slice.file));
      const id = font.nominalGlyph(code);
      if (id === undefined) continue;
      // No turn of the event loop lies between the choice of the weight and the outline.
      font.setVariations([new Variation('wght', weight)]);
      return { path: rounded(font.glyphToPath(id)), advance: font.glyphHAdvance(id) };
    }
    return undefined;
  };
  return {
    of: (text, weight) => Promise.all(Array.from(text, (character) => glyph(character, weight))),
    async missing(text) {
      const characters = [...new Set(text)];
      const glyphs = await this.of(characters.join(''), 500);
      return characters.filter((_, index) => glyphs[index] === undefined);
    },
  };
}

/** `unicode.json` of the package: `{"[4]": "U+1f1e9-1f1f5,U+1f21a", "latin": …}`. */
async function readSlices(): Promise<readonly Slice[]> {
  const listed = JSON.parse(await readFile(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  return Object.entries(listed).map(([name, ranges]) => ({
    file: join(folder, 'files', `noto-sans-sc-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`),
    ranges: ranges.split(',').map((range) => {
      const [from = '', to = from] = range.slice(2).split('-');
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
    }),
  }));
}

const openSlice = async (file: string): Promise<Font> =>
  new Font(new Face(new FontFile(await decompress(await readFile(file)))));

/** A tenth of a unit is a thousandth of a pixel. */
const rounded = (path: string): string => path.replace(/\d+\.\d+/g, (number) => Number(number).toFixed(1));
