import { Gauge } from 'prom-client';
import type { Platform } from '../platform/platform.ts';
import type { ConverterHealth } from './converter-contract.ts';
import { findFfmpeg, type Ffmpeg, type NoFfmpeg } from './find-ffmpeg.ts';
import type { Converter } from './run-ffmpeg.ts';
import { waitingClips } from './store.ts';
import { probeSandbox, type Sandbox } from './sandbox.ts';

/** The ffmpeg of this process, found once at its start. */
export interface ConverterFinder {
  /** Undefined before the search and where there is none. */
  readonly converter: () => Converter | undefined;
  health(): Promise<ConverterHealth>;
  find(): Promise<void>;
}

/** It reads strangers' files and is of 2018: better than nothing, and said wherever somebody looks. */
const agedSource: Ffmpeg['from'] = '@ffmpeg-installer/ffmpeg';

export function createConverterFinder({ config, store, log, metrics, readiness }: Platform): ConverterFinder {
  let found: Ffmpeg | NoFfmpeg | undefined;
  let sandbox: Sandbox | undefined;
  const info = new Gauge({
    name: 'gatecast_ffmpeg_info',
    help: '1 for the ffmpeg in use; no series: there is none, and uploads wait',
    labelNames: ['from', 'version', 'network', 'memory'],
    registers: [metrics.registry],
  });
  const converter = (): Converter | undefined => {
    if (!found || found.path === null || !sandbox) return undefined;
    return { ffmpeg: found, sandbox, memoryBytes: config.transcode.memoryBytes };
  };
  readiness.set('ffmpeg', () => converter() !== undefined);

  return {
    converter,
    async health() {
      const load = { waiting: (await waitingClips(store.read)).length, atOnce: config.transcode.jobs };
      const tried = found?.path === null ? found.tried : [];
      const use = converter();
      if (!use) return { found: null, tried, holds: null, ...load };
      const { from, version } = use.ffmpeg;
      return { found: { from, version, isAged: from === agedSource }, tried, holds: use.sandbox.holds, ...load };
    },
    async find() {
      found = await findFfmpeg({ FFMPEG_PATH: config.ffmpegPath });
      if (found.path === null) {
        log.warn({ tried: found.tried }, 'no ffmpeg: uploads wait unless they are clips already');
        return;
      }
      sandbox = await probeSandbox();
      const { path, from, version } = found;
      const { holds } = sandbox;
      log.info({ path, from, version, holds }, 'ffmpeg');
      if (from === agedSource)
        log.warn({ version }, 'this ffmpeg is old and reads what strangers send; install another');
      if (!Object.values(holds).every(Boolean)) log.warn({ holds }, 'this machine cannot hold ffmpeg in every way');
      const told = (is: boolean) => (is ? 'held' : 'free');
      info.set({ from, version, network: told(holds.noNetwork), memory: told(holds.memory) }, 1);
    },
  };
}
