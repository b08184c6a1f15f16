import { after, type DurationMs } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { Reads } from '../../platform/db/store.ts';
import type { ResidentImport } from './contract.ts';
import { firstRows, type ImportRow } from './store.ts';

const previewRows = 20;

/** An import as the property sees it, with its first rows while they are kept. */
export async function showImport(q: Reads, row: ImportRow, rowsKeptMs: DurationMs): Promise<ResidentImport> {
  const { id, communityId, filename, state, rows, errors, errorCount, done, of, at, appliedAt } = row;
  const canUndo = (state === 'applied' || state === 'failed') && appliedAt !== null;
  const preview = await firstRows(q, id, previewRows);
  return {
    id,
    communityId,
    filename,
    state,
    rows,
    errors,
    errorCount,
    done,
    of,
    at,
    new: row.newRows,
    changed: row.changedRows,
    unchanged: row.unchangedRows,
    preview: preview.map(({ row: n, change, name, phoneMasked, building, unit, relation, leaseEndsOn }) => ({
      row: n,
      change,
      name,
      phoneMasked,
      building,
      unit,
      relation,
      leaseEndsOn,
    })),
    byName: await nameOf(q, row.accountId),
    undoUntil: canUndo ? after(appliedAt, rowsKeptMs) : null,
  };
}

/** Empty for an account that is gone. */
async function nameOf(q: Reads, accountId: string): Promise<string> {
  const t = q.t.accounts;
  const [account] = await q.select({ name: t.name }).from(t).where(eq(t.id, accountId));
  return account?.name ?? '';
}
