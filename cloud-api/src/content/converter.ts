import { join } from 'node:path';
import { Gauge } from 'prom-client';
import type { SystemUser } from '../config.ts';
import type { Platform } from '../platform/platform.ts';
import type { ConverterHealth } from './converter-contract.ts';
import { findFfmpeg, type Ffmpeg, type NoFfmpeg } from './find-ffmpeg.ts';
import { letPass } from './lend-files.ts';
import type { Converter } from './run-ffmpeg.ts';
import { countWaitingClips } from './store.ts';
import { probeSandbox, type Sandbox } from './sandbox.ts';

/** The ffmpeg of this process. */
export interface ConverterFinder {
  /** Undefined before the search and where there is none. */
  readonly converter: () => Converter | undefined;
  health(): Promise<ConverterHealth>;
  /** Looks for one, at the start and later where there was none. Never rejects. */
  find(): Promise<void>;
}

const agedFault = 'of 2018, and this machine cannot hold it; FFMPEG_PATH may name it all the same';

/**
 * A build of 2018 or before, such as that of `@ffmpeg-installer`, has known holes, and it reads what strangers send. It is said wherever somebody looks, and taken only where
 * limits hold it and nothing that it might be made to read gets out, or where somebody has named it.
 */
const isAged = ({ from, version }: Ffmpeg): boolean =>
  from === '@ffmpeg-installer/ffmpeg' || /\(c\) \d{4}-20(?:0\d|1[0-8])\b/i.test(version);

const canHold = ({ holds: { memory, cpuTime, outputSize, noNetwork } }: Sandbox): boolean =>
  memory && cpuTime && outputSize && noNetwork;

/** What keeps another user from converting here; undefined: nothing, or there is no other. Never the cloud's own user instead: somebody wanted it otherwise. */
async function whyNotAs(
  { user, holds, permits }: Sandbox,
  { path }: Ffmpeg | NoFfmpeg,
  dataDir: string,
): Promise<string | undefined> {
  if (user === undefined || path === null) return undefined;
  if (!holds.ownUser) return `GATECAST_FFMPEG_USER: this program may not become ${user.uid}:${user.gid}`;
  if (!(await permits([path, '-version']))) return `GATECAST_FFMPEG_USER: user ${user.uid} may not run it`;
  const way = [dataDir, join(dataDir, 'media'), join(dataDir, 'media', 'desk')];
  // A folder that is somebody else's may let it pass as it is: what counts is tried.
  await Promise.allSettled(way.map(letPass));
  return (await permits(['test', '-x', way.at(-1) ?? '']))
    ? undefined
    : `GATECAST_FFMPEG_USER: user ${user.uid} cannot pass through the data folder`;
}

interface Machine {
  readonly findFfmpeg: (env: { readonly FFMPEG_PATH: string | undefined }) => Promise<Ffmpeg | NoFfmpeg>;
  readonly probeSandbox: (user?: SystemUser) => Promise<Sandbox>;
}

export function createConverterFinder(
  { config, store, log, metrics, readiness }: Pick<Platform, 'config' | 'store' | 'log' | 'metrics' | 'readiness'>,
  machine: Machine = { findFfmpeg, probeSandbox },
): ConverterFinder {
  let found: Ffmpeg | NoFfmpeg | undefined;
  let sandbox: Sandbox | undefined;
  const info = new Gauge({
    name: 'gatecast_ffmpeg_info',
    help: '1 for the ffmpeg in use; no series: there is none, and uploads wait',
    labelNames: ['from', 'version', 'network', 'memory'],
    registers: [metrics.registry],
  });
  const tell = (ffmpeg: Ffmpeg, { holds }: Sandbox): void => {
    const { path, from, version } = ffmpeg;
    log.info({ path, from, version, holds }, 'ffmpeg');
    if (isAged(ffmpeg)) log.warn({ version }, 'this ffmpeg is old and reads what strangers send; install another');
    if (!Object.values(holds).every(Boolean)) log.warn({ holds }, 'this machine cannot hold ffmpeg in every way');
    const told = (is: boolean) => (is ? 'held' : 'free');
    info.set({ from, version, network: told(holds.noNetwork), memory: told(holds.memory) }, 1);
  };
  const converter = (): Converter | undefined => {
    if (!found || found.path === null || !sandbox) return undefined;
    return { ffmpeg: found, sandbox, memoryBytes: config.transcode.memoryBytes };
  };
  readiness.set('ffmpeg', () => converter() !== undefined);

  return {
    converter,
    async health() {
      const load = { waiting: await countWaitingClips(store.read), atOnce: config.transcode.jobs };
      const tried = found?.path === null ? found.tried : [];
      const use = converter();
      if (!use) return { found: null, tried, holds: null, ...load };
      const { from, version } = use.ffmpeg;
      return { found: { from, version, isAged: isAged(use.ffmpeg) }, tried, holds: use.sandbox.holds, ...load };
    },
    async find() {
      const isFirst = found === undefined;
      const [ffmpeg, tried] = await Promise.all([
        machine.findFfmpeg({ FFMPEG_PATH: config.ffmpegPath }),
        machine.probeSandbox(config.ffmpegUser),
      ]);
      sandbox = tried;
      const isFit = ffmpeg.path === null || !isAged(ffmpeg) || ffmpeg.from === 'FFMPEG_PATH' || canHold(tried);
      const fault = isFit ? await whyNotAs(tried, ffmpeg, config.dataDir) : agedFault;
      found = fault === undefined ? ffmpeg : { path: null, tried: [{ candidate: ffmpeg.path ?? '', fault }] };
      if (found.path !== null) tell(found, tried);
      else if (isFirst) log.warn({ tried: found.tried }, 'no ffmpeg: uploads wait unless they are clips already');
    },
  };
}
