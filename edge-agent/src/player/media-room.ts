import { DomainError } from '@gatecast/firmware-protocol';
import type { StoredFile } from './media-folder.ts';

/** What the journal, the documents and a release of the agent may still want of the disk. */
export const diskFloorBytes = 128 * 1024 * 1024;

export interface Room {
  /** For all clips together. */
  readonly bytesMax: number;
  /** What this program may still write; null: nobody knows. */
  readonly freeBytes: number | null;
}

/**
 * Which files must go so that `bytes` more fit: first those that no manifest names, the one that was wanted longest ago first; where the disk itself is full
 * also what is needed later than what is to come (`expendable`, the least needed first). Throws `no-room` where that is not enough.
 */
export function evictions(
  stored: readonly StoredFile[],
  { bytes, named, expendable }: { bytes: number; named: ReadonlySet<string>; expendable: readonly string[] },
  { bytesMax, freeBytes }: Room,
): StoredFile[] {
  const sum = stored.reduce((total, file) => total + file.bytes, 0);
  const overCap = sum + bytes - bytesMax;
  const overDisk = freeBytes === null || bytes === 0 ? 0 : diskFloorBytes + bytes - freeBytes;
  const spare = stored.filter(({ sha256 }) => !named.has(sha256)).sort((a, b) => a.wantedAtMs - b.wantedAtMs);
  const later = expendable.flatMap((sha256) => stored.filter((file) => file.sha256 === sha256));
  const going: StoredFile[] = [];
  let freed = 0;
  const free = (files: readonly StoredFile[], needed: number) => {
    for (const file of files) {
      if (freed >= needed) return;
      going.push(file);
      freed += file.bytes;
    }
  };
  free(spare, Math.max(overCap, overDisk));
  free(later, overDisk);
  if (freed < overDisk) throw new DomainError('no-room', 'the disk has no room for the clip', { bytes, freeBytes });
  return going;
}
