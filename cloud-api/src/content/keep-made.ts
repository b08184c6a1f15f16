import { invariant } from '@gatecast/firmware-protocol';
import type { BlobStore, KeptBlob } from '../platform/blob-store.ts';
import type { ClipFileRow } from './clip-files.ts';
import { cuts } from './cuts.ts';
import type { FileSource } from './profiles.ts';
import type { MadeFile } from './transcode.ts';

type File = Omit<ClipFileRow, 'clipId'>;

export interface KeptFiles {
  readonly files: readonly File[];
  /** What a console looks at: the lift cut for the smaller screens. */
  readonly shown: File;
}

/** Keeps what was made, each file once; the source itself stays on the desk. */
export async function keepMade(blobs: BlobStore, made: readonly MadeFile[], sourcePath: string): Promise<KeptFiles> {
  const kept = new Map<string, KeptBlob>();
  const keep = async (path: string): Promise<KeptBlob> => {
    const blob = kept.get(path) ?? (await (path === sourcePath ? blobs.keepCopy(path) : blobs.keep(path)));
    kept.set(path, blob);
    return blob;
  };
  const files: File[] = [];
  for (const { path, posterPath, ...about } of made) {
    const { sha256: posterSha256, bytes: posterBytes } = await keep(posterPath);
    files.push({ ...about, ...(await keep(path)), posterSha256, posterBytes });
  }
  return withShown(files);
}

/** A file that is a clip as it stands, for every place, without a still: nothing here can make one. */
export async function keepWhole(
  blobs: BlobStore,
  path: string,
  { durationMs, width, height }: FileSource,
): Promise<KeptFiles> {
  const file = {
    ...(await blobs.keepCopy(path)),
    durationMs,
    width,
    height,
    profile: 'B',
    posterSha256: null,
    posterBytes: null,
  } as const;
  return withShown(cuts.map((cut) => ({ cut, ...file })));
}

function withShown(files: readonly File[]): KeptFiles {
  const shown = files.find(({ cut, profile }) => cut === 'lift' && profile === 'B');
  invariant(shown, 'every clip has a lift cut for the smaller screens');
  return { files, shown };
}
