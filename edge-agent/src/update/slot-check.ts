import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  releaseEntry,
  signedRelease,
  type ReleaseFile,
  type SignedRelease,
} from '@gatecast/firmware-protocol/messages';
import { slotReleaseFile } from './slots.ts';

/** The release that a slot says it holds; undefined for one that was installed by hand, is empty or cannot be read. */
export async function releaseIn(folder: string): Promise<SignedRelease | undefined> {
  const text = await readFile(join(folder, slotReleaseFile), 'utf8').catch(ifMissing);
  return text === undefined ? undefined : signedRelease.safeParse(jsonOf(text)).data;
}

/**
 * Whether a slot can be started: every file of its release is there with its hash. A slot that was installed by hand has no release beside it and only has
 * to have its program. A slot whose release cannot be read is not whole.
 */
export async function isWhole(folder: string): Promise<boolean> {
  const isReleased = await isThere(join(folder, slotReleaseFile));
  if (!isReleased) return isThere(join(folder, releaseEntry));
  const release = await releaseIn(folder);
  if (!release) return false;
  for (const file of release.manifest.files) if (!(await isAsSaid(folder, file))) return false;
  return true;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(ifMissing))?.isFile() ?? false;
}

async function isAsSaid(folder: string, { path, bytes, sha256 }: ReleaseFile): Promise<boolean> {
  const place = join(folder, path);
  if ((await stat(place).catch(ifMissing))?.size !== bytes) return false;
  const hash = createHash('sha256');
  for await (const piece of createReadStream(place)) hash.update(piece as Buffer);
  return hash.digest('hex') === sha256;
}

function ifMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined;
  throw error;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
