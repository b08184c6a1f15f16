import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { cutMsMax } from '../cuts.ts';
import { profiles } from '../profiles.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Converter } from '../run-ffmpeg.ts';
import { forScreens } from './compose.ts';
import { createGlyphs, type Glyphs } from './glyphs.ts';
import { makeClip } from './make.ts';
import { recipe as recipeShape, type Recipe } from './recipe.ts';
import { canvas, looks } from './templates.ts';

/** One for all: it keeps the parts of the font that were needed. */
export const glyphs: Glyphs = createGlyphs();

/** Whether no photo has to be blown up for the larger screens. */
export function hasPixelsForA(
  { template }: Pick<Recipe, 'template'>,
  photos: readonly { readonly width: number; readonly height: number }[],
): boolean {
  const { width, height } = looks[template].photos;
  return photos.every((photo) => photo.width >= width && photo.height >= height);
}

/** The columns of a clip that tell of its source, for one that is still to be made from a recipe. */
export function sourceOfRecipe(recipe: Recipe, isLarge: boolean) {
  const { width, height } = isLarge ? canvas : profiles.B;
  return {
    sourceSha256: createHash('sha256').update(JSON.stringify(recipe)).digest('hex'),
    sourceBytes: 0,
    sourceWidth: width,
    sourceHeight: height,
    sourceHasAudio: recipe.sound === 'tones',
    sourceConforms: false,
    durationMs: cutMsMax.lift,
  };
}

interface MasterRequest {
  /** As the clip's row keeps it. */
  readonly recipe: unknown;
  readonly sourceWidth: number;
  /** Name on the desk of the finished file. */
  readonly name: string;
  readonly onProgress: (share: number) => void;
}

/** Makes the source of a clip from its recipe and resolves with its path. Whatever comes in between, it can be made again. */
export async function makeMaster(
  blobs: BlobStore,
  converter: Converter,
  { recipe: stored, sourceWidth, name, onProgress }: MasterRequest,
  signal: AbortSignal,
): Promise<string> {
  const recipe = recipeShape.parse(stored);
  const photos = await photoBytes(blobs, recipe);
  const output = blobs.desk(name);
  const quality = forScreens(sourceWidth === canvas.width);
  await makeClip(
    converter,
    glyphs,
    { recipe, photos, quality, folder: `${output}.pieces`, output, onProgress },
    signal,
  );
  return output;
}

export const photoBytes = (blobs: BlobStore, { photos }: Recipe): Promise<Buffer[]> =>
  Promise.all(photos.map((sha256) => bytesOfPhoto(blobs, sha256)));

/** Rejects if the file is not kept any more. */
export async function bytesOfPhoto(blobs: BlobStore, sha256: string): Promise<Buffer> {
  const size = await blobs.size(sha256);
  if (size === undefined) throw new Error('a photo of a recipe is not kept any more');
  return buffer(await blobs.read(sha256, 0, size - 1));
}
