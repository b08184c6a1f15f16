import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const run = promisify(execFile);
const probeMs = 10_000;
const outputBytesMax = 4 * 1024 * 1024;

/** A converter that can make our clips. */
export interface Ffmpeg {
  readonly path: string;
  readonly from: 'FFMPEG_PATH' | 'ffmpeg-static' | 'PATH' | '@ffmpeg-installer/ffmpeg';
  /** First line of `ffmpeg -version`. */
  readonly version: string;
}

/** Why there is none: each candidate and what was wrong with it. */
export interface NoFfmpeg {
  readonly path: null;
  readonly tried: readonly { readonly candidate: string; readonly fault: string }[];
}

interface FfmpegEnvironment {
  readonly FFMPEG_PATH?: string | undefined;
  /** Where programs are; default: as this program has it. */
  readonly PATH?: string | undefined;
}

interface Candidate {
  readonly from: Ffmpeg['from'];
  readonly path: string | undefined;
}

/**
 * The first of FFMPEG_PATH, ffmpeg-static, `ffmpeg` on PATH and @ffmpeg-installer/ffmpeg that runs and has libx264, aac and loudnorm.
 * ffmpeg-static may be absent or point at a file that was never downloaded, so its file is looked for; the last one is old
 * (2018) and stands in for development only. `FFMPEG_PATH=none` looks for none. Packages are those that `modulesOf` sees. Never rejects.
 */
export async function findFfmpeg(
  env: FfmpegEnvironment,
  modulesOf: string = import.meta.url,
): Promise<Ffmpeg | NoFfmpeg> {
  const tried: { candidate: string; fault: string }[] = [];
  for (const { from, path } of candidates(env, createRequire(modulesOf))) {
    const found = path === undefined ? { fault: 'not installed' } : await probe(path, env.PATH);
    if ('version' in found && path !== undefined) return { path, from, version: found.version };
    tried.push({ candidate: path ?? from, fault: 'fault' in found ? found.fault : 'not installed' });
  }
  return { path: null, tried };
}

function* candidates(env: FfmpegEnvironment, load: NodeJS.Require): Generator<Candidate> {
  if (env.FFMPEG_PATH === 'none') return;
  if (env.FFMPEG_PATH) yield { from: 'FFMPEG_PATH', path: env.FFMPEG_PATH };
  yield { from: 'ffmpeg-static', path: binaryOf(load, 'ffmpeg-static') };
  yield { from: 'PATH', path: 'ffmpeg' };
  yield { from: '@ffmpeg-installer/ffmpeg', path: binaryOf(load, '@ffmpeg-installer/ffmpeg') };
}

/** The path that a package exports: the string itself (ffmpeg-static) or its `path` (@ffmpeg-installer). */
function binaryOf(load: NodeJS.Require, name: string): string | undefined {
  let exported: unknown;
  try {
    exported = load(name);
  } catch {
    // Absent on purpose or unfit for this platform: the next candidate takes its place, and `tried` says so.
    return undefined;
  }
  const path = typeof exported === 'object' && exported !== null && 'path' in exported ? exported.path : exported;
  return typeof path === 'string' && existsSync(path) ? path : undefined;
}

async function probe(path: string, searched: string | undefined): Promise<{ version: string } | { fault: string }> {
  try {
    const [version, encoders, filters] = await Promise.all([
      output(path, '-version', searched),
      output(path, '-encoders', searched),
      output(path, '-filters', searched),
    ]);
    const fault = missingFeature(encoders, filters);
    return fault ? { fault } : { version: version.split('\n', 1)[0] ?? '' };
  } catch (error) {
    return { fault: error instanceof Error && 'code' in error ? `cannot run: ${String(error.code)}` : 'cannot run' };
  }
}

async function output(path: string, list: string, searched = process.env['PATH']): Promise<string> {
  const args = list === '-version' ? [list] : ['-hide_banner', list];
  const { stdout } = await run(path, args, { timeout: probeMs, maxBuffer: outputBytesMax, env: { PATH: searched } });
  return stdout;
}

/** Looks for the coders and the filter in ffmpeg's own lists, such as ` V..... libx264   libx264 H.264…`. */
export function missingFeature(encoders: string, filters: string): string | undefined {
  const has = (list: string, name: string) => new RegExp(`^\\s*\\S+\\s+${name}\\s`, 'm').test(list);
  if (!has(encoders, 'libx264')) return 'lacks libx264';
  if (!has(encoders, 'aac')) return 'lacks aac';
  return has(filters, 'loudnorm') ? undefined : 'lacks loudnorm';
}
