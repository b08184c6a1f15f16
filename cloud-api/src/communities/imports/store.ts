import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, count, desc, eq, inArray, lte, or, type SQL } from 'drizzle-orm';
import type { Reads, Tx } from '../../platform/db/store.ts';
import type { ImportState } from './contract.ts';

export type ImportRow = Reads['t']['residentImports']['$inferSelect'];
export type ImportedRow = Reads['t']['residentImportRows']['$inferSelect'];
export type ImportStep = ImportedRow['step'];

export async function findImport(q: Reads, id: string): Promise<ImportRow | undefined> {
  const [row] = await q.select().from(q.t.residentImports).where(eq(q.t.residentImports.id, id));
  return row;
}

/** Moves an import on, if it is where it has to be for that. */
export async function moveImport(
  q: Tx,
  id: string,
  from: ImportState,
  to: Partial<Omit<ImportRow, 'id'>>,
): Promise<boolean> {
  const t = q.t.residentImports;
  const moved = await q
    .update(t)
    .set(to)
    .where(and(eq(t.id, id), eq(t.state, from)))
    .returning({ id: t.id });
  return moved.length > 0;
}

export async function countRows(q: Reads, importId: string, step: ImportStep): Promise<number> {
  const t = q.t.residentImportRows;
  const [row] = await q
    .select({ n: count() })
    .from(t)
    .where(and(eq(t.importId, importId), eq(t.step, step)));
  return row?.n ?? 0;
}

/** The first rows that stand at a step. */
export async function rowsAt(q: Reads, importId: string, step: ImportStep, limit: number): Promise<ImportedRow[]> {
  const t = q.t.residentImportRows;
  return q
    .select()
    .from(t)
    .where(and(eq(t.importId, importId), eq(t.step, step)))
    .orderBy(asc(t.row))
    .limit(limit);
}

export async function firstRows(q: Reads, importId: string, limit: number): Promise<ImportedRow[]> {
  const t = q.t.residentImportRows;
  return q.select().from(t).where(eq(t.importId, importId)).orderBy(asc(t.row)).limit(limit);
}

export async function setRow(
  q: Tx,
  { importId, row }: Pick<ImportedRow, 'importId' | 'row'>,
  set: Partial<ImportedRow>,
): Promise<void> {
  const t = q.t.residentImportRows;
  await q
    .update(t)
    .set(set)
    .where(and(eq(t.importId, importId), eq(t.row, row)));
}

export async function setRows(q: Tx, importId: string, rows: readonly number[], step: ImportStep): Promise<void> {
  const t = q.t.residentImportRows;
  if (rows.length === 0) return;
  await q
    .update(t)
    .set({ step })
    .where(and(eq(t.importId, importId), inArray(t.row, [...rows])));
}

export async function countImports(q: Reads, communityId: string, state: ImportState): Promise<number> {
  const t = q.t.residentImports;
  const [row] = await q
    .select({ n: count() })
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.state, state)));
  return row?.n ?? 0;
}

export async function listImports(
  q: Reads,
  communityId: string,
  page: { readonly where: SQL | undefined; readonly order: readonly [SQL, SQL]; readonly take: number },
): Promise<ImportRow[]> {
  const t = q.t.residentImports;
  return q
    .select()
    .from(t)
    .where(and(eq(t.communityId, communityId), page.where))
    .orderBy(...page.order)
    .limit(page.take);
}

/** Imports whose rows nobody may need any more: checked or applied by `at`, or over. */
export async function importsToForget(q: Reads, at: InstantMs): Promise<string[]> {
  const { residentImports: t, residentImportRows: r } = q.t;
  const isOver = or(
    and(inArray(t.state, ['checked', 'failed']), lte(t.at, at)),
    and(eq(t.state, 'applied'), lte(t.appliedAt, at)),
    eq(t.state, 'undone'),
  );
  const found = await q
    .selectDistinct({ id: t.id })
    .from(t)
    .innerJoin(r, eq(r.importId, t.id))
    .where(isOver)
    .orderBy(desc(t.id));
  return found.map(({ id }) => id);
}

/** Deletes up to `limit` rows; false when none is left. */
export async function forgetRows(q: Tx, importId: string, limit: number): Promise<boolean> {
  const t = q.t.residentImportRows;
  const next = await q.select({ row: t.row }).from(t).where(eq(t.importId, importId)).limit(limit);
  if (next.length === 0) return false;
  const these = next.map(({ row }) => row);
  await q.delete(t).where(and(eq(t.importId, importId), inArray(t.row, these)));
  return true;
}

/** What a file that is still kept says of somebody. */
export async function importedOf(q: Reads, residentId: string) {
  const t = q.t.residentImportRows;
  const rows = await q.select().from(t).where(eq(t.residentId, residentId)).orderBy(asc(t.importId), asc(t.row));
  return rows.map(({ name, phoneMasked, building, unit, relation, leaseEndsOn }) => ({
    name,
    phoneMasked,
    building,
    unit,
    relation,
    leaseEndsOn,
  }));
}

/** Rows that name the person, by the record or by the phone, in imports that wait or that can be undone. */
export async function forgetImported(q: Tx, residentId: string): Promise<void> {
  const t = q.t.residentImportRows;
  const { accounts } = q.t;
  const own = await q.select({ tag: accounts.phoneTag }).from(accounts).where(eq(accounts.residentId, residentId));
  const tags = own.flatMap(({ tag }) => tag ?? []);
  await q.delete(t).where(or(eq(t.residentId, residentId), tags.length > 0 ? inArray(t.phoneTag, tags) : undefined));
}
