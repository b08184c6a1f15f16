import { after, days } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { findClip } from './store.ts';
import { uploadName } from './upload-name.ts';

const jobKind = 'clip.forget-source';
const payloadShape = z.object({ clipId: z.string() });
/** So long the upload of a clip is kept after it first failed. */
const keptMs = days(7);

/** Says in the transaction in which a clip fails that its upload is to be deleted later. */
export const wantSourceForgotten = ({ jobs, clock }: Platform, q: Tx, clipId: string): Promise<void> =>
  jobs.add(q, jobKind, { clipId }, { id: `${jobKind}:${clipId}`, runAt: after(clock.now(), keptMs) });

/** Deletes the uploads of clips that are still failed when their time is over. One that is being tried again keeps it, and has a new time if it fails. */
export function forgetFailedSources({ jobs, store }: Platform, blobs: BlobStore): void {
  jobs.handle(jobKind, {
    async run(payload) {
      const { clipId } = payloadShape.parse(payload);
      if ((await findClip(store.read, clipId))?.status === 'failed') await blobs.discard(uploadName(clipId));
    },
  });
}
