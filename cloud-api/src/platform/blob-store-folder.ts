import { createReadStream } from 'node:fs';
import { access, copyFile, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { createDesk, hashOf, isMissing, syncPath, writeWhole } from './blob-store-desk.ts';
import type { BlobStore } from './blob-store.ts';
import { notFound } from './errors.ts';

/** A folder that all processes see: `ab/ab…` by hash, and `desk`. */
export function createFolderStore(folder: string): BlobStore {
  const local = createDesk(join(folder, 'desk'));
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);
  const found = async (name: string): Promise<string> => {
    await access(local.desk(name)).catch(ifMissing(() => Promise.reject(notFound('file'))));
    return local.desk(name);
  };
  const place = async (path: string, move: (from: string, to: string) => Promise<void>) => {
    const sha256 = await hashOf(path);
    const target = pathOf(sha256);
    await mkdir(dirname(target), { recursive: true });
    await syncPath(path);
    await move(path, target);
    await syncPath(dirname(target));
    return { sha256, bytes: (await stat(target)).size };
  };

  return {
    start: local.start,
    receive: local.receive,
    desk: local.desk,
    share: (name) => syncPath(local.desk(name)),
    fetch: found,
    put: (name, bytes) => writeWhole(local.desk(name), (path) => writeFile(path, bytes, { mode: 0o600 })),
    get: async (name) => readFile(await found(name)),
    discard: (name) => local.clear(name),
    discardAll: (name) => local.clear(name),
    onDesk: (prefix) => local.onDesk(prefix),

    keep: (path) => place(path, rename),
    keepCopy: (path) => place(path, linkOrCopy),
    async size(sha256) {
      const kept = await stat(pathOf(sha256)).catch(ifMissing(() => undefined));
      return kept?.size;
    },
    read: async (sha256, start, end) =>
      Readable.toWeb(createReadStream(pathOf(sha256), { start, end })) as WebStream<Uint8Array>,
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
  };
}

/** A second name costs nothing; where it is there already, the content is the same by its name. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      await writeWhole(to, (path) => copyFile(from, path));
  }
}

const ifMissing =
  <T>(otherwise: () => T) =>
  (error: unknown): T => {
    if (isMissing(error)) return otherwise();
    throw error;
  };
