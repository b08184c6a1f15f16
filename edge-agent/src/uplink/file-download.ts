import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '@gatecast/firmware-protocol';
import type { HttpAnswer } from './http-request.ts';

type DownloadFault =
  | 'bad-status'
  | 'bad-range'
  | 'too-long'
  | 'too-short'
  | 'wrong-hash'
  | 'idle'
  | 'too-slow'
  | 'unreachable'
  | 'disk-error';

const fault = (code: DownloadFault, message: string, options?: ErrorOptions) =>
  new DomainError(code, message, {}, options);

/** A file by its content. */
export interface FileContent {
  readonly bytes: number;
  readonly sha256: string;
}

/** True if the file is exactly that. Read in pieces, so that no turn of the event loop is long. */
export async function isFile(path: string, { bytes, sha256 }: FileContent): Promise<boolean> {
  if ((await sizeOf(path)) !== bytes) return false;
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex') === sha256;
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** 0 for a file that is not there. */
export async function sizeOf(path: string): Promise<number> {
  return (await statOf(path))?.size ?? 0;
}

export interface Download {
  readonly content: FileContent;
  /** Where the file stands when it is whole, and until then. */
  readonly path: string;
  readonly part: string;
  /** `GET` of the file from a byte on, with the terminal's bearer token. */
  readonly fetchFrom: (fromByte: number, signal: AbortSignal) => Promise<HttpAnswer>;
  /** Resolves when more may be read after so many bytes; default: at once. `alive` says that waiting is no silence. */
  readonly pace?: (bytes: number, alive: () => void, signal: AbortSignal) => Promise<void>;
  readonly stop: AbortSignal;
}

/**
 * Asks for a file from a byte on, if it still is that one (RFC 9110 section 13.1.5): the entity tag of a file that is named by its content is that name. As it
 * is, because part of a compressed file is nothing.
 */
export const fileHeaders = (sha256: string, fromByte: number): Readonly<Record<string, string>> => ({
  'accept-encoding': 'identity',
  ...(fromByte > 0 && { range: `bytes=${fromByte}-`, 'if-range': `"${sha256}"` }),
});

/** A connection on which nothing comes for so long is given up. */
const idleMsMax = 30_000;
/** So is one that is slower than this over all of the file: another try goes on from there, perhaps elsewhere. */
const bytesPerSecondMin = 256;

/**
 * Brings one file: goes on where an earlier try ended, checks the SHA-256 of the whole, and only then gives it its name.
 * Rejects with DomainError whose code is a DownloadFault, or what the cloud's refusal says.
 */
export async function downloadFile(download: Download): Promise<void> {
  const { content, part, path } = download;
  if ((await sizeOf(part)) > content.bytes) await rm(part, { force: true });
  const have = await sizeOf(part);
  if (have < content.bytes) await appendRest(download, have);
  if (!(await isFile(part, content))) {
    await rm(part, { force: true });
    throw fault('wrong-hash', 'the file is not what its name says');
  }
  await rename(part, path);
  await syncDirectory(dirname(path));
}

async function appendRest(download: Download, have: number): Promise<void> {
  const idle = new AbortController();
  const watch = setTimeout(() => idle.abort(fault('idle', 'nothing came for 30 s')), idleMsMax);
  const allMsMax = idleMsMax + (download.content.bytes / bytesPerSecondMin) * 1_000;
  const limit = setTimeout(() => idle.abort(fault('too-slow', 'the file does not come to an end')), allMsMax);
  const signal = AbortSignal.any([download.stop, idle.signal]);
  try {
    const response = await request(download, have, signal);
    const from = await startOf(response, have, download.part);
    await write(download, from, response, () => watch.refresh(), signal);
  } finally {
    clearTimeout(watch);
    clearTimeout(limit);
  }
}

async function request({ fetchFrom }: Download, from: number, signal: AbortSignal): Promise<HttpAnswer> {
  try {
    return await fetchFrom(from, signal);
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw fault('unreachable', 'the cloud could not be reached', { cause });
  }
}

/** The byte at which the body begins. A server that knows no ranges begins at 0. */
async function startOf(response: HttpAnswer, have: number, part: string): Promise<number> {
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
  { part, content, pace }: Download,
  from: number,
  response: HttpAnswer,
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
      if (size > content.bytes) throw fault('too-long', 'more bytes came than the file has');
      await file.appendFile(piece).catch(diskFault);
      await pace?.(piece.byteLength, alive, signal);
    }
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw fault('unreachable', 'the connection broke', { cause });
  } finally {
    // Also what came before a break: the next try goes on after it.
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
  if (size < content.bytes) throw fault('too-short', 'the connection ended early');
}

function diskFault(cause: unknown): never {
  throw fault('disk-error', 'the disk does not take the file', { cause });
}

async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
