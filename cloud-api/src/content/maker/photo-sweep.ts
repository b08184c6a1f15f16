import { days, hours, instant } from '@gatecast/firmware-protocol';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Platform } from '../../platform/platform.ts';
import { removeUnneeded } from '../retention.ts';
import { forgetPhoto, oldPhotos } from './photo-store.ts';

/** How long somebody may take to make a clip of a photo. */
const photoLifeMs = days(7);
const atOnce = 500;

/** Forgets photos that nobody made a clip of. What a recipe names stays as long as its clip. */
export function sweepPhotos({ jobs, store, clock }: Platform, blobs: BlobStore): void {
  jobs.handle('clip-photos.sweep', {
    everyMs: hours(6),
    async run() {
      for (const photo of await oldPhotos(store.read, instant(clock.now() - photoLifeMs), atOnce)) {
        await store.tx((q) => forgetPhoto(q, photo));
        await removeUnneeded(store, blobs, [photo.sha256]);
      }
    },
  });
}
