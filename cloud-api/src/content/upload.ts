import type { ReadableStream as WebStream } from 'node:stream/web';
import { newId } from '@gatecast/firmware-protocol';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import type { As } from '../platform/auth.ts';
import { refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { BlobStore, KeptBlob } from '../platform/blob-store.ts';
import { admit } from './admit.ts';
import { videoFault } from './video-fault.ts';
import type { Category } from './categories.ts';
import { addClip } from './new-clip.ts';
import { uploadBytesMax } from './contract.ts';
import { readMp4File } from './file-source.ts';
import { uploadName } from './upload-name.ts';

/**
 * Takes a file in: to the disk as it comes, judged by its own index, then queued. Resolves with the clip's id.
 * Rejects with one of the `video-…` codes; nothing is left of a refused file.
 */
export function createUpload(platform: Platform, blobs: BlobStore) {
  const { store, clock, audit, log } = platform;
  return async (
    who: As<'operator' | 'merchant'>,
    about: {
      readonly title: string;
      readonly house?: Segment | undefined;
      readonly category?: Category | undefined;
    },
    body: WebStream<Uint8Array>,
    call: Call,
  ): Promise<string> => {
    if (who.role === 'merchant' && about.house !== undefined) {
      throw refusal('forbidden', 'only the operator makes house clips');
    }
    const id = newId('clip');
    const owner = who.role === 'merchant' ? { merchantId: who.merchantId, house: null } : houseOf(about.house);
    try {
      const received = await blobs.receive(uploadName(id), body, uploadBytesMax, (bytesMax) =>
        videoFault('video-too-large', { bytesMax }),
      );
      const facts = await readMp4File(blobs.desk(uploadName(id)));
      admit(facts);
      await blobs.share(uploadName(id));
      const kept = await store.tx((q) =>
        once(q, clock, withFile(call, received), async () => {
          const { accountId } = who;
          const { title, category = null } = about;
          await addClip(platform, q, { id, accountId, title, category, ...owner, source: received, facts });
          await audit(q, { who, action: 'clip.upload', subject: id, facts: { bytes: received.bytes } });
          return id;
        }),
      );
      // A repeated request: the first upload stands.
      if (kept !== id) await blobs.discard(uploadName(id));
      return kept;
    } catch (err) {
      log.warn({ err }, 'an upload was refused');
      await blobs.discard(uploadName(id));
      throw err;
    }
  };
}

/** The body was not read as text, so its hash makes the request's print whole. */
const withFile = (call: Call, { sha256 }: KeptBlob): Call => ({
  ...call,
  requestHash: `${call.requestHash}.${sha256}`,
});

const houseOf = (house: Segment | undefined) => ({ merchantId: null, house: house ?? ('all' as const) });
