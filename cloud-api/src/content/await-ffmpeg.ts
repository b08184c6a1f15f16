import { minutes } from '@gatecast/firmware-protocol';
import type { Platform } from '../platform/platform.ts';
import type { ConverterFinder } from './converter.ts';
import { clipsWithoutFfmpeg } from './store.ts';
import { wantTranscode } from './transcode-job.ts';

const lookEveryMs = minutes(1);
const goOnAtOnce = 500;

/**
 * Looks again where there was no ffmpeg, and lets the clips go on that waited for one: also those that a process without had left while this one has one.
 */
export function awaitFfmpeg(platform: Platform, finder: ConverterFinder): void {
  const { jobs, store } = platform;
  jobs.handle('clip.await-ffmpeg', {
    everyMs: lookEveryMs,
    async run() {
      if (!finder.converter()) await finder.find();
      if (!finder.converter()) return;
      const waiting = await clipsWithoutFfmpeg(store.read, goOnAtOnce);
      if (waiting.length === 0) return;
      await store.tx(async (q) => {
        for (const id of waiting) await wantTranscode(platform, q, id);
      });
    },
  });
}
