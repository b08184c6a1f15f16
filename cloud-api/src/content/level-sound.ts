import { gainFilter, isSilent, limitedGainFilter, parseLoudness, peaksPermit, type Loudness } from './loudness.ts';
import type { Sound } from './transcode-arguments.ts';

/** A gain into a limiter comes out softer than it went in; each try corrects the last by what was missing. */
const triesMax = 4;
const closeLu = 0.3;

/** Measures the sound behind a filter; resolves with ffmpeg's words. */
export type MeasureBehind = (filter: string) => Promise<string>;

/**
 * What brings a sound to the target: a gain as it is where the peaks permit; else a gain into a limiter that is found by measuring. What is as good as
 * silent becomes silence.
 */
export async function levelSound(
  heard: Loudness | undefined,
  targetLufs: number,
  measureBehind: MeasureBehind,
): Promise<Exclude<Sound, 'copied'>> {
  if (!heard || isSilent(heard)) return 'silent';
  let gainDb = targetLufs - heard.lufs;
  if (peaksPermit(heard, targetLufs)) return { filter: gainFilter(gainDb) };
  for (let tries = 0; tries < triesMax; tries += 1) {
    const behind = parseLoudness(await measureBehind(limitedGainFilter(gainDb)));
    const missingLu = behind && Number.isFinite(behind.lufs) ? targetLufs - behind.lufs : 0;
    if (Math.abs(missingLu) <= closeLu) break;
    gainDb += missingLu;
  }
  return { filter: limitedGainFilter(gainDb) };
}
