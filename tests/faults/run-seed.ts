import type { FaultTown } from './fault-town.ts';
import { live } from './happen.ts';
import { before, reckon, type Reckoning } from './reckoning.ts';
import { storyOf, type Step } from './story.ts';

export interface Lived extends Reckoning {
  readonly seed: number;
  readonly story: readonly Step[];
}

/** One seed in a town that may have lived through others: the story, then everything is whole again, then the count. */
export async function runSeed(town: FaultTown, seed: number): Promise<Lived> {
  const story = storyOf(seed, { residents: town.founded.residents.length, ownDisk: town.disk !== undefined });
  const past = await before(town);
  const { codes, exits } = await live(town, seed, story);
  return { seed, story, ...(await reckon(town, past, codes + exits)) };
}
