import { setImmediate as nextTurn } from 'node:timers/promises';
import { newId } from '@gatecast/firmware-protocol';
import { and, eq, inArray } from 'drizzle-orm';
import { maskPhone } from '../../identity/rules.ts';
import type { Identity } from '../../identity/service.ts';
import type { Reads } from '../../platform/db/store.ts';
import type { RowError } from './contract.ts';
import type { ReadRow } from './read-row.ts';
import type { ImportedRow } from './store.ts';

/** A row as it is kept, without the import that it belongs to. */
export type CheckedRow = Omit<ImportedRow, 'importId' | 'before' | 'revision' | 'madeUnitId'>;

interface Known {
  readonly residentId: string;
  readonly name: string;
  readonly building: string;
  readonly unit: string;
  readonly relation: ImportedRow['relation'];
  readonly leaseEndsOn: string | null;
}
/** The residents behind these phones: here, or `elsewhere`. */
type KnownPhones = ReadonlyMap<string, Known | 'elsewhere'>;

const chunk = 500;

/**
 * What each row would do: make somebody, change somebody, nothing, or not be possible. From here on a phone is its tag and its mask: the
 * digits are kept nowhere. Reads a few hundred phones at a time and lets others have their turn between.
 */
export async function checkRows(
  q: Reads,
  identity: Identity,
  communityId: string,
  rows: readonly ReadRow[],
): Promise<{ readonly checked: readonly CheckedRow[]; readonly errors: readonly RowError[] }> {
  const checked: CheckedRow[] = [];
  const errors: RowError[] = [];
  const seen = new Set<string>();
  for (let from = 0; from < rows.length; from += chunk) {
    const batch = rows.slice(from, from + chunk);
    const tags = await identity.residents.phoneTags(
      q,
      batch.map(({ phone }) => phone),
    );
    const known = await knownPhones(q, identity, communityId, tags);
    batch.forEach((row, index) => {
      const phoneTag = row.phone === '' ? null : (tags[index] ?? null);
      const faults = [...row.errors, ...phoneFaults(row.row, phoneTag, seen, known)];
      errors.push(...faults);
      checked.push(checkedRow(row, phoneTag, phoneTag === null ? undefined : known.get(phoneTag), faults.length > 0));
    });
    await nextTurn();
  }
  return { checked, errors };
}

async function knownPhones(
  q: Reads,
  identity: Identity,
  communityId: string,
  phoneTags: readonly string[],
): Promise<KnownPhones> {
  const owners = await identity.residents.residentsOf(q, phoneTags);
  const { residents: t, units } = q.t;
  const ids = [...owners.values()].flatMap((id) => id ?? []);
  const found = await q
    .select({
      residentId: t.id,
      name: t.name,
      building: units.building,
      unit: units.number,
      relation: t.relation,
      leaseEndsOn: t.leaseEndsOn,
    })
    .from(t)
    .innerJoin(units, eq(units.id, t.unitId))
    .where(and(inArray(t.id, ids), eq(t.communityId, communityId), eq(t.state, 'active')));
  const here = new Map(found.map((one) => [one.residentId, one]));
  return new Map([...owners].map(([tag, id]) => [tag, here.get(id ?? '') ?? ('elsewhere' as const)]));
}

function phoneFaults(row: number, tag: string | null, seen: Set<string>, known: KnownPhones): RowError[] {
  if (tag === null) return [];
  const faults: RowError[] = [];
  if (seen.has(tag)) {
    faults.push({ row, column: 'phone', code: 'phone-twice', message: 'this phone stands in a row above, too' });
  }
  if (known.get(tag) === 'elsewhere') {
    faults.push({ row, column: 'phone', code: 'phone-taken', message: 'somebody in another community has this phone' });
  }
  seen.add(tag);
  return faults;
}

function checkedRow(
  read: ReadRow,
  phoneTag: string | null,
  known: Known | 'elsewhere' | undefined,
  isWrong: boolean,
): CheckedRow {
  const { row, name, building, unit } = read;
  const phoneMasked = read.phone === '' ? '' : maskPhone(read.phone);
  const shared = { row, name, phoneMasked, phoneTag, building, unit };
  const said = { relation: read.relation, leaseEndsOn: read.leaseEndsOn ?? null };
  if (isWrong || known === 'elsewhere') return { ...shared, ...said, change: 'error', step: 'kept', residentId: null };
  if (!known) {
    const residentId = newId('resident');
    return { ...shared, ...said, relation: said.relation ?? 'owner', change: 'new', step: 'waiting', residentId };
  }
  // What the file does not say stays as it is.
  const relation = read.relation ?? known.relation;
  const leaseEndsOn = read.leaseEndsOn === undefined ? known.leaseEndsOn : read.leaseEndsOn;
  const after = { name, building, unit, relation, leaseEndsOn };
  const { residentId, ...before } = known;
  const isSame = (Object.keys(after) as (keyof typeof after)[]).every((field) => after[field] === before[field]);
  const change = isSame ? ('unchanged' as const) : ('changed' as const);
  return { ...shared, relation, leaseEndsOn, change, step: isSame ? 'kept' : 'waiting', residentId };
}
