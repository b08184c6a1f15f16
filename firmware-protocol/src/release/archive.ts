import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ReleaseFile } from '../messages/software.ts';
import { releaseFault } from './release-fault.ts';

/** Where the files of an archive go, one after the other. */
export interface FileSink {
  begin(file: ReleaseFile): Promise<void>;
  write(bytes: Uint8Array): Promise<void>;
  /** Everything of the file has come, and is what the manifest says. */
  end(): Promise<void>;
  /** No more will come. Called in any case. */
  close(): Promise<void>;
}

/** For a look at an archive that leaves nothing behind. */
export const nowhere: FileSink = {
  begin: async () => {},
  write: async () => {},
  end: async () => {},
  close: async () => {},
};

/**
 * Reads an archive from byte `from` of a file: gzip of the bytes of `files`, in their order. Each file is checked by its SHA-256 before its end is told;
 * no more is unpacked than the files have. Rejects with `archive-damaged` or `files-differ`, and with the sink's error.
 */
export async function readArchive(
  path: string,
  from: number,
  files: readonly ReleaseFile[],
  sink: FileSink,
): Promise<void> {
  const cutter = new FileCutter(files, sink);
  try {
    await pipeline(createReadStream(path, { start: from }), createGunzip(), async (bytes) => {
      for await (const piece of bytes) await cutter.take(piece as Buffer);
    });
    await cutter.finish();
  } catch (cause) {
    if (isZlibFault(cause)) throw releaseFault('archive-damaged', 'the archive cannot be read', {}, { cause });
    throw cause;
  } finally {
    await sink.close();
  }
}

const isZlibFault = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');

/** Cuts one run of bytes into the files that it is made of. */
class FileCutter {
  readonly #files: readonly ReleaseFile[];
  readonly #sink: FileSink;
  #index = 0;
  #left = 0;
  #hash: ReturnType<typeof createHash> | undefined;

  constructor(files: readonly ReleaseFile[], sink: FileSink) {
    this.#files = files;
    this.#sink = sink;
  }

  async take(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      await this.#begin();
      if (!this.#hash) throw releaseFault('files-differ', 'the archive has more than the manifest says');
      const part = rest.subarray(0, this.#left);
      this.#hash.update(part);
      await this.#sink.write(part);
      this.#left -= part.length;
      rest = rest.subarray(part.length);
      await this.#endIfDone();
    }
  }

  async finish(): Promise<void> {
    await this.#begin();
    if (this.#hash) throw releaseFault('files-differ', 'the archive has less than the manifest says');
  }

  /** The file to which the next byte belongs; empty ones before it are over at once. */
  async #begin(): Promise<void> {
    for (let file = this.#files[this.#index]; file && !this.#hash; file = this.#files[this.#index]) {
      await this.#sink.begin(file);
      this.#hash = createHash('sha256');
      this.#left = file.bytes;
      await this.#endIfDone();
    }
  }

  async #endIfDone(): Promise<void> {
    const file = this.#files[this.#index];
    if (this.#left > 0 || !this.#hash || !file) return;
    if (this.#hash.digest('hex') !== file.sha256)
      throw releaseFault('files-differ', 'a file is not what the manifest says', { path: file.path });
    await this.#sink.end();
    this.#hash = undefined;
    this.#index += 1;
  }
}

/** Plain files below a folder that has to be empty; each is on the disk when its end is told. */
export function folderSink(folder: string): FileSink {
  let current: FileHandle | undefined;
  const close = async () => {
    await current?.close();
    current = undefined;
  };
  return {
    async begin({ path }) {
      const place = join(folder, path);
      await mkdir(dirname(place), { recursive: true });
      current = await open(place, 'wx', 0o644);
    },
    async write(bytes) {
      await current?.writeFile(bytes);
    },
    async end() {
      await current?.sync();
      await close();
    },
    close,
  };
}
