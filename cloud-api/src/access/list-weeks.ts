import { hours, minutes } from '@gatecast/firmware-protocol';
import { hourOf, passEpoch } from '@gatecast/firmware-protocol/pass';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { communitiesBehind } from './list-store.ts';

const communitiesAtOnce = 50;

interface Lists {
  publish(q: Tx, communityId: string, changed: readonly string[]): Promise<void>;
  settled(): Promise<void>;
}

/**
 * Makes the lists of every community anew when a week is over, so that the terminals hold the keys of five weeks to come and never more. One community
 * after the other: a revocation waits for one of them at most.
 */
export function keepWeeks({ jobs, store, clock }: Platform, lists: Lists): void {
  jobs.handle('access.next-week', {
    everyMs: hours(1),
    leaseMs: minutes(50),
    async run(_payload, { signal }) {
      const epoch = passEpoch(hourOf(clock.now()));
      for (let afterId = ''; !signal.aborted;) {
        const behind = await communitiesBehind(store.read, epoch, afterId, communitiesAtOnce);
        for (const communityId of behind) {
          await store.tx((q) => lists.publish(q, communityId, []));
          await lists.settled();
          if (signal.aborted) return;
        }
        const last = behind.at(-1);
        if (last === undefined) return;
        afterId = last;
      }
    },
  });
}
