import type { DomainError } from '@gatecast/firmware-protocol';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, link, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable, Transform } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';

/** Files by the SHA-256 of their bytes, and a desk where uploads wait. A folder now; an object store fits behind the same calls. */
export interface BlobStore {
  start(): Promise<void>;
  /** Writes a stream to `name` on the desk. Rejects with what `tooLarge` makes of longer ones; then nothing is left behind. */
  receive(
    name: string,
    body: WebStream<Uint8Array>,
    bytesMax: number,
    tooLarge: (bytesMax: number) => DomainError,
  ): Promise<{ readonly sha256: string; readonly bytes: number }>;
  /** Where a file on the desk is. */
  desk(name: string): string;
  /** Moves a finished file in and says its name and size. */
  keep(path: string): Promise<{ readonly sha256: string; readonly bytes: number }>;
  /** Keeps a copy of a file that stays where it is. */
  keepCopy(path: string): Promise<{ readonly sha256: string; readonly bytes: number }>;
  /** Bytes of a kept file, or undefined if there is none. */
  size(sha256: string): Promise<number | undefined>;
  /** A part of a kept file; `to` is the last byte. */
  read(sha256: string, from: number, to: number): WebStream<Uint8Array>;
  discard(name: string): Promise<void>;
}

export function createFolderStore(folder: string): BlobStore {
  const deskFolder = join(folder, 'desk');
  const desk = (name: string) => join(deskFolder, name);
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);
  const place = async (path: string, move: (from: string, to: string) => Promise<void>) => {
    const sha256 = await hashOf(path);
    await mkdir(join(folder, sha256.slice(0, 2)), { recursive: true });
    await move(path, pathOf(sha256));
    return { sha256, bytes: (await stat(pathOf(sha256))).size };
  };

  return {
    desk,
    start: async () => void (await mkdir(deskFolder, { recursive: true })),
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
      try {
        await pipeline(Readable.fromWeb(body), count, createWriteStream(desk(name), { flags: 'wx', mode: 0o600 }));
      } catch (error) {
        await rm(desk(name), { force: true });
        throw error;
      }
      return { sha256: hash.digest('hex'), bytes };
    },
    keep: (path) => place(path, rename),
    keepCopy: (path) => place(path, linkOrCopy),
    async size(sha256) {
      const found = await stat(pathOf(sha256)).catch(ifMissing);
      return found?.size;
    },
    read: (sha256, start, end) =>
      Readable.toWeb(createReadStream(pathOf(sha256), { start, end })) as WebStream<Uint8Array>,
    discard: (name) => rm(desk(name), { force: true }),
  };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** A second name costs nothing; where it is there already, the content is the same by its name. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') await copyFile(from, to);
  }
}

function ifMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
