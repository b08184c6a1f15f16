import { and, eq, inArray, ne, or } from 'drizzle-orm';
import type { Reads, Tx } from '../../platform/db/store.ts';
import type { Platform } from '../../platform/platform.ts';
import { emptyUnits, findUnit } from '../place-store.ts';
import { findResidents } from '../resident-store.ts';
import { writeRecord } from '../resident-write.ts';
import { revisionsOf, type ApplyParts } from './apply.ts';
import type { RowError } from './contract.ts';
import { setRow, type ImportedRow } from './store.ts';

/** Rows whose people somebody changed since, or who have left. */
export async function changedSince(
  q: Reads,
  importId: string,
  limit: number,
): Promise<{ row: number; name: string }[]> {
  const { residentImportRows: r, residents: t } = q.t;
  return q
    .select({ row: r.row, name: t.name })
    .from(r)
    .innerJoin(t, eq(t.id, r.residentId))
    .where(and(eq(r.importId, importId), eq(r.step, 'applied'), or(ne(t.revision, r.revision), ne(t.state, 'active'))))
    .orderBy(r.row)
    .limit(limit);
}

/** Takes back what rows did: people whom they made go, with every right they got since; others are again what they were. */
export async function undoRows(
  q: Tx,
  platform: Platform,
  parts: ApplyParts,
  rows: readonly ImportedRow[],
): Promise<RowError[]> {
  const revisions = await revisionsOf(
    q,
    rows.flatMap(({ residentId }) => residentId ?? []),
  );
  const isTouched = (row: ImportedRow) => revisions.get(row.residentId ?? '') !== row.revision;
  const touched = rows.filter(isTouched);
  const own = rows.filter((row) => !isTouched(row));
  for (const row of touched) await setRow(q, row, { step: 'kept' });
  await restore(
    q,
    parts,
    own.filter(({ change }) => change === 'changed'),
  );
  await takeBack(
    q,
    platform,
    parts,
    own.filter(({ change }) => change === 'new'),
  );
  await removeUnits(
    q,
    own.flatMap(({ madeUnitId }) => madeUnitId ?? []),
  );
  return touched.map(({ row }) => ({
    row,
    column: null,
    code: 'changed-since',
    message: 'somebody has changed this record since; it stays as it is',
  }));
}

async function restore(q: Tx, { people, identity }: ApplyParts, rows: readonly ImportedRow[]): Promise<void> {
  const now = await findResidents(
    q,
    rows.flatMap(({ residentId }) => residentId ?? []),
  );
  const changed = new Map(now.map((one) => [one.id, one]));
  for (const row of rows) {
    const is = changed.get(row.residentId ?? '');
    const unit = row.before && (await findUnit(q, row.before.unitId));
    if (!is || !row.before || !unit) continue;
    await writeRecord(q, { ...is, ...row.before, building: unit.building, unit: unit.number });
    if (row.before.name !== is.name) await identity.residents.rename(q, is.id, row.before.name);
    await setRow(q, row, { step: 'taken-back' });
  }
  const after = await findResidents(q, [...changed.keys()]);
  await people.told(
    q,
    after.flatMap((one) => {
      const was = changed.get(one.id);
      return was ? [{ before: was, after: one }] : [];
    }),
  );
}

/** Nothing is left of people who were in the file by mistake: their records go like those of people who ask for it. */
async function takeBack(
  q: Tx,
  { privacy }: Platform,
  { people }: ApplyParts,
  rows: readonly ImportedRow[],
): Promise<void> {
  const ids = rows.flatMap(({ residentId }) => residentId ?? []);
  if (ids.length === 0) return;
  await people.leave(q, 'system', await findResidents(q, ids), 'resident.import-undone');
  for (const id of ids) await privacy.erase(q, id);
  for (const row of rows) await setRow(q, row, { step: 'taken-back', name: '', phoneMasked: '', phoneTag: null });
}

async function removeUnits(q: Tx, unitIds: readonly string[]): Promise<void> {
  if (unitIds.length === 0) return;
  const empty = await emptyUnits(q, unitIds);
  if (empty.length > 0) await q.delete(q.t.units).where(inArray(q.t.units.id, empty));
}
