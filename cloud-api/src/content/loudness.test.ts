import { expect, it } from 'vitest';
import { levelSound } from './level-sound.ts';
import { isSilent, isTooLoud, limitedGainFilter, parseLoudness, type Loudness } from './loudness.ts';

const printed = (lufs: string, peak: string) => `[Parsed_loudnorm_2 @ 0x1]
{
  "input_i" : "${lufs}",
  "input_tp" : "${peak}",
  "input_lra" : "3.20",
  "input_thresh" : "-40.10",
  "output_i" : "-23.05",
  "normalization_type" : "dynamic"
}`;
const sound = (over: Partial<Loudness> = {}): Loudness => ({
  lufs: -18,
  peakDb: -6,
  ...over,
});

it('what ffmpeg measured is read from its words, silence too', () => {
  expect(parseLoudness(printed('-17.42', '0.31'))).toEqual({ lufs: -17.42, peakDb: 0.31 });
  expect(parseLoudness(printed('-inf', '-inf'))?.lufs).toBe(-Infinity);
  expect(parseLoudness('no sound at all')).toBeUndefined();
});

it('a sound is moved as a whole where its peaks permit', async () => {
  const unneeded = () => Promise.reject(new Error('measured without need'));
  const level = (over: Partial<Loudness>) => levelSound(sound(over), -23, unneeded);
  expect(await level({})).toEqual({ filter: 'volume=-5.00dB:precision=double' });
  expect(await level({ lufs: -30, peakDb: -10 })).toEqual({ filter: 'volume=7.00dB:precision=double' });
});

it('goes through a limiter where they do not, with the gain that comes out right', async () => {
  const tried: string[] = [];
  const limiterTakes = [3, 0.8, 0.1];
  const behind = async (filter: string) => {
    tried.push(filter);
    return printed(String(-23 - (limiterTakes[tried.length - 1] ?? 0)), '-2.50');
  };
  const levelled = await levelSound(sound({ lufs: -30, peakDb: -1 }), -23, behind);
  expect(tried.map((filter) => /volume=([\d.]+)dB/.exec(filter)?.[1])).toEqual(['7.00', '10.00', '10.80']);
  expect(levelled).toEqual({ filter: limitedGainFilter(10.8) });
});

it('what is as good as silent is not made louder', async () => {
  const unneeded = () => Promise.reject(new Error('measured without need'));
  expect(await levelSound(sound({ lufs: -Infinity, peakDb: -Infinity }), -23, unneeded)).toBe('silent');
  expect(await levelSound(undefined, -23, unneeded)).toBe('silent');
  expect(isSilent(sound({ lufs: -55 }))).toBe(true);
  expect(isSilent(sound({ lufs: Number.NaN }))).toBe(true);
  expect(isSilent(sound({ lufs: -45 }))).toBe(false);
});

it('a finished file may be soft on purpose, but neither loud nor harsh', () => {
  expect(isTooLoud(sound({ lufs: -30, peakDb: -22 }), -23)).toBe(false);
  expect(isTooLoud(sound({ lufs: -22.5, peakDb: -4 }), -23)).toBe(false);
  expect(isTooLoud(sound({ lufs: -20, peakDb: -4 }), -23)).toBe(true);
  expect(isTooLoud(sound({ lufs: -23, peakDb: 0 }), -23)).toBe(true);
});
