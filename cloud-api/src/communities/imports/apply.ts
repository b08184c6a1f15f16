import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, inArray } from 'drizzle-orm';
import type { Identity } from '../../identity/service.ts';
import type { Tx } from '../../platform/db/store.ts';
import type { PeopleDesk } from '../people.ts';
import { placeId, requireUnits } from '../place-store.ts';
import { findResidents } from '../resident-store.ts';
import { insertIncoming, writeRecord, type Incoming } from '../resident-write.ts';
import type { RowError } from './contract.ts';
import { setRow, setRows, type ImportedRow } from './store.ts';

/** What the rows of an import need to be written. */
export interface ApplyParts {
  readonly identity: Identity;
  readonly people: PeopleDesk;
  readonly community: { readonly id: string; readonly zone: string };
  readonly now: InstantMs;
}

/** Writes rows that wait, and says which could not be written because somebody else was faster. */
export async function applyRows(q: Tx, parts: ApplyParts, rows: readonly ImportedRow[]): Promise<RowError[]> {
  const places = rows.map(({ building, unit }) => ({ building, number: unit }));
  const { units, made } = await requireUnits(q, parts.community.id, places);
  const unmade = new Set(made);
  const errors: RowError[] = [];
  const unitOf = (row: ImportedRow) => units.get(placeId({ building: row.building, number: row.unit })) ?? '';
  /** The first row of a new unit is the one that takes it back. */
  const madeBy = (row: ImportedRow) => (unmade.delete(unitOf(row)) ? unitOf(row) : null);
  errors.push(
    ...(await makeNew(
      q,
      parts,
      rows.filter(({ change }) => change === 'new'),
      { unitOf, madeBy },
    )),
  );
  errors.push(
    ...(await changeKnown(
      q,
      parts,
      rows.filter(({ change }) => change === 'changed'),
      { unitOf, madeBy },
    )),
  );
  return errors;
}

interface Units {
  readonly unitOf: (row: ImportedRow) => string;
  readonly madeBy: (row: ImportedRow) => string | null;
}

async function makeNew(q: Tx, parts: ApplyParts, rows: readonly ImportedRow[], units: Units): Promise<RowError[]> {
  if (rows.length === 0) return [];
  const taken = await parts.identity.residents.residentsOf(
    q,
    rows.flatMap(({ phoneTag }) => phoneTag ?? []),
  );
  const free = rows.filter(({ phoneTag }) => phoneTag === null || !taken.has(phoneTag));
  await insertIncoming(
    q,
    parts.identity,
    parts.community,
    free.map((row) => incoming(row, units)),
    parts.now,
  );
  const importId = rows[0]?.importId ?? '';
  await setRows(
    q,
    importId,
    free.map(({ row }) => row),
    'applied',
  );
  for (const row of free) {
    const madeUnitId = units.madeBy(row);
    await setRow(q, row, { revision: 0, ...(madeUnitId === null ? {} : { madeUnitId }) });
  }
  const lost = rows.filter((row) => !free.includes(row));
  await setRows(
    q,
    importId,
    lost.map(({ row }) => row),
    'kept',
  );
  return lost.map(({ row }) => ({
    row,
    column: 'phone',
    code: 'phone-taken',
    message: 'somebody has got this phone since the file was checked',
  }));
}

const incoming = (row: ImportedRow, { unitOf }: Units): Incoming => ({
  id: row.residentId ?? '',
  name: row.name,
  phoneTag: row.phoneTag,
  phoneMasked: row.phoneMasked,
  unitId: unitOf(row),
  building: row.building,
  unit: row.unit,
  relation: row.relation ?? 'owner',
  leaseEndsOn: row.leaseEndsOn,
  isChild: false,
  guardianId: null,
  openMs: null,
});

async function changeKnown(q: Tx, parts: ApplyParts, rows: readonly ImportedRow[], units: Units): Promise<RowError[]> {
  if (rows.length === 0) return [];
  const ids = rows.flatMap(({ residentId }) => residentId ?? []);
  const before = new Map((await findResidents(q, ids)).map((one) => [one.id, one]));
  const revisions = await revisionsOf(q, ids);
  const changed: string[] = [];
  const errors: RowError[] = [];
  for (const row of rows) {
    const was = before.get(row.residentId ?? '');
    if (was?.state !== 'active') {
      await setRow(q, row, { step: 'kept' });
      errors.push({ row: row.row, column: null, code: 'changed-since', message: 'this person has left since' });
      continue;
    }
    const { name, building, unit, leaseEndsOn } = row;
    const relation = row.relation ?? was.relation;
    await writeRecord(q, { ...was, name, building, unit, relation, leaseEndsOn, unitId: units.unitOf(row) });
    if (name !== was.name) await parts.identity.residents.rename(q, was.id, name);
    await setRow(q, row, {
      step: 'applied',
      before: { unitId: was.unitId, name: was.name, relation: was.relation, leaseEndsOn: was.leaseEndsOn },
      revision: (revisions.get(was.id) ?? 0) + 1,
      madeUnitId: units.madeBy(row),
    });
    changed.push(was.id);
  }
  const after = await findResidents(q, changed);
  await parts.people.told(
    q,
    after.flatMap((one) => {
      const was = before.get(one.id);
      return was ? [{ before: was, after: one }] : [];
    }),
  );
  return errors;
}

/** Of those who live here. */
export async function revisionsOf(q: Tx, residentIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const t = q.t.residents;
  const rows = await q
    .select({ id: t.id, revision: t.revision })
    .from(t)
    .where(and(inArray(t.id, [...residentIds]), eq(t.state, 'active')));
  return new Map(rows.map(({ id, revision }) => [id, revision]));
}
