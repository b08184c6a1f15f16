import { eq } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { claimInventory, releaseInventory } from './inventory-version.ts';

/** Somebody else has sold or given back something since this was computed. */
class StaleInventory extends Error {}

/** How often somebody who lost to others computes again. */
const attemptsMax = 12;

/**
 * Does what was computed at a version of the inventory, and computes again when somebody else was faster: the transaction of the slower one leaves nothing
 * behind. Rejects with `inventory-busy` when others are faster all the time.
 */
export async function whileFresh<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < attemptsMax; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StaleInventory)) throw error;
    }
  }
  throw refusal('inventory-busy', 'many are booking at this moment; try again', { retryAfterSeconds: 1 });
}

/** The line item claims what was found free at version `seen`. Throws what `whileFresh` waits for if that is no longer so. */
export async function claim(q: Tx, bookingId: string, seen: number): Promise<void> {
  const version = await claimInventory(q, seen);
  if (version === null) throw new StaleInventory('the inventory has changed');
  await mark(q, bookingId, version);
}

/** The line item claims less than before, or nothing. */
export async function releaseClaim(q: Tx, bookingId: string): Promise<void> {
  await mark(q, bookingId, await releaseInventory(q));
}

async function mark(q: Tx, bookingId: string, inventoryVersion: number): Promise<void> {
  await q.update(q.t.bookings).set({ inventoryVersion }).where(eq(q.t.bookings.id, bookingId));
}
