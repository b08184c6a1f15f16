import { join } from 'node:path';
import { DomainError, invariant } from '@gatecast/firmware-protocol';
import type { Cut, ScreenProfile } from './cuts.ts';
import { readMp4File } from './file-source.ts';
import { createEar, type Ear } from './hear.ts';
import { isSilent, isTooLoud, parseLoudness } from './loudness.ts';
import type { Mp4Facts } from './mp4.ts';
import { planFiles, profiles, type FileSource, type PlannedFile } from './profiles.ts';
import { runFfmpeg, type Converter } from './run-ffmpeg.ts';
import { longestBlackMs, parsePicture } from './source-picture.ts';
import {
  encodeArguments,
  inspectArguments,
  posterArguments,
  progressShare,
  trimArguments,
  type EncodeSource,
} from './transcode-arguments.ts';

export interface TranscodeRequest {
  readonly source: FileSource & { readonly path: string; readonly hasAudio: boolean };
  /** An empty folder for what is made. */
  readonly folder: string;
  readonly targetLufs: number;
  /** 0 to 99 over all files. */
  readonly onProgress: (percent: number) => void;
}

export interface MadeFile {
  readonly cut: Cut;
  readonly profile: ScreenProfile;
  /** In the folder; of a file that is kept to the byte, the source itself. Two cuts may be one file. */
  readonly path: string;
  readonly posterPath: string;
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
}

/** What the reviewers' checks want to know of the lift cut for the smaller screens. */
export interface MeasuredClip {
  /** Undefined: it is silent. */
  readonly loudnessLufs: number | undefined;
  readonly blackMs: number;
}

export interface Transcoded {
  readonly files: readonly MadeFile[];
  readonly measured: MeasuredClip;
}

const durationMsMin = 1_000;
const stillMsMax = 30_000;
const inspectMsMax = 60_000;

/** One conversion: what it was asked and what it runs with. */
interface Run extends TranscodeRequest {
  readonly converter: Converter;
  readonly signal: AbortSignal;
  readonly ear: Ear;
}

/**
 * Makes the files of a clip, each with a still. Rejects with DomainError of a `TranscodeFault` (`transcode-failed` with ffmpeg's own words), or with the
 * signal's reason when `signal` aborts. What is in the folder then is the caller's to clear.
 */
export async function transcode(
  converter: Converter,
  request: TranscodeRequest,
  signal: AbortSignal,
): Promise<Transcoded> {
  const { path, width, height } = request.source;
  const run: Run = {
    ...request,
    converter,
    signal,
    ear: createEar(converter, request.source, request.targetLufs, signal),
  };
  const picture = parsePicture(await run.ear.describe(planFiles(request.source)[0]?.durationMs ?? 0));
  const source: EncodeSource = { ...picture, path, width: width * picture.pixelAspect, height };
  const plan = planFiles({ ...request.source, width: source.width });
  const progress = progressOver(plan, request.onProgress);
  const files: MadeFile[] = [];
  for (const file of plan) {
    const lift = files.find(({ cut, profile }) => cut === 'lift' && profile === file.profile);
    files.push(await makeFile(run, { file, source, lift, onShare: progress(file) }));
  }
  return { files, measured: await inspect(run, files) };
}

interface FileParts {
  readonly file: PlannedFile;
  readonly source: EncodeSource;
  readonly lift: MadeFile | undefined;
  readonly onShare: (share: number) => void;
}

async function makeFile(run: Run, { file, source, lift, onShare }: FileParts): Promise<MadeFile> {
  const { cut, profile, durationMs, how } = file;
  const output = join(run.folder, `${cut}-${profile}.mp4`);
  const work = async (args: readonly string[]): Promise<MadeFile> => {
    const onLine = (line: string) => {
      const share = progressShare(line, durationMs);
      if (share !== undefined) onShare(share);
    };
    await runFfmpeg(run.converter, { args, onLine }, run.signal);
    return finishFile(run, file, output);
  };
  if (how === 'same-as-lift') return { ...madeBefore(lift), cut };
  const sound = await run.ear.hear(durationMs);
  if (how === 'encode') return work(encodeArguments(source, profile, await sound.level(), durationMs, output));
  if (how === 'trim-lift') {
    return work(trimArguments(madeBefore(lift).path, source.path, await sound.level(), durationMs, output));
  }
  const isFine = sound.loudness === undefined || !isTooLoud(sound.loudness, run.targetLufs);
  if (how === 'keep' && isFine) return finishFile(run, file, source.path);
  return work(trimArguments(source.path, source.path, isFine ? 'copied' : await sound.level(), durationMs, output));
}

function madeBefore(lift: MadeFile | undefined): MadeFile {
  invariant(lift, 'the lift cut is made before the door cut');
  return lift;
}

/** Looks at what was made as at what a stranger sent, and takes its still. */
async function finishFile(run: Run, { cut, profile }: PlannedFile, path: string): Promise<MadeFile> {
  const facts = await readMp4File(path);
  const { durationMs, video } = facts;
  invariant(isOfProfile(facts, profile), `the converter makes files of profile ${profile}`);
  if (durationMs < durationMsMin) throw new DomainError('transcode-failed', 'the video ends at once', { durationMs });
  const posterPath = join(run.folder, `${cut}-${profile}.jpg`);
  const args = posterArguments(path, durationMs, posterPath);
  await runFfmpeg(run.converter, { args, wallMsMax: stillMsMax }, run.signal);
  return { cut, profile, path, posterPath, durationMs, width: video.width, height: video.height };
}

function isOfProfile({ video, fastStart }: Mp4Facts, profile: ScreenProfile): boolean {
  const { width, height, avcProfile, avcLevel } = profiles[profile];
  const isSized = video.width === width && video.height === height;
  const isCoded = video.avc?.profile === avcProfile && video.avc.level <= avcLevel;
  return isSized && isCoded && video.constantRate && !video.reordered && fastStart;
}

async function inspect(run: Run, files: readonly MadeFile[]): Promise<MeasuredClip> {
  const lift = madeBefore(files.find(({ cut, profile }) => cut === 'lift' && profile === 'B'));
  const { audioCodec } = await readMp4File(lift.path);
  const args = inspectArguments(lift.path, audioCodec !== null);
  const words = await runFfmpeg(run.converter, { args, wallMsMax: inspectMsMax }, run.signal);
  const loudness = parseLoudness(words);
  return {
    loudnessLufs: loudness && !isSilent(loudness) ? loudness.lufs : undefined,
    blackMs: longestBlackMs(words),
  };
}

/** Files weigh by what they cost: pictures to be coded, and a little for those that are only copied. */
function progressOver(plan: readonly PlannedFile[], tell: (percent: number) => void) {
  const weigh = ({ how, profile, durationMs }: PlannedFile) =>
    durationMs * (how === 'encode' ? profiles[profile].width * profiles[profile].height : copyWeight);
  const total = plan.reduce((sum, file) => sum + weigh(file), 0);
  return (file: PlannedFile) => {
    const before = plan.slice(0, plan.indexOf(file)).reduce((sum, one) => sum + weigh(one), 0);
    return (share: number) => tell(Math.min(99, Math.floor((100 * (before + weigh(file) * share)) / total)));
  };
}
const copyWeight = 50_000;
