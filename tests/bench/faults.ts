import type { Bench } from './bench.ts';
import { FaultTown } from '../faults/fault-town.ts';
import { fleetReturns } from '../faults/returning-fleet.ts';
import { runSeed } from '../faults/run-seed.ts';
import { median, rounded } from './median.ts';

const seeds = 200;
/** A town is founded anew now and then, so that a fault of a young one is seen as well as one of an old one. */
const seedsATown = 20;
const firstSeed = 1;
const returningTerminals = 1_000;

/** Seeded stories of faults in a town of real programs; the three figures must be 0. */
export const run: Bench = async (say) => {
  const sum = { lost: 0, doubled: 0, staleOpens: 0 };
  for (let first = firstSeed; first < firstSeed + seeds; first += seedsATown) {
    await withTown(async (town) => {
      if (first === firstSeed && !town.disk) say('no disk can be mounted here: full and read-only disks are left out');
      for (let seed = first; seed < first + seedsATown; seed += 1) {
        const { lost, doubled, staleOpens, story } = await runSeed(town, seed);
        const isWell = lost + doubled + staleOpens === 0;
        say(`seed ${seed}: ${isWell ? 'well' : JSON.stringify({ lost, doubled, staleOpens, story })}`);
        sum.lost += lost;
        sum.doubled += doubled;
        sum.staleOpens += staleOpens;
      }
    });
  }
  const returned = await withTown((town) => fleetReturns(town, returningTerminals));
  sum.lost += returned.lost;
  sum.doubled += returned.doubled;
  const cloudMb = Math.round(returned.cloudMb);
  const openMsMeanwhile = rounded(median(returned.openMs), 1);
  say(`${returningTerminals} terminals came back after thirty days: ${JSON.stringify({ cloudMb, openMsMeanwhile })}`);
  return { seeds, ...sum, returned: returningTerminals, cloudMb, openMsMeanwhile };
};

async function withTown<T>(act: (town: FaultTown) => Promise<T>): Promise<T> {
  const town = await FaultTown.open();
  try {
    return await act(town);
  } finally {
    await town.close();
  }
}
