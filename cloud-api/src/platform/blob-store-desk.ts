import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from './blob-store.ts';

interface Desk extends Pick<BlobStore, 'start' | 'receive' | 'desk' | 'onDesk'> {
  /** Removes a file, or a folder with all in it, from this machine's desk. */
  clear(name: string): Promise<void>;
}

/** As many as a page of S3's lists has. */
export const deskNamesMax = 1_000;

/** The part of the desk that is on this machine, whatever the store behind it. */
export function createDesk(folder: string): Desk {
  const desk = (name: string) => join(folder, name);
  const clear = (name: string) => rm(desk(name), { recursive: true, force: true });
  return {
    desk,
    clear,
    onDesk: async (prefix) => (await readdir(folder)).filter((name) => name.startsWith(prefix)).slice(0, deskNamesMax),
    start: async () => void (await mkdir(folder, { recursive: true })),
    async receive(name, body, bytesMax, tooLarge) {
      const hash = createHash('sha256');
      let bytes = 0;
      const count = new Transform({
        transform(chunk: Uint8Array, _encoding, next) {
          bytes += chunk.length;
          hash.update(chunk);
          next(bytes > bytesMax ? tooLarge(bytesMax) : null, chunk);
        },
      });
      const file = createWriteStream(desk(name), { flags: 'wx', mode: 0o600, flush: true });
      try {
        await pipeline(Readable.fromWeb(body), count, file);
      } catch (error) {
        await clear(name);
        throw error;
      }
      return { sha256: hash.digest('hex'), bytes };
    },
  };
}

/** A file's name by its content. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Writes a file that is there whole or not at all, also after a power cut. */
export async function writeWhole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await write(temporary);
    await syncPath(temporary);
    await rename(temporary, path);
    await syncPath(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Flushes a file, or the names in a folder, to the disk. */
export async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
