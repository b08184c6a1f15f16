import { levelSound } from './level-sound.ts';
import { parseLoudness, type Loudness } from './loudness.ts';
import { runFfmpeg, type Converter } from './run-ffmpeg.ts';
import { loudnessArguments, measureArguments, type Sound } from './transcode-arguments.ts';

const measureMsMax = 60_000;

/** The beginning of a source's sound, of a length. */
export interface HeardSound {
  /** Undefined: there is no sound. */
  readonly loudness: Loudness | undefined;
  /** What brings it to the target. Measured once. */
  level(): Promise<Exclude<Sound, 'copied'>>;
}

export interface Ear {
  hear(durationMs: number): Promise<HeardSound>;
  /** ffmpeg's description of the source. */
  describe(durationMs: number): Promise<string>;
}

/** Listens to a source, to each length once. Rejects as `runFfmpeg`. */
export function createEar(
  converter: Converter,
  { path, hasAudio }: { readonly path: string; readonly hasAudio: boolean },
  targetLufs: number,
  signal: AbortSignal,
): Ear {
  const run = (args: readonly string[]) => runFfmpeg(converter, { args, wallMsMax: measureMsMax }, signal);
  const described = once((durationMs) => run(measureArguments(path, hasAudio, durationMs)));
  const heard = once(async (durationMs): Promise<HeardSound> => {
    const loudness = parseLoudness(await described(durationMs));
    const behind = (filter: string) => run(loudnessArguments(path, durationMs, filter));
    const level = once(() => levelSound(loudness, targetLufs, behind));
    return { loudness, level: () => level(durationMs) };
  });
  return { describe: described, hear: heard };
}

function once<T>(work: (durationMs: number) => Promise<T>): (durationMs: number) => Promise<T> {
  const known = new Map<number, Promise<T>>();
  return (durationMs) => {
    const result = known.get(durationMs) ?? work(durationMs);
    known.set(durationMs, result);
    return result;
  };
}
