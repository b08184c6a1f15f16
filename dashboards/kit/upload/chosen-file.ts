import type { ClipUpload } from '@gatecast/cloud-api/client';

/** The cloud's own limit on an upload. */
export const uploadBytesMax = 200 * 1024 * 1024;

/** Why a file is not worth sending. */
export type FileFault = 'notAVideo' | 'tooLarge' | 'empty';

type Chosen = Pick<File, 'name' | 'type' | 'size'>;

const types = new Set(['video/mp4', 'video/quicktime', 'video/x-m4v']);

/** Looks at name, kind and size before 200 MB travel for nothing; whether it can be converted is the cloud's to say. */
export function faultOfFile({ name, type, size }: Chosen, bytesMax: number): FileFault | null {
  // Some phones do not say what a file is.
  const isVideo = types.has(type) || (type === '' && /\.(mp4|mov|m4v)$/i.test(name));
  if (!isVideo) return 'notAVideo';
  if (size === 0) return 'empty';
  return size > bytesMax ? 'tooLarge' : null;
}

/** The unfinished upload that this file goes on with: the same name, size and time of change, which no page can look behind. */
export const continues = (
  file: Pick<File, 'name' | 'size' | 'lastModified'>,
  uploads: readonly ClipUpload[],
): ClipUpload | undefined =>
  uploads.find(
    ({ state, fileName, bytes, fileModifiedAt }) =>
      state === 'receiving' &&
      fileName === nameOf(file) &&
      bytes === file.size &&
      (fileModifiedAt === null || fileModifiedAt === file.lastModified),
  );

const nameCharsMax = 200;
/** A file's name as the cloud keeps it. */
export const nameOf = ({ name }: Pick<File, 'name'>): string => name.trim().slice(0, nameCharsMax) || 'video';

const titleCharsMax = 80;

/** A first title from the file's name: `IMG_2044.mp4` is no title, but better than an empty field. */
export const titleOfFile = (name: string): string =>
  name
    .replace(/\.[^.]+$/, '')
    .replace(/[_-]+/g, ' ')
    .trim()
    .slice(0, titleCharsMax);

/** Bytes as megabytes with one digit: `8.4`. */
export const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
