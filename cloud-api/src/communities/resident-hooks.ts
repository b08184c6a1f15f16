import type { Account } from '../platform/auth.ts';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Resident } from './resident-contract.ts';

/** Turns a PIN into a credential in the same transaction; the PIN is forgotten after it. `who` sets it, maybe for somebody else. */
export type PinSetter = (q: Tx, resident: Resident, pin: string, who: Account) => Promise<void>;
/** Somebody's record before and after a change. */
export interface ResidentChange {
  readonly before: Resident;
  readonly after: Resident;
}
/** All of one call are of one community, so that its doors are told once. */
export type LeftHook = (q: Tx, left: readonly Resident[]) => Promise<void>;
export type ChangedHook = (q: Tx, changes: readonly ResidentChange[]) => Promise<void>;

/** What other slices do when something becomes of a resident, in the transaction in which it does. */
export interface ResidentHooks {
  /** The access slice says how a PIN becomes a credential. */
  onPin(setter: PinSetter): void;
  /**
   * Runs when somebody moves out, their lease ends, an import that made them is taken back or they are erased: takes back every right that
   * they have, and those of the visitors whom they invited.
   */
  onLeft(hook: LeftHook): void;
  /** Runs when a record changes: another unit, a lease's end, a longer opening, a guardian. */
  onResidentChanged(hook: ChangedHook): void;
  /**
   * When the resident's lease is over: the local midnight after its last day, or null. Their credentials end then, so that a terminal without
   * an uplink knows it too. Rejects with `not-found`.
   */
  leaseEndOf(q: Reads, residentId: string): Promise<InstantMs | null>;
}
