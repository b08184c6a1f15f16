import { cutMsMax } from '../cuts.ts';
import { profiles } from '../profiles.ts';
import { probeSandbox } from '../sandbox.ts';
import type { Quality } from './compose.ts';
import { createGlyphs } from './glyphs.ts';
import { makeClip } from './make.ts';
import { looks } from './templates.ts';
import { recipe as recipeShape } from './recipe.ts';
import type { z } from 'zod';

/** What stands in the picture; photos come beside it. */
export type RecipeWords = Omit<z.input<typeof recipeShape>, 'photos'>;

/** As long as the cut for doors, and coded as screens of profile B play it: nothing has to be converted any more. */
const quality: Quality = {
  scale: profiles.B.width / 1080,
  framesPerSecond: 25,
  coding: [
    ['-preset', 'veryfast', '-profile:v', 'baseline', '-level:v', '3.1', '-crf', '27', '-maxrate', '900k'],
    ['-bufsize', '1800k', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0'],
  ].flat(),
};
/** What a kept clip was made by: one made by something else is made again. */
export const finishedClip = {
  width: profiles.B.width,
  height: profiles.B.height,
  durationMs: cutMsMax.door,
  quality,
  looks,
} as const;

const memoryBytes = 3 * 1024 ** 3;

/** Makes a short clip without a cloud around it: for demonstrations and tests. Rejects with the faults of `runFfmpeg`. */
export async function makeFinishedClip(
  ffmpegPath: string,
  about: {
    readonly recipe: RecipeWords;
    readonly photos: readonly Buffer[];
    readonly folder: string;
    readonly output: string;
  },
): Promise<void> {
  const ffmpeg = { path: ffmpegPath, from: 'FFMPEG_PATH', version: ffmpegPath } as const;
  const converter = { ffmpeg, sandbox: await probeSandbox(), memoryBytes };
  const recipe = recipeShape.parse({ ...about.recipe, photos: [] });
  const { durationMs } = finishedClip;
  await makeClip(converter, createGlyphs(), { ...about, recipe, quality, durationMs }, AbortSignal.timeout(120_000));
}
