import { DomainError } from '@gatecast/firmware-protocol';
import { passes, runFfmpeg, untrustedVideo, type Converter } from './run-ffmpeg.ts';
import { videoFault } from './video-fault.ts';

const framesTried = 10;
const wallMsMax = 30_000;
const cpuSecondsMax = 20;

/**
 * Decodes the first pictures of an upload, in the sandbox. Rejects with `video-undecodable` if none comes; with the runner's own code where that is
 * no fault of the file.
 */
export async function requireDecodable(converter: Converter, path: string, signal: AbortSignal): Promise<void> {
  let frames = 0;
  const onLine = (line: string) => {
    const told = /^frame=\s*(\d+)/.exec(line)?.[1];
    if (told !== undefined) frames = Number(told);
  };
  const picture = ['-map', '0:v:0', '-frames:v', String(framesTried), '-an', '-f', 'null'];
  const args = [...untrustedVideo(path), ...picture, '-progress', 'pipe:1', '-'];
  try {
    await runFfmpeg(converter, { args, wallMsMax, cpuSecondsMax, onLine }, signal);
  } catch (error) {
    if (!(error instanceof DomainError) || passes(error.code)) throw error;
    throw videoFault('video-undecodable', { code: error.code });
  }
  if (frames === 0) throw videoFault('video-undecodable');
}
