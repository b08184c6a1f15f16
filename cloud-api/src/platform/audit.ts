import type { Clock } from '@gatecast/firmware-protocol';
import { actorOf, type Principal } from './auth.ts';
import type { Tx } from './db/store.ts';

export type Audit = (
  q: Tx,
  entry: {
    readonly who: Principal | 'system';
    /** `area.verb`: `terminal.revoke`. */
    readonly action: string;
    readonly subject: string;
    /** No names, phones, codes or secrets. */
    readonly facts?: Readonly<Record<string, unknown>>;
  },
) => Promise<void>;

/** Writes who did what in the transaction that does it. */
export function createAudit(clock: Clock): Audit {
  return async (q, { who, action, subject, facts = {} }) => {
    const actor = who === 'system' ? 'system' : actorOf(who);
    await q.insert(q.t.audit).values({ at: clock.now(), actor, action, subject, facts });
  };
}
