import { createHmac } from 'node:crypto';
import { instant, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, lt, sql } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';

const windowMs = minutes(15);
/**
 * Tries from one network address in a quarter of an hour. An office or a mobile carrier shares one address among many people, and their right
 * tries are taken back; a guesser goes through the list of accounts no faster than this.
 */
const triesMax = {
  'sign-in': 30,
  'sms-code': 60,
  complaint: 20,
  'merchant-sign-up': 5,
  'community-search': 120,
} as const;
type BrakedTry = keyof typeof triesMax;

export interface AddressBrake {
  /**
   * Counts a try before it is looked at, so that a thousand at once count like one after the other. Rejects with `too-many-requests`.
   * The answer takes it back, for a try that was right. An unknown address is not counted.
   */
  count(address: string | undefined, kind: BrakedTry): Promise<() => Promise<void>>;
  prune(q: Tx): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;
const windowOf = (now: InstantMs): InstantMs => instant(now - (now % windowMs));

/** Slows guessing across many accounts. Addresses are kept for an hour at most, and only as keyed hashes. */
export function createAddressBrake({ store, clock, signer }: Platform): AddressBrake {
  return {
    async count(address, kind) {
      if (address === undefined) return nothing;
      const key = await signer.derive(store.read, 'phone-index', platformOwner, 'address');
      const addressTag = createHmac('sha256', key).update(address).digest('base64url');
      const from = windowOf(clock.now());
      const mayTry = await store.tx(async (q) => {
        const t = q.t.addressTries;
        const [row] = await q
          .insert(t)
          .values({ addressTag, kind, from, tries: 1 })
          .onConflictDoUpdate({ target: [t.addressTag, t.kind, t.from], set: { tries: sql`${t.tries} + 1` } })
          .returning({ tries: t.tries });
        return (row?.tries ?? 0) <= triesMax[kind];
      });
      if (!mayTry) throw refusal('too-many-requests', 'too many tries from this network; wait a while');
      return () =>
        store.tx(async (q) => {
          const t = q.t.addressTries;
          const same = and(eq(t.addressTag, addressTag), eq(t.kind, kind), eq(t.from, from));
          await q
            .update(t)
            .set({ tries: sql`${t.tries} - 1` })
            .where(same);
        });
    },
    async prune(q) {
      const t = q.t.addressTries;
      await q.delete(t).where(lt(t.from, windowOf(clock.now())));
    },
  };
}
