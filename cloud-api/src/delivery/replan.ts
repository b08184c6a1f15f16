import { after, days } from '@gatecast/firmware-protocol';
import { anyPlanned } from '../campaigns/claims.ts';
import type { Holdouts } from '../lift/holdouts.ts';
import type { JobRun } from '../platform/jobs.ts';
import type { Platform } from '../platform/platform.ts';
import type { Difference } from './differences.ts';
import { nothingPlanned, type PlanFacts } from './made-plan.ts';
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
  const write = async (facts: PlanFacts, differences: AsyncIterable<readonly Difference[]>): Promise<void> => {
    const changed = await writePlan(platform, differences, { ...run, now });
    await store.tx(async (q) => {
      await run.held(q);
      await rows.notePlanned(q, wanted);
      const { lineItems, plannedPpm } = facts;
      const ms = Math.round(clock.mono() - startedMono);
      const spreadPpm = Math.round(facts.spread * 1_000_000);
      const row = { startedAt: now, ms, lineItems, plannedPpm, spreadPpm, ...changed };
      await rows.addReplan(q, row, after(now, keptSince));
    });
  };
  // A thread costs a second and the memory of a program: where nothing is to be planned there is none.
  if (await anyPlanned(store.read, now, {})) await planOnThread(store, holdouts, { now, signal: run.signal }, write);
  else await write(nothingPlanned, nothing());
}

async function* nothing(): AsyncGenerator<never> {}
