import type { ScreenProfile } from './cuts.ts';
import { framesPerSecond, framing, keyFrameEvery, profiles, type PictureSize } from './profiles.ts';
import { untrustedVideo } from './run-ffmpeg.ts';
import type { SourcePicture } from './source-picture.ts';

/** What becomes of the sound: through a filter, silence in its place, or left as it is. */
export type Sound = { readonly filter: string } | 'silent' | 'copied';

export interface EncodeSource extends PictureSize, SourcePicture {
  readonly path: string;
}

/** Everything that would differ between two runs or tell of the source stays out; the index goes first. */
const finish = [
  ['-map_metadata', '-1', '-map_chapters', '-1'],
  ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
  ['-movflags', '+faststart', '-progress', 'pipe:1', '-nostats', '-f', 'mp4'],
].flat();

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

/** The same on every processor. */
const exactly = 'flags=bicubic+accurate_rnd+bitexact';

/**
 * Makes a file of a profile from the first `durationMs` of a source. Progress goes to standard output. The same source gives the same bytes, on
 * whatever machine with the same ffmpeg: x264's result depends on the number of its threads, so that is fixed.
 */
export function encodeArguments(
  source: EncodeSource,
  profile: ScreenProfile,
  sound: Exclude<Sound, 'copied'>,
  durationMs: number,
  output: string,
): string[] {
  const { width, height, avcProfile, avcLevel, bitsPerSecondMax, bufferBits } = profiles[profile];
  const graph = [`[0:v:0]${pictureFilter(source, { width, height })}[v]`, soundFilter(sound, '0:a:0')];
  return [
    untrustedVideo(source.path),
    ['-filter_complex_threads', '2', '-filter_complex', graph.join(';'), '-map', '[v]', '-map', '[a]'],
    ['-t', seconds(durationMs), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-threads:v', '2'],
    ['-profile:v', avcProfile === 66 ? 'baseline' : 'main', '-level:v', String(avcLevel / 10)],
    ['-maxrate', String(bitsPerSecondMax), '-bufsize', String(bufferBits), '-bf', '0'],
    ['-g', String(keyFrameEvery), '-keyint_min', String(keyFrameEvery), '-sc_threshold', '0'],
    ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    aac,
    finish,
    output,
  ].flat();
}

/**
 * Makes a shorter file, or one with another sound, with the pictures of `video` as they are coded: it begins with a key frame and reorders nothing, so it
 * can end anywhere. The sound comes from `source`.
 */
export function trimArguments(
  video: string,
  source: string,
  sound: Sound,
  durationMs: number,
  output: string,
): string[] {
  const made = sound === 'copied' ? [] : ['-filter_complex', soundFilter(sound, '1:a:0')];
  return [
    untrustedVideo(video),
    untrustedVideo(source),
    made,
    ['-map', '0:v:0', '-c:v', 'copy', '-t', seconds(durationMs)],
    // A source without sound stays without.
    sound === 'copied' ? ['-map', '1:a:0?', '-c:a', 'copy'] : ['-map', '[a]', ...aac],
    finish,
    output,
  ].flat();
}

const aac = ['-c:a', 'aac', '-b:a', '96k', '-ar', '48000', '-ac', '2'];

/** Pictures that are not tall stand before their own image, blurred small (a sixteenth of the work) and blown up. */
function pictureFilter(source: EncodeSource, { width: w, height: h }: PictureSize): string {
  const given = source.guessedMatrix === undefined ? '' : `:in_color_matrix=${source.guessedMatrix}`;
  const scale = (to: string) => `scale=${to}:${exactly}${given}:out_color_matrix=bt709:out_range=tv`;
  // Frames are chosen before they are worked on; what is interlaced is not any more, and pixels are square.
  const first = ['yadif=deint=interlaced', `fps=${framesPerSecond}:start_time=0`];
  if (source.pixelAspect !== 1) first.push(`scale=trunc(iw*${source.pixelAspect}/2)*2:ih:${exactly}`, 'setsar=1');
  const last = 'setsar=1,format=yuv420p';
  const cover = (cw: number, ch: number) =>
    `${scale(`${cw}:${ch}:force_original_aspect_ratio=increase`)},crop=${cw}:${ch}`;
  if (framing(source) === 'fill') return [...first, cover(w, h), last].join(',');
  const back = `${cover(w / 4, h / 4)},format=yuv420p,boxblur=12:2,scale=${w}:${h}:${exactly}`;
  const front = `${scale(`${w}:${h}:force_original_aspect_ratio=decrease`)},format=yuv420p`;
  return `${first.join(',')},split[one][two];[one]${back}[back];[two]${front}[front];[back][front]overlay=(W-w)/2:(H-h)/2,${last}`;
}

const audible = 'aformat=channel_layouts=stereo,aresample=48000:async=1:first_pts=0';

/** Every file that we make has a track of sound as long as its pictures, so that players set up the same way for each. */
function soundFilter(sound: Exclude<Sound, 'copied'>, from: string): string {
  if (sound === 'silent') return 'anullsrc=channel_layout=stereo:sample_rate=48000[a]';
  return `[${from}]${audible},${sound.filter},aresample=48000,apad[a]`;
}

/** Tells of the loudness of the first `durationMs` of the sound behind a filter (`parseLoudness`), in words on standard error. */
export const loudnessArguments = (path: string, durationMs: number, filter: string): string[] => [
  '-loglevel',
  'info',
  ...untrustedVideo(path),
  ...measured(durationMs, `${audible},${filter}`),
];

const measured = (durationMs: number, filter: string): string[] => [
  '-map',
  '0:a:0',
  '-t',
  seconds(durationMs),
  '-af',
  `${filter},loudnorm=print_format=json`,
  '-f',
  'null',
  '-',
];

/** Tells of the picture (`parsePicture`) and of the loudness of the first `durationMs` of the sound. */
export function measureArguments(path: string, hasAudio: boolean, durationMs: number): string[] {
  return [
    ['-loglevel', 'info'],
    untrustedVideo(path),
    ['-map', '0:v:0', '-frames:v', '1', '-f', 'null', '-'],
    hasAudio ? measured(durationMs, audible) : [],
  ].flat();
}

/** Tells of a finished file: how loud it is, and which stretches are black. */
export const inspectArguments = (path: string, hasAudio: boolean): string[] =>
  [
    ['-loglevel', 'info', ...untrustedVideo(path)],
    ['-map', '0:v:0', '-vf', 'blackdetect=d=0.2:pix_th=0.1', '-f', 'null', '-'],
    hasAudio ? ['-map', '0:a:0', '-af', `${audible},loudnorm=print_format=json`, '-f', 'null', '-'] : [],
  ].flat();

/** A still from a moment of the clip, past any fade-in. */
export function posterArguments(clip: string, durationMs: number, output: string): string[] {
  const at = Math.min(1_000, Math.floor(durationMs / 3));
  return [
    ['-ss', seconds(at)],
    untrustedVideo(clip),
    ['-map', '0:v:0', '-frames:v', '1', '-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact'],
    ['-q:v', '4', '-f', 'mjpeg', output],
  ].flat();
}

/**
 * How much of the file is made, 0 to 1, from a line of `-progress` output; undefined for the other lines.
 * `out_time_ms` is in microseconds too, a slip of ffmpeg's that it keeps for compatibility; `out_time_us` is missing in old builds.
 */
export function progressShare(line: string, durationMs: number): number | undefined {
  const match = /^out_time_(?:us|ms)=(\d+)$/.exec(line.trim());
  if (!match || durationMs <= 0) return undefined;
  return Math.min(1, Number(match[1]) / 1_000 / durationMs);
}
