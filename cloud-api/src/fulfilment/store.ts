import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Store, Tx } from '../platform/db/store.ts';

export type PickupRow = Store['read']['t']['pickups']['$inferSelect'];

/** False if this merchant has the same code active already, or the order has one. */
export async function addPickup(q: Tx, row: PickupRow): Promise<boolean> {
  const added = await q.insert(q.t.pickups).values(row).onConflictDoNothing().returning({ id: q.t.pickups.id });
  return added.length > 0;
}

export async function pickupsOf(q: Reads, orderIds: readonly string[]): Promise<PickupRow[]> {
  if (orderIds.length === 0) return [];
  return q
    .select()
    .from(q.t.pickups)
    .where(inArray(q.t.pickups.orderId, [...orderIds]));
}

/** When the codes of orders were made, by order. */
export async function issuedAt(q: Reads, orderIds: readonly string[]): Promise<ReadonlyMap<string, InstantMs>> {
  return new Map((await pickupsOf(q, orderIds)).map((row) => [row.orderId, row.issuedAt]));
}

/** Uses an active code: one conditional update, so that of two tries at once one finds nothing. */
export async function usePickup(
  q: Tx,
  at: { readonly merchantId: string; readonly storeId: string | undefined },
  tag: string,
  use: { readonly usedAt: InstantMs; readonly usedBy: string },
): Promise<PickupRow | undefined> {
  const t = q.t.pickups;
  const [used] = await q
    .update(t)
    .set({ ...use, status: 'used', activeTag: null })
    .where(
      and(
        eq(t.merchantId, at.merchantId),
        at.storeId === undefined ? undefined : eq(t.storeId, at.storeId),
        eq(t.activeTag, tag),
        eq(t.status, 'active'),
      ),
    )
    .returning();
  return used;
}

/** The latest pick-up with a code that is not active any more. */
export async function usedPickup(q: Reads, merchantId: string, tag: string): Promise<PickupRow | undefined> {
  const t = q.t.pickups;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.merchantId, merchantId), eq(t.tag, tag), eq(t.status, 'used')))
    .orderBy(desc(t.usedAt))
    .limit(1);
  return row;
}

export async function wrongCodes(q: Reads, merchantId: string, window: InstantMs): Promise<number> {
  const t = q.t.pickupAttempts;
  const [row] = await q
    .select({ wrong: t.wrong })
    .from(t)
    .where(and(eq(t.merchantId, merchantId), eq(t.window, window)));
  return row?.wrong ?? 0;
}

export async function countWrongCode(q: Tx, merchantId: string, window: InstantMs): Promise<void> {
  const t = q.t.pickupAttempts;
  await q
    .insert(t)
    .values({ merchantId, window, wrong: 1 })
    .onConflictDoUpdate({ target: [t.merchantId, t.window], set: { wrong: sql`${t.wrong} + 1` } });
}
