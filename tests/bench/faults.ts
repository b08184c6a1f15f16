import type { Bench } from './bench.ts';
import { FaultTown } from '../faults/fault-town.ts';
import { runSeed } from '../faults/run-seed.ts';

const seeds = 200;
/** A town is founded anew now and then, so that a fault of a young one is seen as well as one of an old one. */
const seedsATown = 20;
const firstSeed = 1;

/** Seeded stories of faults in a town of real programs; the three figures must be 0. */
export const run: Bench = async (say) => {
  const sum = { lost: 0, doubled: 0, staleOpens: 0 };
  for (let first = firstSeed; first < firstSeed + seeds; first += seedsATown) {
    const town = await FaultTown.open();
    if (first === firstSeed && !town.disk) say('no disk can be mounted here: full and read-only disks are left out');
    try {
      for (let seed = first; seed < first + seedsATown; seed += 1) {
        const { lost, doubled, staleOpens, story } = await runSeed(town, seed);
        const isWell = lost + doubled + staleOpens === 0;
        say(`seed ${seed}: ${isWell ? 'well' : JSON.stringify({ lost, doubled, staleOpens, story })}`);
        sum.lost += lost;
        sum.doubled += doubled;
        sum.staleOpens += staleOpens;
      }
    } finally {
      await town.close();
    }
  }
  return { seeds, ...sum };
};
