import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaClip } from '@gatecast/firmware-protocol/messages';
import { isFile } from '../uplink/file-download.ts';
import { clipPath } from './media-file.ts';

/** A clip's file, whole or in part, as it lies in the folder. */
export interface StoredClip {
  readonly sha256: string;
  readonly isPart: boolean;
  readonly bytes: number;
  /** When it was last wanted, ms. */
  readonly wantedAtMs: number;
}

/** The files of clips on the disk, by hash; other files in the folder are let alone. */
export interface MediaFolder {
  list(): Promise<StoredClip[]>;
  /** Reads the whole file. One that the disk does not give back is as good as none. */
  isWhole(clip: MediaClip): Promise<boolean>;
  remove(stored: Pick<StoredClip, 'sha256' | 'isPart'>): Promise<void>;
  /** From now on it is the one that was wanted last. */
  touch(sha256: string): Promise<void>;
}

const nameOf = /^([0-9a-f]{64})\.(mp4|part)$/;

export function createMediaFolder(dir: string): MediaFolder {
  const path = ({ sha256, isPart }: Pick<StoredClip, 'sha256' | 'isPart'>) =>
    isPart ? join(dir, `${sha256}.part`) : clipPath(dir, sha256);
  return {
    async list() {
      await mkdir(dir, { recursive: true });
      const stored: StoredClip[] = [];
      for (const name of await readdir(dir)) {
        const [, sha256, extension] = nameOf.exec(name) ?? [];
        if (sha256 === undefined) continue;
        const { size, mtimeMs } = await stat(join(dir, name));
        stored.push({ sha256, isPart: extension === 'part', bytes: size, wantedAtMs: mtimeMs });
      }
      return stored;
    },
    isWhole: (clip) => isFile(clipPath(dir, clip.sha256), clip).catch(() => false),
    remove: (stored) => rm(path(stored), { force: true }),
    async touch(sha256) {
      const now = new Date();
      await utimes(clipPath(dir, sha256), now, now);
    },
  };
}
