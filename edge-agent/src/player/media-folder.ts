import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isFile } from '../uplink/file-download.ts';
import { mediaPath, type MediaFile } from './media-file.ts';

/** A clip's file or that of its still, whole or in part, as it lies in the folder. */
export interface StoredFile {
  readonly sha256: string;
  readonly form: MediaFile['form'] | 'part';
  readonly bytes: number;
  /** When it was last wanted, ms. */
  readonly wantedAtMs: number;
}

/** The files of clips on the disk, by hash; other files in the folder are let alone. */
export interface MediaFolder {
  list(): Promise<StoredFile[]>;
  /** Reads the whole file. One that the disk does not give back is as good as none. */
  isWhole(file: MediaFile): Promise<boolean>;
  remove(stored: Pick<StoredFile, 'sha256' | 'form'>): Promise<void>;
  /** From now on it is the one that was wanted last. */
  touch(file: MediaFile): Promise<void>;
}

const nameOf = /^([0-9a-f]{64})\.(mp4|jpg|part)$/;

export function createMediaFolder(dir: string): MediaFolder {
  return {
    async list() {
      await mkdir(dir, { recursive: true });
      const stored: StoredFile[] = [];
      for (const name of await readdir(dir)) {
        const [, sha256, form] = nameOf.exec(name) ?? [];
        if (sha256 === undefined) continue;
        const { size, mtimeMs } = await stat(join(dir, name));
        stored.push({ sha256, form: form as StoredFile['form'], bytes: size, wantedAtMs: mtimeMs });
      }
      return stored;
    },
    isWhole: (file) => isFile(mediaPath(dir, file), file).catch(() => false),
    remove: ({ sha256, form }) => rm(join(dir, `${sha256}.${form}`), { force: true }),
    async touch(file) {
      const now = new Date();
      await utimes(mediaPath(dir, file), now, now);
    },
  };
}
