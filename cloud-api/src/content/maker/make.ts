import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cutMsMax } from '../cuts.ts';
import { runFfmpeg, type Converter } from '../run-ffmpeg.ts';
import { progressShare } from '../transcode-arguments.ts';
import { composeArguments, photoName, pieceNames, type Quality } from './compose.ts';
import { draw } from './drawing.ts';
import type { Glyphs } from './glyphs.ts';
import { layerPicture, photoPicture } from './pictures.ts';
import type { Recipe } from './recipe.ts';
import { canvas, lineBox, priceBox } from './templates.ts';

export interface MakeRequest {
  readonly recipe: Recipe;
  /** The photos' bytes, in the recipe's order. */
  readonly photos: readonly Buffer[];
  readonly quality: Quality;
  /** For what is needed meanwhile; gone afterwards. */
  readonly folder: string;
  readonly output: string;
  readonly durationMs?: number;
  readonly wallMsMax?: number;
  readonly onProgress?: (share: number) => void;
}

/**
 * Makes the clip of a recipe as one MP4 file. The same recipe and photos give the same bytes on the same machine. Rejects with the faults of `runFfmpeg`,
 * or with the reason of `signal`.
 */
export async function makeClip(
  converter: Converter,
  glyphs: Glyphs,
  { recipe, photos, quality, folder, output, durationMs = cutMsMax.lift, wallMsMax, onProgress }: MakeRequest,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  try {
    const drawing = await draw(glyphs, recipe);
    const { scale } = quality;
    const keep = async (name: string, bytes: Promise<Buffer>) => writeFile(join(folder, name), await bytes);
    await keep(pieceNames.veil, layerPicture(drawing.veil, { x: 0, y: 0, ...canvas }, scale));
    await keep(pieceNames.line, layerPicture(drawing.line, lineBox, scale));
    if (drawing.price !== null) await keep(pieceNames.price, layerPicture(drawing.price, priceBox, scale));
    for (const [index, photo] of photos.entries())
      await keep(photoName(index), photoPicture(photo, recipe.template, scale));
    const composition = { recipe, photos: photos.length, hasPrice: drawing.price !== null, folder, output, durationMs };
    const onLine = (line: string) => {
      const share = progressShare(line, durationMs);
      if (share !== undefined) onProgress?.(share);
    };
    const args = composeArguments(composition, quality);
    await runFfmpeg(converter, { args, onLine, ...(wallMsMax === undefined ? {} : { wallMsMax }) }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
