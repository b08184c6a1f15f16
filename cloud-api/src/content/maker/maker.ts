import { readFile, rm } from 'node:fs/promises';
import { days, instant, newId } from '@gatecast/firmware-protocol';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { z } from 'zod';
import type { BlobStore } from '../../platform/blob-store.ts';
import { refusal } from '../../platform/errors.ts';
import { once, type Call } from '../../platform/idempotency.ts';
import { inTurn } from '../../platform/in-turn.ts';
import type { Platform } from '../../platform/platform.ts';
import type { FileLinks } from '../file-links.ts';
import { areHeld } from '../hold-files.ts';
import { insertClip } from '../new-clip.ts';
import type { Converter } from '../run-ffmpeg.ts';
import { forPreview } from './compose.ts';
import { draw } from './drawing.ts';
import { makeClip } from './make.ts';
import { makerFault } from './maker-fault.ts';
import { glyphs, hasPixelsForA, photoBytes, sourceOfRecipe } from './master.ts';
import { takePhoto, photoBytesMax, type Photo } from './photo-intake.ts';
import { ownerOf, type Author } from './owner.ts';
import { countPhotos, keepPhoto, type PhotoRow } from './photo-store.ts';
import { sheet } from './pictures.ts';
import { previewProgress } from './preview-progress.ts';
import { createOwnPhotos, createReopen } from './reopen.ts';
import { wordsOf, type newMadeClip, type Recipe, type ReopenedRecipe } from './recipe.ts';
import { requireFit } from './rules.ts';

const photosADay = 200;
/** At a time; each takes a core for some seconds. */
const previewsAtOnce = 2;
const previewsWaitingMax = 6;
/** Whoever looks at a preview has waited for this long at most, or is told. */
const previewMsMax = 20_000;
const sheetScale = 1 / 3;

export interface Maker {
  /** Resolves with the photo's id: the SHA-256 of what is kept of it. */
  bring(who: Author, body: WebStream<Uint8Array>): Promise<Photo & { readonly id: string; readonly bytes: number }>;
  /** Resolves with the id of the clip, which is made and then reviewed. */
  make(who: Author, about: z.output<typeof newMadeClip>, call: Call): Promise<string>;
  /** A small, rough MP4 of both cuts' pictures, at once, told about under the name `watch`. Rejects with `transcode-timeout` after 20 s. */
  preview(
    who: Author,
    recipe: Recipe,
    asked: { readonly signal: AbortSignal; readonly watch?: string | undefined },
  ): Promise<Uint8Array>;
  /** How the clip looks, as a small JPEG. */
  sheet(who: Author, recipe: Recipe): Promise<Uint8Array>;
  /** What a clip was made from. Rejects with `not-found`. */
  reopen(who: Author, clipId: string): Promise<ReopenedRecipe>;
}

export interface MakerParts {
  readonly blobs: BlobStore;
  readonly links: FileLinks;
  /** Undefined where there is no ffmpeg. */
  readonly converter: () => Converter | undefined;
}

export function createMaker(platform: Platform, { blobs, links, converter }: MakerParts): Maker {
  const check = createCheck(createOwnPhotos(platform, blobs));
  return {
    bring: createBring(platform, blobs),
    make: createMake(platform, blobs, check),
    preview: createPreview(platform, { blobs, converter, check }),
    reopen: createReopen(platform, blobs, links),
    async sheet(who, recipe) {
      await check(who, recipe);
      const [photo] = await photoBytes(blobs, { ...recipe, photos: recipe.photos.slice(0, 1) });
      if (!photo) throw makerFault('photos-too-few');
      return sheet(photo, await draw(glyphs, recipe), recipe.template, sheetScale);
    },
  };
}

/** Everything that could refuse a recipe, before anything is made of it. Resolves with its photos. */
type Check = (who: Author, recipe: Recipe) => Promise<readonly PhotoRow[]>;

const createCheck =
  (ownPhotos: ReturnType<typeof createOwnPhotos>): Check =>
  async (who, recipe) => {
    requireFit(recipe);
    const kept = await ownPhotos(who, recipe.photos);
    const photos = recipe.photos.flatMap((id) => kept.get(id) ?? []);
    if (photos.length < recipe.photos.length) throw makerFault('photo-unknown');
    const characters = await glyphs.missing(wordsOf(recipe).join(''));
    if (characters.length > 0) throw makerFault('text-not-drawable', { characters });
    return photos;
  };

function createBring({ store, clock }: Platform, blobs: BlobStore): Maker['bring'] {
  return async (who, body) => {
    const owner = ownerOf(who);
    const since = instant(clock.now() - days(1));
    if ((await countPhotos(store.read, owner, since)) >= photosADay)
      throw makerFault('too-many-photos-kept', { max: photosADay });
    const name = newId('photo');
    const output = blobs.desk(`${name}.jpg`);
    try {
      await blobs.receive(name, body, photoBytesMax, (bytesMax) => makerFault('photo-too-large', { bytesMax }));
      const size = await takePhoto(blobs.desk(name), output);
      const { sha256, bytes } = await blobs.keep(output);
      await store.tx(async (q) => {
        if (!(await areHeld(q, blobs, [sha256])))
          throw refusal('conflict', 'this photo was being deleted; bring it again');
        await keepPhoto(q, { owner, sha256, bytes, ...size, createdAt: clock.now() });
      });
      return { id: sha256, bytes, ...size };
    } finally {
      await blobs.discard(name);
      await rm(output, { force: true });
    }
  };
}

function createMake(platform: Platform, blobs: BlobStore, check: Check): Maker['make'] {
  const { store, clock, audit } = platform;
  return async (who, { title, recipe, category = null, house }, call) => {
    if (who.role === 'merchant' && house !== undefined) {
      throw refusal('forbidden', 'only the operator makes house clips');
    }
    const photos = await check(who, recipe);
    const source = sourceOfRecipe(recipe, hasPixelsForA(recipe, photos));
    const id = newId('clip');
    const owner =
      who.role === 'merchant'
        ? { merchantId: who.merchantId, house: null }
        : { merchantId: null, house: house ?? ('all' as const) };
    return store.tx((q) =>
      once(q, clock, call, async () => {
        if (!(await areHeld(q, blobs, recipe.photos))) throw makerFault('photo-unknown');
        await insertClip(platform, q, who.accountId, { id, title, category, ...owner, ...source, recipe });
        await audit(q, { who, action: 'clip.make', subject: id, facts: { photos: photos.length } });
        return id;
      }),
    );
  };
}

/** Previews go ahead of conversions, and end with whoever asked for them. */
function createPreview(
  platform: Platform,
  { blobs, converter, check }: Omit<MakerParts, 'links'> & { readonly check: Check },
): Maker['preview'] {
  const turn = inTurn(previewsAtOnce);
  let asked = 0;
  return async (who, recipe, { signal, watch }) => {
    await check(who, recipe);
    const use = converter();
    if (!use) throw makerFault('maker-unavailable');
    if (asked >= previewsAtOnce + previewsWaitingMax) throw makerFault('maker-busy');
    asked += 1;
    const output = blobs.desk(`${newId('photo')}.preview`);
    try {
      const photos = await photoBytes(blobs, recipe);
      const onProgress = previewProgress(platform, who, watch);
      const request = { onProgress, recipe, photos, quality: forPreview, folder: `${output}.pieces`, output };
      await turn(() => makeClip(use, glyphs, { ...request, wallMsMax: previewMsMax }, signal));
      return await readFile(output);
    } finally {
      asked -= 1;
      await rm(output, { force: true });
    }
  };
}
