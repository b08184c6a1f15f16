import { execFile } from 'node:child_process';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import { sha256Hex } from '@gatecast/firmware-protocol/node';

export interface Film {
  readonly sha256: string;
}

/** Twenty seconds of one colour, as a file of its own name in the folder that a screen's clips are served from: what stands over a clip must be read on any. */
export async function film(dir: string, colour: string): Promise<Film> {
  const file = join(dir, `${colour}.mp4`);
  const input = `color=c=${colour}:s=90x160:r=25:d=20`;
  const encoding = '-c:v libx264 -profile:v baseline -pix_fmt yuv420p -movflags +faststart -y'.split(' ');
  await promisify(execFile)(ffmpeg.path, ['-v', 'error', '-f', 'lavfi', '-i', input, ...encoding, file]);
  const sha256 = sha256Hex(await readFile(file));
  await rename(file, join(dir, `${sha256}.mp4`));
  return { sha256 };
}
