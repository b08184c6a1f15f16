import { randomBytes } from 'node:crypto';
import { after, days, instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
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
import type { ToldMetadata } from './tus.ts';
import { wantVerdict, wantWiped } from './upload-job.ts';
import { pieces } from './upload-pieces.ts';
import { createUploadRoom, orStorageFull, type UploadRoom } from './upload-room.ts';

type Author = As<'operator' | 'merchant'>;
/** `told`: `Upload-Metadata` as it was sent, also what we make nothing of. */
type About = z.output<typeof uploadMetadata> & { readonly told: string };
/** An upload, with what its client said of the file. */
export type ResumableUpload = ClipUpload & ToldMetadata;

const uploadLifeMs = days(3);
const openUploadsMax = 5;
/** Each break of a line leaves a short piece; more than this is somebody who sends byte by byte. */
const partsMax = 2_000;
/** Requests at a time that send to one upload: those that a phone has lost sight of hang on for minutes, each with a piece in memory. */
const linesMax = 4;
const listedMax = 20;

export interface ClipUploads {
  /** Runs an upload of a whole file in one request. Rejects with `storage-full`. */
  atOnce<T>(bytes: number, work: () => Promise<T>): Promise<T>;
  /** Rejects with `forbidden`, `too-many-uploads` or `storage-full`. */
  begin(who: Author, about: About, bytes: number, call: Call): Promise<ResumableUpload>;
  /**
   * Takes bytes from `fromByte` on, as many as come: a line that breaks leaves what it brought. Rejects with `upload-offset` where they do not go on
   * where the upload stands, `upload-busy` where several others send, `storage-full`, `upload-overrun` for more than was announced, `upload-expired`, `upload-parts`.
   */
  append(who: Author, id: string, fromByte: number, body: AsyncIterable<Uint8Array>): Promise<ResumableUpload>;
  get(who: Author, id: string): Promise<ResumableUpload>;
  /** For who means to go on with it: rejects with `upload-expired` where that is too late. */
  resumable(who: Author, id: string): Promise<ResumableUpload>;
  /** The caller's own, the newest first. */
  list(who: Author): Promise<readonly ClipUpload[]>;
  /** Calls it off, or forgets what came of it; a clip that it became stays. */
  remove(who: Author, id: string): Promise<void>;
}

export function createClipUploads(platform: Platform, blobs: BlobStore): ClipUploads {
  const { store, clock, audit } = platform;
  const room = createUploadRoom(platform);
  /** Requests that send at this moment, by upload. */
  const lines = new Map<string, number>();
  const own = async (who: Author, id: string): Promise<rows.UploadStanding> => {
    const upload = await rows.findUpload(store.read, id);
    if (!upload || (who.role === 'merchant' && upload.merchantId !== who.merchantId)) throw notFound('upload');
    return upload;
  };
  return {
    atOnce: (bytes, work) => room.during(bytes, work),
    async begin(who, about, bytes, call) {
      return this.get(who, await begin(platform, room, { who, about, bytes, call }));
    },
    async append(who, id, fromByte, body) {
      const upload = await own(who, id);
      const held = lines.get(id) ?? 0;
      if (held >= linesMax) throw refusal('upload-busy', 'too many requests send to this upload', { max: linesMax });
      lines.set(id, held + 1);
      try {
        await append(platform, blobs, upload, { fromByte, body });
      } finally {
        const left = (lines.get(id) ?? 1) - 1;
        if (left > 0) lines.set(id, left);
        else lines.delete(id);
      }
      return this.get(who, id);
    },
    get: async (who, id) => show(await own(who, id)),
    async resumable(who, id) {
      const found = await own(who, id);
      const upload = show(found);
      if (upload.state === 'receiving') requireTime(found, clock.now());
      return upload;
    },
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

async function begin(platform: Platform, room: UploadRoom, { who, about, bytes, call }: Beginning): Promise<string> {
  const { store, clock, audit } = platform;
  if (who.role === 'merchant' && about.house !== undefined)
    throw refusal('forbidden', 'only the operator makes house clips');
  const freeBytes = await room.freeBytes();
  const now = clock.now();
  return store.tx((q) =>
    once(q, clock, call, async () => {
      await q.lock(`clip-uploads:${who.accountId}`);
      if ((await rows.openUploads(q, who.accountId, now)) >= openUploadsMax)
        throw refusal('too-many-uploads', 'finish or cancel an upload first', { max: openUploadsMax });
      await room.require(q, freeBytes, bytes);
      const id = newId('upload');
      const { title, filename: fileName, category = null, modified = null, house = 'all', told: metadata } = about;
      const owner = who.role === 'merchant' ? { merchantId: who.merchantId, house: null } : { merchantId: null, house };
      const file = { fileName, fileModifiedAt: modified === null ? null : instant(modified), bytes, metadata };
      const times = { createdAt: now, expiresAt: after(now, uploadLifeMs) };
      const row = { id, accountId: who.accountId, title, category, ...owner, ...file, ...times };
      await q.insert(q.t.clipUploads).values(row);
      await audit(q, { who, action: 'clip-upload.begin', subject: id, facts: { bytes } });
      return id;
    }),
  );
}

function requireTime({ expiresAt }: Pick<rows.UploadRow, 'expiresAt'>, now: InstantMs): void {
  if (expiresAt <= now) throw refusal('upload-expired', 'this upload has waited too long');
}

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
  requireTime(upload, clock.now());
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
  await orStorageFull(() => blobs.put(name, bytes));
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

function show({ parts: _, merchantId: _owner, accountId: _account, ...upload }: rows.UploadStanding): ResumableUpload {
  const { clipId, fault, receivedBytes, bytes } = upload;
  const isThere = receivedBytes === bytes;
  const state = clipId !== null ? 'taken' : fault !== null ? 'refused' : isThere ? 'checking' : 'receiving';
  // The pieces of what is over are gone; it had them all.
  const received = state === 'taken' || state === 'refused' ? bytes : receivedBytes;
  return { ...upload, category: category.nullable().parse(upload.category), receivedBytes: received, state };
}
