import { statfs } from 'node:fs/promises';
import type { Reads } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { promisedBytes } from './clip-uploads-store.ts';

/** Pieces and the whole file are there together for a moment; what comes in one request is there with what is made of it. */
const copies = 2;
const diskReserveBytes = 1024 ** 3;

/** Whether everything that was announced fits the disk, twice, and leaves it some air. */
export const hasRoom = (freeBytes: number, announcedBytes: number): boolean =>
  freeBytes >= announcedBytes * copies + diskReserveBytes;

/** What the disk still has room for. */
export interface UploadRoom {
  readonly freeBytes: () => Promise<number>;
  /** Throws `storage-full` where a file of that length would not fit beside all that was announced before. */
  require(q: Reads, freeBytes: number, bytes: number): Promise<void>;
  /** Runs an upload that comes in one request, which is counted until it is over. Rejects with `storage-full`, also where the disk fills up all the same. */
  during<T>(bytes: number, work: () => Promise<T>): Promise<T>;
}

export function createUploadRoom({ store, clock, config }: Platform): UploadRoom {
  let comingBytes = 0;
  const freeBytes = async () => {
    const { bavail, bsize } = await statfs(config.dataDir);
    return bavail * bsize;
  };
  const require: UploadRoom['require'] = async (q, free, bytes) => {
    if (!hasRoom(free, (await promisedBytes(q, clock.now())) + comingBytes + bytes)) throw storageFull();
  };
  return {
    freeBytes,
    require,
    async during(bytes, work) {
      await require(store.read, await freeBytes(), bytes);
      comingBytes += bytes;
      try {
        return await orStorageFull(work);
      } finally {
        comingBytes -= bytes;
      }
    },
  };
}

/** A disk that fills up is no bug of ours: its code says that another try later may do. */
export async function orStorageFull<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isFull = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
    throw isFull ? storageFull(error) : error;
  }
}

function storageFull(cause?: unknown) {
  const full = refusal('storage-full', 'there is no room for this file now');
  full.cause = cause;
  return full;
}
