import { instant } from '@gatecast/firmware-protocol';
import type { Communities } from '../communities/service.ts';
import type { As } from '../platform/auth.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { requireEntry } from './own-entry.ts';
import type { NewOwnPass, Pass, PassCreated } from './pass-contract.ts';
import { ownAheadMax, ownPassesMax, ownWindow } from './pass-rules.ts';
import { countOpenOf, findPass } from './pass-store.ts';
import type { Passes } from './passes.ts';

export interface OwnPasses {
  /** Rejects with `too-many-passes`, `pass-window-invalid`, `no-right-to-enter`, `not-for-children` or `moved-out`. */
  create(who: As<'resident'>, input: NewOwnPass, call: Call): Promise<PassCreated>;
  /** Rejects with `not-found` for somebody else's. */
  revoke(who: As<'resident'>, id: string): Promise<Pass>;
}

/** Residents invite their visitors themselves. */
export function createOwnPasses({ store, clock }: Platform, communities: Communities, passes: Passes): OwnPasses {
  return {
    create: (who, { label, from, hours, uses }, call) =>
      passes.createFor(who, call, async (q) => {
        const now = clock.now();
        const { communityId, residentId } = who;
        const { isChild } = await requireEntry(q, communities, who, now);
        if (isChild) throw refusal('not-for-children', 'a child opens doors, and invites nobody');
        if ((await countOpenOf(q, residentId, now)) >= ownPassesMax)
          throw refusal('too-many-passes', `${ownPassesMax} invitations at a time are the most; take one back first`);
        const window = ownWindow(from === 'now' ? now : instant(from), hours);
        const leaseEnd = await communities.leaseEndOf(q, residentId);
        if (window.from > now + ownAheadMax || (leaseEnd !== null && window.to > leaseEnd))
          throw refusal('pass-window-invalid', 'an invitation begins within a month, and ends before the lease does');
        const terms = { person: 'visitor', label, entranceIds: null, ...window, uses } as const;
        const plain = { scheduleId: null, openMs: null, firstUseBy: null, lastsMs: null };
        return { communityId, hostId: residentId, terms: { ...terms, ...plain } };
      }),
    async revoke(who, id) {
      if ((await findPass(store.read, id))?.hostId !== who.residentId) throw notFound('pass');
      return passes.revoke(who, id);
    },
  };
}
