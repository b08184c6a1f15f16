import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { hours, seconds, DomainError } from '@gatecast/firmware-protocol';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { z } from 'zod';
import type { BlobStore, KeptBlob } from '../platform/blob-store.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { admit } from './admit.ts';
import { category } from './review-contract.ts';
import * as rows from './clip-uploads-store.ts';
import { uploadBytesMax } from './contract.ts';
import { requireDecodable } from './decodable.ts';
import { readMp4File } from './file-source.ts';
import type { Mp4Facts } from './mp4.ts';
import { addClip } from './new-clip.ts';
import type { Converter } from './run-ffmpeg.ts';
import { findClip } from './store.ts';
import { sweepUploads } from './upload-sweep.ts';
import { uploadName } from './upload-name.ts';
import { videoFault } from './video-fault.ts';

const judgeKind = 'clip-upload.judge';
const wipeKind = 'clip-upload.wipe';
const payloadShape = z.object({ uploadId: z.string() });
const expiredAtOnce = 100;
/** A store that does not answer for most of a day costs nobody a file that was sent whole. */
const attemptsMax = 100;
/** A busy machine is slow once or twice; after that it is the file that keeps a decoder busy for ever. */
const slowDecodesMax = 5;

/** Says in the transaction that takes the last byte that the file is to be judged. */
export const wantVerdict = ({ jobs }: Platform, q: Tx, uploadId: string): Promise<void> =>
  jobs.add(q, judgeKind, { uploadId }, { id: `${judgeKind}:${uploadId}` });

/** Says in the transaction that ends an upload that its pieces are to be deleted. */
export const wantWiped = ({ jobs }: Platform, q: Tx, uploadId: string): Promise<void> =>
  jobs.add(q, wipeKind, { uploadId }, { id: `${wipeKind}:${uploadId}` });

/** What is done with uploads once their bytes are there, or will never be. All of it may be run twice, and is taken up again after a crash. */
export function handleUploads(platform: Platform, blobs: BlobStore, converter: () => Converter | undefined): void {
  const { jobs, store, clock } = platform;
  jobs.handle(judgeKind, {
    concurrency: 2,
    leaseMs: seconds(30),
    renewsLease: true,
    attemptsMax,
    async run(payload, { signal, attempt }) {
      const { uploadId } = payloadShape.parse(payload);
      await judge(platform, blobs, uploadId, { converter: converter(), signal, attempt });
    },
    gaveUp: (payload) => refuse(platform, payloadShape.parse(payload).uploadId, 'storage-unavailable', null),
  });
  jobs.handle(wipeKind, { run: (payload) => blobs.discardAll(payloadShape.parse(payload).uploadId) });
  jobs.handle('clip-upload.expire', {
    everyMs: hours(1),
    async run() {
      const expired = () => rows.expiredUploads(store.read, clock.now(), expiredAtOnce);
      for (let ids = await expired(); ids.length > 0; ids = await expired()) {
        for (const id of ids) {
          await store.tx(async (q) => {
            await rows.deleteUpload(q, id);
            await wantWiped(platform, q, id);
          });
        }
      }
      await sweepUploads(platform, blobs);
    },
  });
}

interface Judging {
  readonly converter: Converter | undefined;
  readonly signal: AbortSignal;
  readonly attempt: number;
}

async function judge(
  platform: Platform,
  blobs: BlobStore,
  uploadId: string,
  { converter, signal, attempt }: Judging,
): Promise<void> {
  const upload = await rows.findUpload(platform.store.read, uploadId);
  if (!upload || upload.clipId !== null || upload.fault !== null) return;
  // The same at every try: an upload becomes one clip, whoever comes first.
  const clipId = uploadId.replace(/^upld_/, 'clip_');
  // Its own at every try: one whose lease ran out may still be writing.
  const draft = `${uploadId}.${randomBytes(4).toString('hex')}.draft`;
  try {
    const source = await assemble(platform, blobs, upload, draft);
    const facts = await readMp4File(blobs.desk(draft));
    admit(facts);
    if (converter) await requireDecodable(converter, blobs.desk(draft), signal);
    await rename(blobs.desk(draft), blobs.desk(uploadName(clipId)));
    await blobs.share(uploadName(clipId));
    const isTaken = await take(platform, upload, { clipId, source, facts });
    if (!isTaken && !(await findClip(platform.store.read, clipId))) await blobs.discard(uploadName(clipId));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code.startsWith('video-')) return await refuse(platform, uploadId, error.code, error.details);
    if (error.code !== 'transcode-timeout' || attempt < slowDecodesMax) throw error;
    await refuse(platform, uploadId, 'video-undecodable', { code: error.code });
  } finally {
    await rm(blobs.desk(draft), { force: true });
  }
}

/** Puts the pieces together, piece by piece. */
async function assemble(
  { store }: Platform,
  blobs: BlobStore,
  upload: rows.UploadRow,
  name: string,
): Promise<KeptBlob> {
  const parts = await rows.partsOf(store.read, upload.id);
  async function* bytes() {
    for (const part of parts) yield await blobs.get(part.name);
  }
  const body = Readable.toWeb(Readable.from(bytes())) as WebStream<Uint8Array>;
  const source = await blobs.receive(name, body, uploadBytesMax, (bytesMax) =>
    videoFault('video-too-large', { bytesMax }),
  );
  if (source.bytes !== upload.bytes) throw new Error(`pieces of ${upload.id} are missing`);
  return source;
}

interface Taken {
  readonly clipId: string;
  readonly source: KeptBlob;
  readonly facts: Mp4Facts;
}

function take(platform: Platform, upload: rows.UploadRow, { clipId, source, facts }: Taken): Promise<boolean> {
  const { store, audit } = platform;
  return store.tx(async (q) => {
    if (!(await rows.closeUpload(q, upload.id, { clipId }))) return false;
    const { merchantId, accountId, title, house } = upload;
    const about = { merchantId, accountId, title, house, category: category.nullable().parse(upload.category) };
    await addClip(platform, q, { id: clipId, ...about, source, facts });
    const told = { upload: upload.id, bytes: source.bytes };
    await audit(q, { who: 'system', action: 'clip.upload', subject: clipId, facts: told });
    await wantWiped(platform, q, upload.id);
    return true;
  });
}

async function refuse(
  platform: Platform,
  uploadId: string,
  fault: string,
  faultDetails: Readonly<Record<string, unknown>> | null,
): Promise<void> {
  const { store, log } = platform;
  log.info({ uploadId, fault }, 'an upload was refused');
  await store.tx(async (q) => {
    if (await rows.closeUpload(q, uploadId, { fault, faultDetails })) await wantWiped(platform, q, uploadId);
  });
}
