import { readFile, writeFile } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import { makerFault } from './maker-fault.ts';
import { photoPixelsMax } from './pictures.ts';

export const photoBytesMax = 25 * 1024 * 1024;
export const photoSideMin = 640;
/** What the largest template needs of a tall photo, with room for the camera. */
const photoSideMax = 2_700;

const headBytes = 12;

/** What a file is by its first bytes. Only these are ever given to a decoder. */
function isPicture(bytes: Buffer): boolean {
  const head = bytes.subarray(0, headBytes).toString('latin1');
  const isAvif = head.slice(4, 8) === 'ftyp' && /^avi[fs]/.test(head.slice(8));
  const isWebp = head.startsWith('RIFF') && head.slice(8) === 'WEBP';
  return head.startsWith('\xff\xd8\xff') || head.startsWith('\x89PNG\r\n\x1a\n') || isWebp || isAvif;
}

export interface Photo {
  readonly width: number;
  readonly height: number;
}

/**
 * Takes in a stranger's picture: decoded within limits, turned upright as its camera says, and coded again as a JPEG with nothing of the camera's notes
 * (the place where it was taken among them). Rejects with the `photo-…` codes.
 */
export async function takePhoto(path: string, output: string): Promise<Photo> {
  const bytes = await readFile(path);
  if (!isPicture(bytes)) throw makerFault('photo-not-a-picture');
  const { width, height } = sizeOf(await readable(sharp(bytes, { limitInputPixels: false }).metadata()));
  if (width * height > photoPixelsMax)
    throw makerFault('photo-too-many-pixels', { width, height, max: photoPixelsMax });
  if (Math.min(width, height) < photoSideMin) throw makerFault('photo-too-small', { width, height, min: photoSideMin });
  const upright = sharp(bytes, { limitInputPixels: photoPixelsMax, failOn: 'error', pages: 1 })
    .autoOrient()
    .resize(photoSideMax, photoSideMax, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality: 90 });
  const { data, info } = await readable(upright.toBuffer({ resolveWithObject: true }));
  await writeFile(output, data);
  return { width: info.width, height: info.height };
}

const sizeOf = ({ width, height }: Metadata): Photo => ({ width, height });

/** Whatever a decoder says of strangers' bytes is a refusal of them. */
async function readable<R>(work: Promise<R>): Promise<R> {
  try {
    return await work;
  } catch (error) {
    throw makerFault('photo-not-a-picture', { words: error instanceof Error ? error.message.slice(0, 200) : '' });
  }
}
