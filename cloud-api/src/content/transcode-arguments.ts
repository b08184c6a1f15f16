import { framing, profile } from './rules.ts';
import { clipSecondsMax } from './contract.ts';

export interface TranscodeSource {
  readonly input: string;
  readonly width: number;
  readonly height: number;
  readonly hasAudio: boolean;
}

const { width: w, height: h, framesPerSecond: rate } = profile;

/** Pictures that are not tall stand before their own image, blurred small (a sixteenth of the work) and blown up. */
const filters = {
  fill: `scale=${w}:${h}:force_original_aspect_ratio=increase,crop=${w}:${h}`,
  'blurred-sides':
    `split[a][b];[a]scale=${w / 4}:${h / 4}:force_original_aspect_ratio=increase,crop=${w / 4}:${h / 4},` +
    `boxblur=12:2,scale=${w}:${h}[back];[b]scale=${w}:${h}:force_original_aspect_ratio=decrease[front];` +
    `[back][front]overlay=(W-w)/2:(H-h)/2`,
} as const;

/** Uploads are untrusted: only local files, only the MP4 reader, so that no playlist or script can reach further. */
const safely = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe', '-f', 'mov'];

/** Everything that would differ between two runs or tell of the source stays out. */
const bitExact = ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'];

/**
 * Arguments that make a screen clip: profile B of the media research, loudness −23 LUFS with −2 dB true peak (EBU R 128).
 * Progress goes to standard output. The same file in gives the same bytes out.
 */
export function transcodeArguments(source: TranscodeSource, output: string): string[] {
  const picture = `${filters[framing(source)]},fps=${rate},setsar=1,format=yuv420p`;
  return [
    safely,
    ['-i', source.input, '-t', String(clipSecondsMax), '-map', '0:v:0'],
    source.hasAudio ? ['-map', '0:a:0'] : [],
    ['-filter_complex_threads', '1', '-vf', picture],
    ['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'baseline', '-level:v', '3.1', '-crf', '23'],
    ['-maxrate', '2M', '-bufsize', '4M', '-g', String(profile.keyFrameEvery), '-sc_threshold', '0', '-bf', '0'],
    ['-threads:v', '2', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    source.hasAudio ? audio : [],
    ['-map_metadata', '-1', '-map_chapters', '-1', ...bitExact, '-movflags', '+faststart'],
    ['-progress', 'pipe:1', '-nostats', '-f', 'mp4', '-y', output],
  ].flat();
}

const audio = [
  ['-af', 'loudnorm=I=-23:TP=-2:LRA=11,aresample=48000'],
  ['-c:a', 'aac', '-b:a', '96k', '-ar', '48000', '-ac', '2'],
].flat();

/** A still from a moment of the clip, past any fade-in. */
export function posterArguments(clip: string, durationMs: number, output: string): string[] {
  const at = Math.min(1_000, Math.floor(durationMs / 3)) / 1_000;
  return [
    safely,
    ['-ss', String(at), '-i', clip],
    bitExact,
    ['-frames:v', '1', '-q:v', '4', '-f', 'mjpeg', '-y', output],
  ].flat();
}

/**
 * How much of the clip is done, 0 to 99, from a line of `-progress` output; undefined for the other lines.
 * `out_time_ms` is in microseconds too, a slip of ffmpeg's that it keeps for compatibility; `out_time_us` is missing in old builds.
 */
export function progressPercent(line: string, durationMs: number): number | undefined {
  const match = /^out_time_(?:us|ms)=(\d+)$/.exec(line.trim());
  if (!match || durationMs <= 0) return undefined;
  return Math.min(99, Math.floor(Number(match[1]) / 10 / durationMs));
}
