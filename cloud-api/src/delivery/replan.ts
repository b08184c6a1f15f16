import { after, days } from '@gatecast/firmware-protocol';
import type { Holdouts } from '../lift/holdouts.ts';
import type { JobRun } from '../platform/jobs.ts';
import type { Platform } from '../platform/platform.ts';
import { planOnThread } from './plan-worker.ts';
import { writePlan } from './write-plan.ts';
import * as rows from './store.ts';

export interface ReplanParts {
  readonly holdouts: Holdouts;
}

/** Runs are kept so long. */
const keptSince = days(-30);

/**
 * Plans anew what all running line items are still owed over what is still to come, on a thread, and writes what differs. One at a time in the whole network:
 * `run` holds the lease.
 */
export async function replan(
  platform: Platform,
  { holdouts }: ReplanParts,
  run: Pick<JobRun, 'signal' | 'held'>,
): Promise<void> {
  const { store, clock } = platform;
  const { wanted } = await rows.wishes(store.read);
  const now = clock.now();
  const startedMono = clock.mono();
  await planOnThread(
    store,
    holdouts,
    { now, signal: run.signal },
    async ({ lineItems, plannedPpm, spread }, differences) => {
      const changed = await writePlan(platform, differences, { ...run, now });
      await store.tx(async (q) => {
        await run.held(q);
        await rows.notePlanned(q, wanted);
        const ms = Math.round(clock.mono() - startedMono);
        const row = {
          startedAt: now,
          ms,
          lineItems,
          plannedPpm,
          spreadPpm: Math.round(spread * 1_000_000),
          ...changed,
        };
        await rows.addReplan(q, row, after(now, keptSince));
      });
    },
  );
}
