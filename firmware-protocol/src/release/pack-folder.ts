import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import {
  archiveBytesMax,
  releaseBytesMax,
  releaseFilesMax,
  releasePath,
  type ReleaseFile,
  type ReleaseManifest,
} from '../messages/software.ts';
import { DomainError } from '../units/errors.ts';

const fault = (code: string, message: string) => new DomainError(code, message);

/**
 * Writes the archive of a folder to `out` and says what is in it. The same files give the same bytes: names in code-unit order, no times, no
 * owners, no modes. Names that begin with a dot are left out. Rejects with `link-in-release`, `name-not-portable` or `release-too-large`.
 */
export async function packFolder(folder: string, out: string): Promise<Pick<ReleaseManifest, 'files' | 'archive'>> {
  const paths = await pathsBelow(folder, '');
  if (paths.length === 0) throw fault('release-empty', `${folder} has no files`);
  if (paths.length > releaseFilesMax) throw fault('release-too-large', `more than ${releaseFilesMax} files`);
  const files: ReleaseFile[] = [];
  const whole = createHash('sha256');
  let archiveBytes = 0;
  const count = new Transform({
    transform(piece: Buffer, _encoding, next) {
      whole.update(piece);
      archiveBytes += piece.length;
      next(
        archiveBytes > archiveBytesMax ? fault('release-too-large', `more than ${archiveBytesMax} bytes`) : null,
        piece,
      );
    },
  });
  await pipeline(
    Readable.from(contents(folder, paths, files), { objectMode: false }),
    createGzip({ level: constants.Z_BEST_COMPRESSION }),
    count,
    createWriteStream(out),
  );
  return { files, archive: { bytes: archiveBytes, sha256: whole.digest('hex') } };
}

async function pathsBelow(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) found.push(...(await pathsBelow(folder, `${path}/`)));
    else if (!entry.isFile()) throw fault('link-in-release', `${path} is neither a file nor a folder`);
    else if (!releasePath.safeParse(path).success) throw fault('name-not-portable', `${path} is no name for a release`);
    else found.push(path);
  }
  return prefix === '' ? found.sort() : found;
}

/** The bytes of the files, one after the other; what they were is added to `files`. */
async function* contents(folder: string, paths: readonly string[], files: ReleaseFile[]): AsyncGenerator<Buffer> {
  let total = 0;
  for (const path of paths) {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of createReadStream(join(folder, path))) {
      const chunk = piece as Buffer;
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
    total += bytes;
    if (total > releaseBytesMax) throw fault('release-too-large', `more than ${releaseBytesMax} bytes unpacked`);
    files.push({ path, bytes, sha256: hash.digest('hex') });
  }
}
