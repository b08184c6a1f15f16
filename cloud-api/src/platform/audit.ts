import type { Clock } from '@gatecast/firmware-protocol';
import { actorOf, partyOf, type Principal } from './auth.ts';
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

/** Deeds that tell of openings under threat, or that somebody has a PIN for it: for the company's own eyes, not for the operator's. */
export const companyOnlyDeeds = [
  'alarm.acknowledge-duress',
  'resident.set-duress-pin',
  'resident.remove-duress-pin',
] as const;

/** Writes who did what in the transaction that does it, with the party that they did it for: that party may read it. */
export function createAudit(clock: Clock): Audit {
  return async (q, { who, action, subject, facts = {} }) => {
    const actor = who === 'system' ? 'system' : actorOf(who);
    const row = { at: clock.now(), actor, action, subject };
    if (who === 'system' || who.kind !== 'account') return q.insertMany(q.t.audit, [{ ...row, facts }]);
    // What a program did with a key can be told from what its maker did by hand.
    const told = who.scopes === null ? facts : { ...facts, apiKey: who.sessionId };
    await q.insertMany(q.t.audit, [{ ...row, facts: told, ...partyOf(who) }]);
  };
}
