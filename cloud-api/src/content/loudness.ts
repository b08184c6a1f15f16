/** What `loudnorm` measured of a sound (EBU R 128, ITU-R BS.1770). */
export interface Loudness {
  /** Integrated, LUFS. */
  readonly lufs: number;
  /** True peak, dBTP. */
  readonly peakDb: number;
}

/** The highest true peak of what we make (EBU R 128 s1, for coders that lose data). */
export const peakDbMax = -2;
/** Below it is the noise of a room, which nobody wants to hear louder. */
const silenceLufs = -50;
/** What a measurement may differ from the target. */
const toleranceLu = 1;
/** A coder adds a little to the peaks. */
const peakToleranceDb = 1;

/** Louder or softer as a whole, which leaves a sound as it was recorded. */
export const gainFilter = (gainDb: number): string => `volume=${gainDb.toFixed(2)}dB:precision=double`;

const limitDb = peakDbMax - 0.5;

/** As `gainFilter`, with the peaks held. At four times the rate, where peaks between the samples show (BS.1770 annex 2). */
export const limitedGainFilter = (gainDb: number): string =>
  [
    gainFilter(gainDb),
    'aresample=192000',
    `alimiter=limit=${(10 ** (limitDb / 20)).toFixed(4)}:attack=5:release=50:level=0`,
    'aresample=48000',
  ].join(',');

/** Whether a gain that brings a sound to the target leaves its peaks below what is allowed. */
export const peaksPermit = ({ lufs, peakDb }: Loudness, targetLufs: number): boolean =>
  peakDb + (targetLufs - lufs) <= peakDbMax;

export const isSilent = ({ lufs }: Loudness): boolean => !(lufs >= silenceLufs);

/** A file that somebody made for our screens may be softer than the target, on purpose, but not louder. */
export const isTooLoud = ({ lufs, peakDb }: Loudness, targetLufs: number): boolean =>
  lufs > targetLufs + toleranceLu || peakDb > peakDbMax + peakToleranceDb;

/** From the JSON that `loudnorm=print_format=json` prints at its end; undefined where there is none. Silence reads `-inf`. */
export function parseLoudness(words: string): Loudness | undefined {
  const field = (name: string) => {
    const found = new RegExp(`"${name}"\\s*:\\s*"(-?(?:inf|[\\d.]+))"`).exec(words)?.[1];
    if (found === undefined) return undefined;
    return found === '-inf' ? -Infinity : Number(found);
  };
  const [lufs, peakDb] = [field('input_i'), field('input_tp')];
  return lufs === undefined || peakDb === undefined ? undefined : { lufs, peakDb };
}
