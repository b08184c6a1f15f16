import { stat } from 'node:fs/promises';
import { days, newId } from '@gatecast/firmware-protocol';
import { isMissing } from '../platform/blob-store-desk.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Platform } from '../platform/platform.ts';
import { findUpload } from './clip-uploads-store.ts';
import { findClip } from './store.ts';
import { uploadName } from './upload-name.ts';

/** Longer than any request or conversion takes. */
const untouchedMs = days(1);
const idLength = newId('clip').length;

/**
 * Clears the desk of what a crash left there. Pieces and drafts of an upload that no row names go at once, because its row comes before its first piece.
 * What lies there for a clip, or as the scan of a permit, may be on its way in: it goes once nobody has touched it for a day. In a bucket's place each
 * machine has a desk of its own, and whichever comes to this first clears its own.
 */
export async function sweepUploads(platform: Platform, blobs: BlobStore): Promise<void> {
  const { store } = platform;
  for (const name of await blobs.onDesk('upld_')) {
    const id = name.slice(0, idLength);
    if (await findUpload(store.read, id)) continue;
    if (name === id) await blobs.discardAll(id);
    else await blobs.discard(name);
  }
  for (const name of [...(await blobs.onDesk('clip_')), ...(await blobs.onDesk('prmt_'))])
    if ((await isUntouched(blobs.desk(name))) && !(await isWanted(platform, name))) await blobs.discard(name);
}

/** Sources of clips that are not made yet, or may be tried again. */
async function isWanted({ store }: Platform, name: string): Promise<boolean> {
  const id = name.slice(0, idLength);
  const status = (await findClip(store.read, id))?.status;
  const isUnmade = status === 'queued' || status === 'transcoding';
  return isUnmade || (status === 'failed' && name === uploadName(id));
}

/** By the machine's clock, as the times of its files are. What is not on this machine is not its to judge. */
async function isUntouched(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > untouchedMs;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
