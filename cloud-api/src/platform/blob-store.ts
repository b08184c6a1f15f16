import type { ReadableStream as WebStream } from 'node:stream/web';
import { join } from 'node:path';
import type { DomainError } from '@gatecast/firmware-protocol';
import type { Config } from '../config.ts';
import { createFolderStore } from './blob-store-folder.ts';
import { createS3Store } from './blob-store-s3.ts';

export interface KeptBlob {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Files by the SHA-256 of their bytes, which are there whole or not at all, and a desk where unfinished work lies under names of its owner's choice.
 * A name on the desk has one owner at a time; it may have folders (`upld_…/0-8f3a`). All paths are on this machine; what another process must
 * find is `share`d, and what somebody else shared is had by `fetch`.
 */
export interface BlobStore {
  start(): Promise<void>;
  /** Writes a stream to `name` on this machine's desk, flushed. Rejects with what `tooLarge` makes of longer ones; then nothing is left behind. */
  receive(
    name: string,
    body: WebStream<Uint8Array>,
    bytesMax: number,
    tooLarge: (bytesMax: number) => DomainError,
  ): Promise<KeptBlob>;
  /** Where a file on this machine's desk is, or would be. */
  desk(name: string): string;
  /** Lets every process have a finished file of this machine's desk. */
  share(name: string): Promise<void>;
  /** Path of a shared file on this machine's desk, brought here if need be. Rejects with `not-found`. */
  fetch(name: string): Promise<string>;
  /** Writes a small shared file at once: it is there whole, or not. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** A small shared file. Rejects with `not-found`. */
  get(name: string): Promise<Uint8Array>;
  /** Takes a file off the desk, everywhere. */
  discard(name: string): Promise<void>;
  /** Takes all files off the desk whose names begin with `folder/`. */
  discardAll(folder: string): Promise<void>;
  /** First parts of the names on the desk that begin so, at most a thousand: what a crash left is found by it. */
  onDesk(prefix: string): Promise<readonly string[]>;

  /** Moves a finished file in and says its name and size. It is safe from a crash when this resolves. */
  keep(path: string): Promise<KeptBlob>;
  /** Keeps a copy of a file that stays where it is. */
  keepCopy(path: string): Promise<KeptBlob>;
  /** Bytes of a kept file, or undefined if there is none. */
  size(sha256: string): Promise<number | undefined>;
  /** A part of a kept file; `to` is the last byte. */
  read(sha256: string, from: number, to: number): Promise<WebStream<Uint8Array>>;
  /** Deletes a kept file; the caller knows that nothing names it any more. */
  remove(sha256: string): Promise<void>;
}

/** What kept files are of: clips; releases of the agent; papers that people hand in to prove something, which nobody but their readers sees. */
type BlobArea = 'media' | 'releases' | 'papers';

/** Where the files of an area are: a folder of the data folder, or an S3 bucket if the settings name one. */
export function createBlobStore(config: Pick<Config, 'dataDir' | 'mediaS3'>, area: BlobArea): BlobStore {
  const folder = join(config.dataDir, area);
  return config.mediaS3 ? createS3Store(config.mediaS3, area, folder) : createFolderStore(folder);
}
