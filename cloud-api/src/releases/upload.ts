import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { DomainError, invariant, newId } from '@gatecast/firmware-protocol';
import { updateKeyFile, type SignedRelease, type UpdateKey } from '@gatecast/firmware-protocol/messages';
import { isSigned, readReleaseHead, requireGenuine, requireWholeArchive } from '@gatecast/firmware-protocol/release';
import type { z } from 'zod';
import type { Operator } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Tx } from '../platform/db/store.ts';
import { refusal, type ErrorCode } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { uploadBytesMax, type uploadQuery } from './contract.ts';
import * as rows from './store.ts';

type About = z.output<typeof uploadQuery>;

/**
 * Takes a release file in: to the disk as it comes, then checked as a terminal would, and listed only if it holds. Resolves with its id. Nothing is left
 * of a refused file.
 */
export function createUpload(platform: Platform, blobs: BlobStore) {
  const { store, clock, log, config } = platform;
  return async (who: Operator, about: About, body: WebStream<Uint8Array>, call: Call): Promise<string> => {
    const keys = await trustedKeys(config.updateKeysFile);
    const id = newId('release');
    const [upload, archive] = [`${id}.gcr`, `${id}.gz`];
    try {
      const { sha256 } = await blobs.receive(upload, body, uploadBytesMax, tooLarge);
      const release = await admit(blobs.desk(upload), blobs.desk(archive), keys);
      const kept = await blobs.keep(blobs.desk(archive));
      invariant(kept.sha256 === release.manifest.archive.sha256, 'the archive is the one that was signed');
      // The body was not read as text, so its hash makes the request's print whole.
      const print = { ...call, requestHash: `${call.requestHash}.${sha256}` };
      return await store.tx((q) => once(q, clock, print, () => list(platform, q, { who, about, id, release })));
    } catch (error) {
      log.warn({ err: error }, 'a release was refused');
      throw error;
    } finally {
      await blobs.discard(upload);
      await blobs.discard(archive);
    }
  };
}

const tooLarge = (bytesMax: number) => refusal('release-too-large', 'the file is too large', { bytesMax });

/** Rejects with `no-update-keys`. */
async function trustedKeys(path: string | undefined): Promise<readonly UpdateKey[]> {
  if (path === undefined)
    throw refusal('no-update-keys', 'this installation was told no update keys, so it cannot check a release');
  return updateKeyFile.parse(JSON.parse(await readFile(path, 'utf8'))).keys;
}

/** What the checks of a release say, as answers of this API. */
const answers: Readonly<Record<string, ErrorCode>> = {
  'release-unreadable': 'release-unreadable',
  'unknown-update-key': 'release-key-unknown',
  'wrong-signature': 'release-signature-wrong',
  'archive-damaged': 'release-damaged',
  'archive-too-long': 'release-damaged',
  'files-differ': 'release-damaged',
};

/** Checks everything and cuts the archive out. */
async function admit(path: string, archivePath: string, keys: readonly UpdateKey[]): Promise<SignedRelease> {
  try {
    const head = await readReleaseHead(path);
    const { release } = head;
    if (!isSigned(release)) throw refusal('release-unsigned', 'the release is not signed');
    requireGenuine(keys, release);
    await requireWholeArchive(path, head);
    await pipeline(createReadStream(path, { start: head.archiveFrom }), createWriteStream(archivePath));
    return release;
  } catch (error) {
    const code = error instanceof DomainError ? answers[error.code] : undefined;
    if (code === undefined || !(error instanceof Error)) throw error;
    throw refusal(code, 'the release does not hold what it promises', {
      fault: error instanceof DomainError ? error.code : null,
    });
  }
}

interface Listed {
  readonly who: Operator;
  readonly about: About;
  readonly id: string;
  readonly release: SignedRelease;
}

async function list({ clock, audit }: Platform, q: Tx, { who, about, id, release }: Listed): Promise<string> {
  const { version, model, archive } = release.manifest;
  if (await rows.findVersion(q, model, version))
    throw refusal('release-known', 'there is a release of this version for this model', { version, model });
  const { bytesPerSecondMax = null, notes } = about;
  const window = windowOf(about.fromMinute, about.toMinute);
  const restartWindow = windowOf(about.restartFromMinute, about.restartToMinute);
  await q.insert(q.t.releases).values({
    id,
    version,
    model,
    signed: release,
    archiveSha256: archive.sha256,
    archiveBytes: archive.bytes,
    download: { window, bytesPerSecondMax, restartWindow },
    notes,
    withdrawnAt: null,
    createdAt: clock.now(),
  });
  const facts = { version, model, kid: release.signature.kid, archive: archive.sha256 };
  await audit(q, { who, action: 'release.upload', subject: id, facts });
  return id;
}

const windowOf = (fromMinute: number | undefined, toMinute: number | undefined) =>
  fromMinute === undefined || toMinute === undefined ? null : { fromMinute, toMinute };
