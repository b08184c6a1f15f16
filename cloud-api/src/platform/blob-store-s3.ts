import { createHash } from 'node:crypto';
import { createWriteStream, openAsBlob } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createDesk, hashOf, writeWhole } from './blob-store-desk.ts';
import type { BlobStore } from './blob-store.ts';
import { refusal } from './errors.ts';
import { createBucket, type S3Settings } from './s3-bucket.ts';

/**
 * A bucket that all machines see: `media/ab/ab…` by hash and `media/desk/…`, with a folder of this machine to work in. An object of S3 is there whole or
 * not at all; a kept one is read back before anything is told of it.
 */
export function createS3Store(settings: S3Settings, area: string, folder: string): BlobStore {
  const bucket = createBucket(settings);
  const local = createDesk(join(folder, 'desk'));
  const keyOf = (sha256: string) => `${area}/${sha256.slice(0, 2)}/${sha256}`;
  const deskKey = (name: string) => `${area}/desk/${name}`;
  const keepCopy = async (path: string) => {
    const sha256 = await hashOf(path);
    const body = await openAsBlob(path);
    const key = keyOf(sha256);
    if ((await bucket.size(key)) !== body.size) {
      await bucket.put(key, body, sha256);
      await requireContent(bucket, key, sha256);
    }
    return { sha256, bytes: body.size };
  };

  return {
    start: local.start,
    receive: local.receive,
    desk: local.desk,
    async share(name) {
      const path = local.desk(name);
      await bucket.put(deskKey(name), await openAsBlob(path), await hashOf(path));
    },
    async fetch(name) {
      const path = local.desk(name);
      const isHere = await access(path).then(
        () => true,
        () => false,
      );
      if (!isHere) {
        const body = await bucket.get(deskKey(name));
        await writeWhole(path, (temporary) => pipeline(Readable.fromWeb(body), createWriteStream(temporary)));
      }
      return path;
    },
    put: (name, bytes) =>
      bucket.put(deskKey(name), new Blob([new Uint8Array(bytes)]), createHash('sha256').update(bytes).digest('hex')),
    get: async (name) => buffer(Readable.fromWeb(await bucket.get(deskKey(name)))),
    async discard(name) {
      await local.clear(name);
      await bucket.remove(deskKey(name));
    },
    async discardAll(name) {
      await local.clear(name);
      const listed = () => bucket.list(deskKey(`${name}/`));
      for (let keys = await listed(); keys.length > 0; keys = await listed())
        for (const key of keys) await bucket.remove(key);
    },
    async onDesk(prefix) {
      const keys = await bucket.list(deskKey(prefix));
      const names = keys.map((key) => key.slice(deskKey('').length).split('/')[0] ?? '');
      return [...new Set([...(await local.onDesk(prefix)), ...names])];
    },

    async keep(path) {
      const kept = await keepCopy(path);
      await rm(path);
      return kept;
    },
    keepCopy,
    size: (sha256) => bucket.size(keyOf(sha256)),
    read: (sha256, from, to) => bucket.get(keyOf(sha256), { from, to }),
    remove: (sha256) => bucket.remove(keyOf(sha256)),
  };
}

/** A store that does not check hashes itself may have taken something else. Rejects with `storage-unavailable`, and nothing is left under the name. */
async function requireContent(bucket: ReturnType<typeof createBucket>, key: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(Readable.fromWeb(await bucket.get(key)), hash);
  if (hash.digest('hex') === sha256) return;
  await bucket.remove(key);
  throw refusal('storage-unavailable', 'the media store kept something else than it was given', { key });
}
