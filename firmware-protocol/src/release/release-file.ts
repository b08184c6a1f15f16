import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { signedRelease, type ReleaseManifest, type SignedRelease } from '../messages/software.ts';
import { DomainError } from '../units/errors.ts';
import { nowhere, readArchive } from './archive.ts';
import { releaseFault } from './release-fault.ts';

/**
 * A release as a file: one line of JSON, the manifest with its signature if it has one, and then the archive. Longest line that is read; 4,000 files of
 * a release stay below it.
 */
const headBytesMax = 2 * 1024 * 1024;

const head = z.object({ release: signedRelease.extend({ signature: signedRelease.shape.signature.nullable() }) });
type Head = z.infer<typeof head>['release'];

export interface ReleaseFileHead {
  readonly release: Head;
  /** Where in the file the archive begins. */
  readonly archiveFrom: number;
}

/** What is packed and not signed yet. */
export const unsigned = (manifest: ReleaseManifest): Head => ({
  manifest,
  signature: null,
  successions: [],
});

export const isSigned = (release: Head): release is SignedRelease => release.signature !== null;

/** Writes a release file beside `path` and gives it its name when it is whole. The archive is a part of another file. */
export async function writeReleaseFile(
  path: string,
  release: Head,
  archive: { readonly path: string; readonly from: number },
): Promise<void> {
  const draft = `${path}.new`;
  try {
    const out = createWriteStream(draft);
    out.write(`${JSON.stringify({ release })}\n`);
    await pipeline(createReadStream(archive.path, { start: archive.from }), out);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Rejects with `release-unreadable` for anything that is no release file. */
export async function readReleaseHead(path: string): Promise<ReleaseFileHead> {
  const line = await firstLine(path);
  const parsed = head.safeParse(line === undefined ? undefined : json(line));
  if (!parsed.success || line === undefined) {
    throw new DomainError('release-unreadable', `${path} is no release file`, {}, { cause: parsed.error });
  }
  return { release: parsed.data.release, archiveFrom: line.length + 1 };
}

async function firstLine(path: string): Promise<Buffer | undefined> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(headBytesMax);
    const { bytesRead } = await file.read(bytes, 0, headBytesMax, 0);
    const end = bytes.subarray(0, bytesRead).indexOf(0x0a);
    return end < 0 ? undefined : bytes.subarray(0, end);
  } finally {
    await file.close();
  }
}

function json(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reads the whole archive and compares it with the manifest. Rejects with `archive-damaged`, `archive-too-long` or `files-differ`. */
export async function requireWholeArchive(path: string, { release, archiveFrom }: ReleaseFileHead): Promise<void> {
  const { archive, files } = release.manifest;
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path, { start: archiveFrom })) {
    const chunk = piece as Buffer;
    bytes += chunk.length;
    if (bytes > archive.bytes) throw releaseFault('archive-too-long', 'the archive is longer than the manifest says');
    hash.update(chunk);
  }
  if (hash.digest('hex') !== archive.sha256)
    throw releaseFault('archive-damaged', 'the archive is not what the manifest says');
  await readArchive(path, archiveFrom, files, nowhere);
}
