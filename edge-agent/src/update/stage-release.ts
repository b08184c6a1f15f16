import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@gatecast/firmware-protocol';
import type { ReleaseManifest, SignedRelease } from '@gatecast/firmware-protocol/messages';
import { replaceFile } from '@gatecast/firmware-protocol/node';
import { folderSink, readArchive, releaseFault } from '@gatecast/firmware-protocol/release';
import { downloadFile, sizeOf, type Download } from '../uplink/file-download.ts';
import { isWhole, releaseIn } from './slot-check.ts';
import { slotReleaseFile, type Places, type Slot } from './slots.ts';

/** What the journal, the clips and the database may still want of the disk. */
const reserveBytes = 64 * 1024 * 1024;

export interface Staging {
  readonly places: Places;
  /** The slot that does not run. */
  readonly slot: Slot;
  readonly release: SignedRelease;
  readonly fetchFrom: Download['fetchFrom'];
  readonly pace: Download['pace'];
  readonly stop: AbortSignal;
  /** Bytes that this program may still write; default: what the system says. */
  readonly freeBytes: (folder: string) => Promise<number>;
}

/**
 * Brings a release into the slot that does not run, whole and on the disk, and does nothing twice that was done before a break. What runs is not
 * touched. Rejects with an UpdateFault that is a verdict, or with anything else that may pass.
 */
export async function stageRelease(staging: Staging): Promise<void> {
  const { places, slot, release } = staging;
  const folder = places.slot(slot);
  if (await holds(folder, release.manifest)) return;
  await requireSpace(staging);
  const archive = await fetchArchive(staging);
  // Without its release file the slot is nothing, whatever else is still in it.
  await rm(join(folder, slotReleaseFile), { force: true });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await unpack(archive, folder, release.manifest);
  await syncFolders(folder);
  await replaceFile(join(folder, slotReleaseFile), Buffer.from(JSON.stringify(release)));
  await syncFolder(join(folder, '..'));
  await rm(archive, { force: true });
}

/** Whether the slot has this release, whole. */
async function holds(folder: string, manifest: ReleaseManifest): Promise<boolean> {
  const held = await releaseIn(folder);
  return held?.manifest.archive.sha256 === manifest.archive.sha256 && isWhole(folder);
}

async function requireSpace({ places, slot, release, freeBytes }: Staging): Promise<void> {
  const { files, archive } = release.manifest;
  await mkdir(places.downloads, { recursive: true });
  const have = await sizeOf(partOf(places, archive.sha256));
  const old = sumOf((await releaseIn(places.slot(slot)))?.manifest.files ?? []);
  const needed = archive.bytes - have + Math.max(0, sumOf(files) - old) + reserveBytes;
  const free = await freeBytes(places.downloads);
  if (free < needed) throw releaseFault('not-enough-space', 'the disk has no room for the release', { needed, free });
}

const sumOf = (files: ReleaseManifest['files']): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** As the system says of the file system that a folder is on, for programs that are not root. */
export async function systemFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const partOf = (places: Places, sha256: string): string => join(places.downloads, `${sha256}.part`);

/** The archive as a file that is what the manifest says. */
async function fetchArchive({ places, release, fetchFrom, pace, stop }: Staging): Promise<string> {
  const { archive } = release.manifest;
  const path = join(places.downloads, `${archive.sha256}.gz`);
  await forgetOthers(places, archive.sha256);
  if ((await sizeOf(path)) === archive.bytes) return path;
  try {
    await downloadFile({
      content: archive,
      path,
      part: partOf(places, archive.sha256),
      fetchFrom,
      ...(pace && { pace }),
      stop,
    });
  } catch (cause) {
    throw verdictOf(cause) ?? cause;
  }
  return path;
}

/** What another try would not mend; `undefined` for a line that broke. */
function verdictOf(error: unknown): DomainError | undefined {
  if (!(error instanceof DomainError)) return undefined;
  if (error.code === 'wrong-hash')
    return releaseFault('archive-damaged', 'the archive is not what the manifest says', {}, { cause: error });
  if (error.code === 'too-long')
    return releaseFault('archive-too-long', 'the archive is longer than the manifest says', {}, { cause: error });
  return undefined;
}

/** One download at a time is kept. */
async function forgetOthers({ downloads }: Places, sha256: string): Promise<void> {
  for (const file of await readdir(downloads))
    if (!file.startsWith(sha256)) await rm(join(downloads, file), { force: true });
}

/** An archive that cannot be unpacked is not tried again. */
async function unpack(archive: string, folder: string, { files }: ReleaseManifest): Promise<void> {
  try {
    await readArchive(archive, 0, files, folderSink(folder));
  } catch (error) {
    if (isNoSpace(error)) throw releaseFault('not-enough-space', 'the disk is full', {}, { cause: error });
    if (error instanceof DomainError) await rm(archive, { force: true });
    throw error;
  }
}

const isNoSpace = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOSPC';

/** Names are on the disk only when their folder is. */
async function syncFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await syncFolders(join(folder, entry.name));
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
