import { spawn, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { DomainError } from '@gatecast/firmware-protocol';
import type { Ffmpeg } from './find-ffmpeg.ts';
import { lendFiles } from './lend-files.ts';
import type { RunLimits, Sandbox } from './sandbox.ts';

/** An ffmpeg and what holds it. */
export interface Converter {
  readonly ffmpeg: Ffmpeg;
  readonly sandbox: Sandbox;
  /** Address space that one run may take. */
  readonly memoryBytes: number;
}

export interface FfmpegRun {
  /** After `-hide_banner -nostdin -y -loglevel error`. */
  readonly args: readonly string[];
  readonly wallMsMax?: number;
  readonly cpuSecondsMax?: number;
  readonly outputBytesMax?: number;
  /** A line of its standard output. */
  onLine?(line: string): void;
}

/**
 * Why a run came to nothing. `transcode-failed`: what ffmpeg made of the file, with its own words; `transcode-limits`: it needed more than any video
 * may. The others are no fault of the file and pass: `transcode-timeout`, `transcode-interrupted` (killed from outside, or it could not start),
 * `disk-full`.
 */
export type TranscodeFault =
  | 'transcode-failed'
  | 'transcode-limits'
  | 'transcode-timeout'
  | 'transcode-interrupted'
  | 'disk-full';

/** Whether the same file may well do at the next try. */
export const passes = (code: string): boolean =>
  code === 'transcode-timeout' || code === 'transcode-interrupted' || code === 'disk-full';

const wallMsDefault = 5 * 60_000;
const cpuSecondsDefault = 240;
const outputBytesDefault = 64 * 1024 * 1024;
/** More is a trick: no screen and no phone of ours has such a picture. */
const pixelsMax = 4_096 * 4_096;
const lowPriority = 10;
const wordsBytesMax = 16_384;

/** Uploads are untrusted: only local files, only the MP4 reader, so that no playlist or script can reach further; two threads, whatever the machine. */
export const untrustedVideo = (path: string): string[] =>
  [
    ['-protocol_whitelist', 'file,pipe', '-f', 'mov', '-max_pixels', String(pixelsMax), '-threads', '2'],
    ['-i', path],
  ].flat();

/**
 * Runs ffmpeg in its sandbox at low priority and with an environment that holds no secret. Resolves with the end of what it said on standard error.
 * Rejects with DomainError of a `TranscodeFault`, or with the signal's reason when `signal` aborts; then no process of it is left.
 */
export async function runFfmpeg(converter: Converter, run: FfmpegRun, signal: AbortSignal): Promise<string> {
  const { user } = converter.sandbox;
  if (user === undefined) return runAsItIs(converter, run, signal);
  const takeBack = await lendFiles(user, run.args);
  try {
    return await runAsItIs(converter, run, signal);
  } finally {
    await takeBack();
  }
}

async function runAsItIs(converter: Converter, run: FfmpegRun, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const limits = limitsOf(converter, run);
  const command = [converter.ffmpeg.path, '-hide_banner', '-nostdin', '-y', '-loglevel', 'error', ...run.args];
  const [program, ...args] = converter.sandbox.wrap(limits, command);
  // A group of its own, so that a script that wraps ffmpeg takes its ffmpeg along.
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: plainEnvironment() });
  const deadline = AbortSignal.timeout(run.wallMsMax ?? wallMsDefault);
  const ends = AbortSignal.any([signal, deadline]);
  const kill = () => killGroup(child);
  ends.addEventListener('abort', kill, { once: true });
  if (child.pid !== undefined) setPriority(child.pid, lowPriority);
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-wordsBytesMax)));
  createInterface({ input: child.stdout }).on('line', (line) => run.onLine?.(line));
  const end = await endOf(child);
  ends.removeEventListener('abort', kill);
  if (end.code === 0) return words;
  signal.throwIfAborted();
  throw faultOf(end, words.trim(), deadline.aborted);
}

const limitsOf = ({ memoryBytes }: Converter, run: FfmpegRun): RunLimits => ({
  memoryBytes,
  cpuSeconds: run.cpuSecondsMax ?? cpuSecondsDefault,
  outputBytes: run.outputBytesMax ?? outputBytesDefault,
});

/** What finds programs and libraries, and nothing else. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR'];
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

const endOf = (child: ChildProcess): Promise<End> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}

/** ffmpeg ends with 255 when a signal asked it to, as the limit of processor time does. */
const codeOfAsked = 255;
/** How the programs around it and the loader say that it never ran: it, or a library of its, is not there, as while somebody replaces it. */
const codesOfNotRun: readonly (number | null)[] = [126, 127];
const wordsOfSandbox = /^(?:unshare|setpriv|prlimit|sh): /;
const outOfMemory = /malloc of size|cannot allocate memory|out of memory|resource temporarily unavailable/i;

function faultOf(end: End, words: string, isLate: boolean): DomainError<TranscodeFault> {
  const fault = (code: TranscodeFault, message: string, details: Readonly<Record<string, unknown>> = {}) =>
    new DomainError(code, message, { words, ...details }, { cause: end.error });
  if (isLate) return fault('transcode-timeout', 'the video took too long to convert');
  const isNotRun = end.error !== undefined || codesOfNotRun.includes(end.code) || wordsOfSandbox.test(words);
  if (isNotRun) return fault('transcode-interrupted', 'the converter cannot be started');
  const limits = (limit: string) => fault('transcode-limits', 'the video asks for more than a video may', { limit });
  if (end.signal === 'SIGXFSZ') return limits('output');
  if (end.signal === 'SIGXCPU' || end.code === codeOfAsked) return limits('cpu');
  if (/no space left on device/i.test(words)) return fault('disk-full', 'there is no room on the disk');
  if (outOfMemory.test(words)) return limits('memory');
  if (end.signal !== null) return fault('transcode-interrupted', 'the converter was ended', { signal: end.signal });
  return fault('transcode-failed', 'the video cannot be converted', { exit: end.code });
}
