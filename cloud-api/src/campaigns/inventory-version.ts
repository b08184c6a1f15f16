import { invariant } from '@gatecast/firmware-protocol';
import { and, eq, sql } from 'drizzle-orm';
import { prepared, type Marks } from '../platform/db/prepared.ts';
import type { Reads, Tx } from '../platform/db/store.ts';

/** One row for the whole network: what is sold of one community may be needed by a line item of many. */
const network = 'all';

/** The state of the inventory that an answer was computed at. */
export async function inventoryVersion(q: Reads): Promise<number> {
  const [row] = await versionOf(q, { id: network });
  invariant(row, 'the inventory has a version from its first migration on');
  return row.version;
}

/**
 * Takes what was found to be free at version `seen`, in the transaction that takes it: one conditional update, so that of many who saw the same state one
 * sells and the others compute again. Gives the new version; null for those others.
 */
export async function claimInventory(q: Tx, seen: number): Promise<number | null> {
  const t = q.t.inventoryState;
  const moved = await q
    .update(t)
    .set({ version: seen + 1 })
    .where(and(eq(t.id, network), eq(t.version, seen)))
    .returning({ version: t.version });
  return moved[0]?.version ?? null;
}

/** Gives something back, which nobody has to have seen. Gives the new version. */
export async function releaseInventory(q: Tx): Promise<number> {
  const t = q.t.inventoryState;
  const [row] = await q
    .update(t)
    .set({ version: sql`${t.version} + 1` })
    .where(eq(t.id, network))
    .returning({ version: t.version });
  invariant(row, 'the inventory has a version from its first migration on');
  return row.version;
}

/** Beside it: what may be sold where, as owners, black-outs and doors say. */
const forSale = 'for-sale';

/** The state of what may be sold that a layout was made at; 0 before the first change. */
export async function forSaleVersion(q: Reads): Promise<number> {
  const [row] = await versionOf(q, { id: forSale });
  return row?.version ?? 0;
}
const versionOf = prepared('inventory.version', (q: Reads, v: Marks<{ id: string }>) =>
  q.select({ version: q.t.inventoryState.version }).from(q.t.inventoryState).where(eq(q.t.inventoryState.id, v.id)),
);

/** In the transaction in which it changes, so that no process goes on by what was before. */
export async function noteForSale(q: Tx): Promise<void> {
  const t = q.t.inventoryState;
  await q
    .insert(t)
    .values({ id: forSale, version: 1 })
    .onConflictDoUpdate({ target: t.id, set: { version: sql`${t.version} + 1` } });
}
