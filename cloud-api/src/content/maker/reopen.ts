import type { BlobStore } from '../../platform/blob-store.ts';
import { notFound } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import type { FileLinks } from '../file-links.ts';
import { areHeld } from '../hold-files.ts';
import { findClip } from '../store.ts';
import { bytesOfPhoto } from './master.ts';
import { ownerOf, type Author } from './owner.ts';
import { isInOwnClip, keepPhoto, photosOf, type PhotoRow } from './photo-store.ts';
import { sizeOfPhoto } from './pictures.ts';
import { recipe as recipeShape, type ReopenedRecipe } from './recipe.ts';

/** What a clip was made from, to be changed and made again. Rejects with `not-found`, also for a clip that was uploaded. */
export function createReopen({ store }: Platform, blobs: BlobStore, links: FileLinks) {
  const addressOf = async (sha256: string): Promise<string | null> =>
    (await blobs.size(sha256)) === undefined ? null : links.sign(store.read, `/v1/clip-photos/${sha256}`);
  return async (who: Author, id: string): Promise<ReopenedRecipe> => {
    const clip = await findClip(store.read, id);
    const isOwn = clip?.merchantId === (who.role === 'merchant' ? who.merchantId : null);
    if (!clip || !isOwn || clip.recipe === null) throw notFound('recipe');
    const recipe = recipeShape.parse(clip.recipe);
    const photos = await Promise.all(recipe.photos.map(async (photo) => ({ id: photo, url: await addressOf(photo) })));
    const { title, category } = clip;
    return { title, category, recipe, photos };
  };
}

/**
 * The photos that somebody may make a clip of: those that they brought lately, and those of their own clips, which count as brought again. Those that are
 * neither are left out.
 */
export function createOwnPhotos({ store, clock }: Platform, blobs: BlobStore) {
  const bringAgain = async (owner: string, sha256: string): Promise<PhotoRow[]> => {
    const isThere = (await isInOwnClip(store.read, owner, sha256)) && (await blobs.size(sha256)) !== undefined;
    if (!isThere) return [];
    const bytes = await bytesOfPhoto(blobs, sha256);
    const row = { owner, sha256, bytes: bytes.length, ...(await sizeOfPhoto(bytes)), createdAt: clock.now() };
    return store.tx(async (q) => {
      if (!(await areHeld(q, blobs, [sha256]))) return [];
      await keepPhoto(q, row);
      return [row];
    });
  };
  return async (who: Author, ids: readonly string[]): Promise<ReadonlyMap<string, PhotoRow>> => {
    const owner = ownerOf(who);
    const kept = await photosOf(store.read, owner, ids);
    const known = new Set(kept.map(({ sha256 }) => sha256));
    const others = [...new Set(ids)].filter((id) => !known.has(id));
    const again = await Promise.all(others.map((sha256) => bringAgain(owner, sha256)));
    return new Map([...kept, ...again.flat()].map((row) => [row.sha256, row]));
  };
}
