/** Why a file is not worth sending. */
export type FileFault = 'notAVideo' | 'tooLarge';

/** Looks at name, kind and size before 200 MB travel for nothing; whether it can be played is the cloud's to say. */
export function faultOfFile(file: Pick<File, 'name' | 'type' | 'size'>, bytesMax: number): FileFault | null {
  const isMp4 = file.type === 'video/mp4' || (file.type === '' && file.name.toLowerCase().endsWith('.mp4'));
  if (!isMp4) return 'notAVideo';
  return file.size > bytesMax ? 'tooLarge' : null;
}

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
