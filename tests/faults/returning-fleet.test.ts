import { afterAll, beforeAll, expect, it } from 'vitest';
import { FaultTown } from './fault-town.ts';
import { fleetReturns } from './returning-fleet.ts';

/** A thousand return in `npm run bench -- faults`. */
const terminals = 200;
/** At rest it takes about 300; a backlog of all of them in memory would be gigabytes. */
const cloudMbMax = 700;

let town: FaultTown;
beforeAll(async () => {
  town = await FaultTown.open();
});
afterAll(() => town?.close());

it('terminals that were away for thirty days come back together: every row once, bounded memory, and a live door opens from afar meanwhile', async () => {
  const { lost, doubled, cloudMb, openMs } = await fleetReturns(town, terminals);
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
  expect(cloudMb).toBeLessThan(cloudMbMax);
  expect(openMs.length).toBeGreaterThan(0);
});
