import type { Bench } from './bench.ts';
import { diffuse } from '../../edge-agent/src/player/error-diffusion.ts';

type Replay = (...args: [...Parameters<Bench>, typeof diffuse]) => ReturnType<Bench>;

/** A week of doors: the cloud's own planning, and the terminals' own rule between its fractions. */
export const run: Bench = async (say, flags) => {
  const source = new URL('../../cloud-api/src/delivery/replay.bench.ts', import.meta.url);
  const replay: { readonly run: Replay } = await import(source.href);
  return replay.run(say, flags, diffuse);
};
