import { invariant } from '@gatecast/firmware-protocol';
import { and, eq, gt, inArray, sql } from 'drizzle-orm';
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

/** Of one community, or of all: the state of what may be sold that its last change led to. */
const forSaleIn = (communityId: string | null): string => `${forSale}:${communityId ?? network}`;

/** Whether what may be sold in any of these communities has changed since that state. */
export async function isForSaleChanged(q: Reads, communityIds: readonly string[], since: number): Promise<boolean> {
  const t = q.t.inventoryState;
  const ids = [...new Set([null, ...communityIds])].map(forSaleIn);
  for (let i = 0; i < ids.length; i += idsPerRead) {
    const found = await q
      .select({ id: t.id })
      .from(t)
      .where(and(inArray(t.id, ids.slice(i, i + idsPerRead)), gt(t.version, since)))
      .limit(1);
    if (found.length > 0) return true;
  }
  return false;
}
const idsPerRead = 500;

/** In the transaction in which it changes, so that no process goes on by what was before; null: everywhere. */
export async function noteForSale(q: Tx, communityId: string | null): Promise<void> {
  const version = await raised(q);
  const t = q.t.inventoryState;
  await q
    .insert(t)
    .values({ id: forSaleIn(communityId), version })
    .onConflictDoUpdate({ target: t.id, set: { version } });
}

async function raised(q: Tx): Promise<number> {
  const t = q.t.inventoryState;
  const [row] = await q
    .insert(t)
    .values({ id: forSale, version: 1 })
    .onConflictDoUpdate({ target: t.id, set: { version: sql`${t.version} + 1` } })
    .returning({ version: t.version });
  invariant(row, 'what was written is there');
  return row.version;
}
