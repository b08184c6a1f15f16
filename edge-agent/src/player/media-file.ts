import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@gatecast/firmware-protocol';
import type { MediaClip } from '@gatecast/firmware-protocol/messages';

type MediaFault = 'bad-status' | 'bad-range' | 'too-long' | 'too-short' | 'wrong-hash' | 'idle' | 'unreachable';

const fault = (code: MediaFault, message: string, options?: ErrorOptions) =>
  new DomainError(code, message, {}, options);

export const clipPath = (dir: string, sha256: string): string => join(dir, `${sha256}.mp4`);
const partPath = (dir: string, sha256: string): string => join(dir, `${sha256}.part`);

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await statOf(path))?.size ?? 0;
}

/** True if the file is exactly the clip. Read in pieces, so that no turn of the event loop is long. */
export async function isWhole(path: string, clip: MediaClip): Promise<boolean> {
  if ((await sizeOf(path)) !== clip.bytes) return false;
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex') === clip.sha256;
}

/** `GET` of a clip from a byte on, with the terminal's bearer token. */
export type FetchMedia = (sha256: string, fromByte: number, signal: AbortSignal) => Promise<Response>;

/** A connection on which nothing comes for so long is given up. */
const idleMsMax = 30_000;

/**
 * Brings one clip into `dir`: goes on where an earlier try ended, checks the SHA-256 of the whole, and only then gives it its name.
 * Rejects with DomainError whose code is a MediaFault.
 */
export async function downloadClip(
  dir: string,
  clip: MediaClip,
  fetchMedia: FetchMedia,
  stop: AbortSignal,
): Promise<void> {
  const part = partPath(dir, clip.sha256);
  if ((await sizeOf(part)) > clip.bytes) await rm(part, { force: true });
  const have = await sizeOf(part);
  if (have < clip.bytes) await appendRest(part, have, clip, fetchMedia, stop);
  if (!(await isWhole(part, clip))) {
    await rm(part, { force: true });
    throw fault('wrong-hash', 'the clip is not what its name says');
  }
  await rename(part, clipPath(dir, clip.sha256));
  await syncDirectory(dir);
}

async function appendRest(
  part: string,
  have: number,
  clip: MediaClip,
  fetchMedia: FetchMedia,
  stop: AbortSignal,
): Promise<void> {
  const idle = new AbortController();
  const watch = setTimeout(() => idle.abort(fault('idle', 'nothing came for 30 s')), idleMsMax);
  const signal = AbortSignal.any([stop, idle.signal]);
  try {
    const response = await request(fetchMedia, clip.sha256, have, signal);
    const from = await startOf(response, have, part);
    await write(part, from, clip.bytes, response, () => watch.refresh(), signal);
  } finally {
    clearTimeout(watch);
  }
}

async function request(fetchMedia: FetchMedia, sha256: string, from: number, signal: AbortSignal): Promise<Response> {
  try {
    return await fetchMedia(sha256, from, signal);
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw fault('unreachable', 'the cloud could not be reached', { cause });
  }
}

/** The byte at which the body begins. A server that knows no ranges begins at 0. */
async function startOf(response: Response, have: number, part: string): Promise<number> {
  if (response.status === 200) return 0;
  const begins = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (response.status === 206 && Number(begins) === have) return have;
  await response.body?.cancel();
  if (response.status !== 206 && response.status !== 416)
    throw fault('bad-status', `the cloud answered ${response.status}`);
  await rm(part, { force: true });
  throw fault('bad-range', 'the cloud sent another part than was asked for');
}

async function write(
  part: string,
  from: number,
  bytesMax: number,
  response: Response,
  alive: () => void,
  signal: AbortSignal,
): Promise<void> {
  const file = await open(part, from === 0 ? 'w' : 'a');
  let size = from;
  try {
    for await (const piece of response.body ?? []) {
      signal.throwIfAborted();
      alive();
      size += piece.byteLength;
      if (size > bytesMax) throw fault('too-long', 'more bytes came than the clip has');
      await file.write(piece);
    }
    await file.sync();
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw fault('unreachable', 'the connection broke', { cause });
  } finally {
    await file.close();
  }
  if (size < bytesMax) throw fault('too-short', 'the connection ended early');
}

async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
