import { randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { after, days, instant, newId } from '@gatecast/firmware-protocol';
import { eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import type { As } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import * as rows from './clip-uploads-store.ts';
import { category } from './review-contract.ts';
import type { ClipUpload, uploadMetadata } from './upload-contract.ts';
import { wantVerdict, wantWiped } from './upload-job.ts';
import { pieces } from './upload-pieces.ts';

type Author = As<'operator' | 'merchant'>;
type About = z.output<typeof uploadMetadata>;

const uploadLifeMs = days(3);
const openUploadsMax = 5;
/** Each break of a line leaves a short piece; more than this is somebody who sends byte by byte. */
const partsMax = 2_000;
/** Pieces and the whole file are there together for a moment. */
const copies = 2;
const diskReserveBytes = 1024 ** 3;
const listedMax = 20;

export interface ClipUploads {
  /** Rejects with `forbidden`, `too-many-uploads` or `storage-full`. */
  begin(who: Author, about: About, bytes: number, call: Call): Promise<ClipUpload>;
  /**
   * Takes bytes from `fromByte` on, as many as come: a line that breaks leaves what it brought. Rejects with `upload-offset` where they do not go on
   * where the upload stands, `upload-overrun` for more than was announced, `upload-expired`, `upload-parts`.
   */
  append(who: Author, id: string, fromByte: number, body: AsyncIterable<Uint8Array>): Promise<ClipUpload>;
  get(who: Author, id: string): Promise<ClipUpload>;
  /** The caller's own, the newest first. */
  list(who: Author): Promise<readonly ClipUpload[]>;
  /** Calls it off, or forgets what came of it; a clip that it became stays. */
  remove(who: Author, id: string): Promise<void>;
}

export function createClipUploads(platform: Platform, blobs: BlobStore): ClipUploads {
  const { store, audit } = platform;
  const own = async (who: Author, id: string): Promise<rows.UploadStanding> => {
    const upload = await rows.findUpload(store.read, id);
    if (!upload || (who.role === 'merchant' && upload.merchantId !== who.merchantId)) throw notFound('upload');
    return upload;
  };
  return {
    async begin(who, about, bytes, call) {
      return this.get(who, await begin(platform, { who, about, bytes, call }));
    },
    async append(who, id, fromByte, body) {
      await append(platform, blobs, await own(who, id), { fromByte, body });
      return this.get(who, id);
    },
    get: async (who, id) => show(await own(who, id)),
    async list(who) {
      const t = store.read.t.clipUploads;
      const mine = who.role === 'merchant' ? eq(t.merchantId, who.merchantId) : isNull(t.merchantId);
      return (await rows.listUploads(store.read, mine, listedMax)).map(show);
    },
    async remove(who, id) {
      await own(who, id);
      await store.tx(async (q) => {
        await rows.deleteUpload(q, id);
        await audit(q, { who, action: 'clip-upload.remove', subject: id });
        await wantWiped(platform, q, id);
      });
    },
  };
}

interface Beginning {
  readonly who: Author;
  readonly about: About;
  readonly bytes: number;
  readonly call: Call;
}

async function begin(platform: Platform, { who, about, bytes, call }: Beginning): Promise<string> {
  const { store, clock, audit, config } = platform;
  if (who.role === 'merchant' && about.house !== undefined)
    throw refusal('forbidden', 'only the operator makes house clips');
  const { bavail, bsize } = await statfs(config.dataDir);
  const now = clock.now();
  return store.tx((q) =>
    once(q, clock, call, async () => {
      const { own, promisedBytes } = await rows.openUploads(q, who.accountId, now);
      if (own >= openUploadsMax)
        throw refusal('too-many-uploads', 'finish or cancel an upload first', { max: openUploadsMax });
      if (!hasRoom(bavail * bsize, promisedBytes + bytes))
        throw refusal('storage-full', 'there is no room for this file now');
      const id = newId('upload');
      const { title, filename: fileName, category = null, modified = null, house = 'all' } = about;
      const owner = who.role === 'merchant' ? { merchantId: who.merchantId, house: null } : { merchantId: null, house };
      const file = { fileName, fileModifiedAt: modified === null ? null : instant(modified), bytes };
      const times = { createdAt: now, expiresAt: after(now, uploadLifeMs) };
      const row = { id, accountId: who.accountId, title, category, ...owner, ...file, ...times };
      await q.insert(q.t.clipUploads).values(row);
      await audit(q, { who, action: 'clip-upload.begin', subject: id, facts: { bytes } });
      return id;
    }),
  );
}

/** Whether everything that is still to come fits the disk, twice, and leaves it some air. */
export const hasRoom = (freeBytes: number, promisedBytes: number): boolean =>
  freeBytes >= promisedBytes * copies + diskReserveBytes;

interface Coming {
  readonly fromByte: number;
  readonly body: AsyncIterable<Uint8Array>;
}

async function append(
  platform: Platform,
  blobs: BlobStore,
  upload: rows.UploadStanding,
  { fromByte, body }: Coming,
): Promise<void> {
  const { clock, log } = platform;
  if (upload.expiresAt <= clock.now()) throw refusal('upload-expired', 'this upload has waited too long');
  const { receivedBytes } = show(upload);
  if (receivedBytes !== fromByte) throw offsetWrong(receivedBytes);
  const onCut = (err: unknown) => log.info({ uploadId: upload.id, err }, 'an upload was cut off');
  let [at, parts] = [fromByte, upload.parts];
  for await (const piece of pieces(body, onCut)) {
    if (at + piece.length > upload.bytes) throw refusal('upload-overrun', 'that is more than the file has');
    if ((parts += 1) > partsMax) throw refusal('upload-parts', 'this upload was cut off too often');
    await addPiece(platform, blobs, upload, { fromByte: at, bytes: piece });
    at += piece.length;
  }
}

/** The piece first, then the row that names it: what is known to be there is there. */
async function addPiece(
  platform: Platform,
  blobs: BlobStore,
  upload: rows.UploadRow,
  { fromByte, bytes }: { readonly fromByte: number; readonly bytes: Uint8Array },
): Promise<void> {
  const { store } = platform;
  const name = `${upload.id}/${fromByte}-${randomBytes(4).toString('hex')}`;
  await blobs.put(name, bytes);
  const isAdded = await store.tx(async (q) => {
    const added = await rows.addPart(q, { uploadId: upload.id, fromByte, bytes: bytes.length, name });
    if (added && fromByte + bytes.length === upload.bytes) await wantVerdict(platform, q, upload.id);
    return added;
  });
  if (isAdded) return;
  await blobs.discard(name);
  throw offsetWrong((await rows.findUpload(store.read, upload.id))?.receivedBytes ?? null);
}

const offsetWrong = (receivedBytes: number | null) =>
  refusal('upload-offset', 'the upload stands at another byte', { receivedBytes });

function show({ parts: _, merchantId: _owner, accountId: _account, ...upload }: rows.UploadStanding): ClipUpload {
  const { clipId, fault, receivedBytes, bytes } = upload;
  const isThere = receivedBytes === bytes;
  const state = clipId !== null ? 'taken' : fault !== null ? 'refused' : isThere ? 'checking' : 'receiving';
  // The pieces of what is over are gone; it had them all.
  const received = state === 'taken' || state === 'refused' ? bytes : receivedBytes;
  return { ...upload, category: category.nullable().parse(upload.category), receivedBytes: received, state };
}
