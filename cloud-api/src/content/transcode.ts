import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { DomainError } from '@gatecast/firmware-protocol';
import { posterArguments, progressPercent, transcodeArguments, type TranscodeSource } from './transcode-arguments.ts';

export interface TranscodeRequest extends TranscodeSource {
  readonly ffmpeg: string;
  readonly durationMs: number;
  readonly clip: string;
  readonly poster: string;
  onProgress(percent: number): void;
}

const transcodeMsMax = 5 * 60_000;
const posterMsMax = 30_000;
const lowPriority = 10;
const stderrBytesMax = 4_096;

/**
 * Makes the clip and its poster in child processes at low priority. Rejects with DomainError `transcode-failed` (with the end of
 * ffmpeg's own words), `transcode-timeout`, or the signal's reason when `signal` aborts.
 */
export async function transcode(request: TranscodeRequest, signal: AbortSignal): Promise<void> {
  const { ffmpeg, clip, poster, durationMs } = request;
  await runFfmpeg(ffmpeg, transcodeArguments(request, clip), transcodeMsMax, signal, (line) => {
    const percent = progressPercent(line, durationMs);
    if (percent !== undefined) request.onProgress(percent);
  });
  await makePoster({ ffmpeg, clip, poster, durationMs }, signal);
}

export async function makePoster(
  { ffmpeg, clip, poster, durationMs }: Pick<TranscodeRequest, 'ffmpeg' | 'clip' | 'poster' | 'durationMs'>,
  signal: AbortSignal,
): Promise<void> {
  await runFfmpeg(ffmpeg, posterArguments(clip, durationMs, poster), posterMsMax, signal, () => {});
}

async function runFfmpeg(
  path: string,
  args: readonly string[],
  msMax: number,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<void> {
  signal.throwIfAborted();
  const deadline = AbortSignal.timeout(msMax);
  const child = spawn(path, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, deadline]),
    killSignal: 'SIGKILL',
  });
  if (child.pid !== undefined) setPriority(child.pid, lowPriority);
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-stderrBytesMax)));
  createInterface({ input: child.stdout }).on('line', onLine);
  const failure = await new Promise<Error | undefined>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => resolve(code === 0 ? undefined : new Error(`ffmpeg ended with ${code}`)));
  });
  if (!failure) return;
  signal.throwIfAborted();
  if (deadline.aborted) throw new DomainError('transcode-timeout', 'the video took too long to convert', { msMax });
  throw new DomainError(
    'transcode-failed',
    'the video cannot be converted',
    { words: words.trim() },
    { cause: failure },
  );
}
