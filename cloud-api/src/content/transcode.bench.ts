import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { invariant } from '@gatecast/firmware-protocol';
import type { ScreenProfile } from './cuts.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { runFfmpeg, type Converter } from './run-ffmpeg.ts';
import { probeSandbox } from './sandbox.ts';
import { encodeArguments } from './transcode-arguments.ts';
import { transcode } from './transcode.ts';

const exec = promisify(execFile);
const rounds = 3;
const clipMs = 15_000;

/**
 * Fifteen seconds of a phone's video, 1080×1920 at 22 Mbit/s and 30 frames a second, into a clip: each profile in its sandbox beside the bare ffmpeg with the
 * same arguments, in turns, compared by processor time, which a busy machine changes less; then once all four files with their measurements and stills. Three minutes.
 */
export async function run(say: (line: string) => void): Promise<Record<string, number>> {
  const ffmpeg = await findFfmpeg({});
  invariant(ffmpeg.path !== null, 'this benchmark needs an ffmpeg');
  const converter: Converter = { ffmpeg, sandbox: await probeSandbox(), memoryBytes: 2 * 1024 ** 3 };
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  try {
    const path = await makeSource(ffmpeg.path, folder);
    say(`source: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
    const times = new Map<string, number[]>();
    const note = (name: string, value: number) => times.set(name, [...(times.get(name) ?? []), value]);
    for (let round = 0; round < rounds; round += 1) {
      for (const profile of ['A', 'B'] as const) {
        const args = [...timed, ...argumentsOf(path, profile, join(folder, 'out.mp4'))];
        const startedAt = performance.now();
        note(`heldCpu${profile}`, cpuSeconds(await runFfmpeg(converter, { args }, never)));
        note(`held${profile}`, secondsSince(startedAt));
        note(`bareCpu${profile}`, cpuSeconds((await exec(ffmpeg.path, ['-nostdin', '-y', ...args])).stderr));
      }
    }
    const startedAt = performance.now();
    await wholeClip(converter, path, join(folder, 'whole'));
    note('clip', secondsSince(startedAt));
    return figuresOf(times, say);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const never = new AbortController().signal;

/** Much noise: as hard to code as a street with leaves. */
async function makeSource(ffmpeg: string, folder: string): Promise<string> {
  const path = join(folder, 'source.mp4');
  const picture = 'testsrc2=size=1080x1920:rate=30:duration=20,noise=alls=16:allf=t';
  const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', 'sine=frequency=330:duration=20'];
  const rate = ['-b:v', '22M', '-minrate', '22M', '-maxrate', '22M', '-bufsize', '22M', '-pix_fmt', 'yuv420p'];
  await exec(ffmpeg, [
    '-v',
    'error',
    ...inputs,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    ...rate,
    '-c:a',
    'aac',
    path,
  ]);
  return path;
}

function argumentsOf(path: string, profile: ScreenProfile, output: string): string[] {
  const source = { path, width: 1_080, height: 1_920, guessedMatrix: 'bt709', pixelAspect: 1 } as const;
  return encodeArguments(source, profile, { filter: 'volume=-3dB' }, clipMs, output);
}

async function wholeClip(converter: Converter, path: string, folder: string): Promise<void> {
  mkdirSync(folder);
  const source = { path, width: 1_080, height: 1_920, durationMs: 20_000, hasAudio: true, conforms: false };
  await transcode(converter, { source, folder, targetLufs: -23, onProgress: () => undefined }, never);
}

const timed = ['-loglevel', 'info', '-benchmark'];

/** `bench: utime=14.226s stime=0.4s rtime=7.9s`; old builds leave the system's time out. */
const cpuSeconds = (words: string): number =>
  Number(/utime=([\d.]+)s/.exec(words)?.[1]) + Number(/stime=([\d.]+)s/.exec(words)?.[1] ?? 0);

const secondsSince = (startedAt: number): number => (performance.now() - startedAt) / 1_000;

function figuresOf(times: ReadonlyMap<string, readonly number[]>, say: (line: string) => void): Record<string, number> {
  const middle = (name: string) => {
    const sorted = (times.get(name) ?? []).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  };
  const rounded = (value: number) => Number(value.toFixed(2));
  const figures = {
    secondsA: rounded(middle('heldA')),
    cpuSecondsA: rounded(middle('heldCpuA')),
    cpuRatioA: rounded(middle('heldCpuA') / middle('bareCpuA')),
    secondsB: rounded(middle('heldB')),
    cpuSecondsB: rounded(middle('heldCpuB')),
    cpuRatioB: rounded(middle('heldCpuB') / middle('bareCpuB')),
    secondsClip: rounded(middle('clip')),
  };
  for (const [name, value] of Object.entries(figures)) say(`${name}: ${value}`);
  return figures;
}
