import type { Relation } from '../resident-contract.ts';
import type { Columns } from './columns.ts';
import type { ImportColumn, RowError } from './contract.ts';

/** What one row of a file says. */
export interface ReadRow {
  /** As the spreadsheet counts: the header is 1, or wherever it stands. */
  readonly row: number;
  readonly name: string;
  /** Digits of a good number, or empty. */
  readonly phone: string;
  readonly building: string;
  readonly unit: string;
  /** Null: the file has no such column, or the cell is empty. */
  readonly relation: Relation | null;
  /** Undefined: the file has no such column. Null: the cell is empty. */
  readonly leaseEndsOn: string | null | undefined;
  readonly errors: readonly RowError[];
}

type Fault = Pick<RowError, 'code' | 'message'>;
/** A cell's value, or what is wrong with it. */
type Cell<T> = { readonly value: T } | { readonly fault: Fault; readonly value: T };

const nameMax = 60;
const buildingMax = 20;

const relations: Readonly<Record<string, Relation>> = {
  业主: 'owner',
  产权人: 'owner',
  户主: 'owner',
  本人: 'owner',
  owner: 'owner',
  租户: 'tenant',
  租客: 'tenant',
  承租人: 'tenant',
  tenant: 'tenant',
  家属: 'family',
  家人: 'family',
  家庭成员: 'family',
  亲属: 'family',
  family: 'family',
  房东: 'landlord',
  出租人: 'landlord',
  landlord: 'landlord',
};

/** Reads a row by the header's columns; undefined for an empty one. `today` is the day in the community's calendar. */
export function readRow(cells: readonly string[], row: number, columns: Columns, today: string): ReadRow | undefined {
  const text = (column: ImportColumn) => plain(cells[columns.get(column) ?? -1] ?? '');
  if ([...columns.keys()].every((column) => text(column) === '')) return undefined;
  const errors: RowError[] = [];
  const take = <T>(column: ImportColumn, cell: Cell<T>): T => {
    if ('fault' in cell) errors.push({ row, column, ...cell.fault });
    return cell.value;
  };
  return {
    row,
    name: take('name', nameIn(text('name'))),
    phone: take('phone', phoneIn(text('phone'))),
    building: take('building', buildingIn(text('building'))),
    unit: take('unit', unitIn(text('unit'))),
    relation: take('relation', relationIn(text('relation'))),
    leaseEndsOn: columns.has('leaseEndsOn') ? take('leaseEndsOn', leaseEndIn(text('leaseEndsOn'), today)) : undefined,
    errors,
  };
}

/** Full-width letters and digits become plain ones; signs that nobody sees, which include the NUL that no text of PostgreSQL holds, go. */
const plain = (cell: string): string =>
  cell
    .normalize('NFKC')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim();

const wrong = <T>(value: T, code: Fault['code'], message: string): Cell<T> => ({ value, fault: { code, message } });

function nameIn(text: string): Cell<string> {
  if (text === '') return wrong('', 'name-missing', 'there is no name');
  if (text.length > nameMax)
    return wrong(text.slice(0, nameMax), 'name-too-long', `a name has at most ${nameMax} characters`);
  return { value: text };
}

function phoneIn(text: string): Cell<string> {
  const digits = text.replace(/[\s()-]/g, '').replace(/^(\+|00)?86(?=1\d{10}$)/, '');
  if (digits === '') return wrong('', 'phone-missing', 'there is no phone number');
  if (!/^1[3-9]\d{9}$/.test(digits)) return wrong('', 'phone-invalid', 'this is not a mobile number with 11 digits');
  return { value: digits };
}

function buildingIn(text: string): Cell<string> {
  if (text === '') return wrong('', 'building-missing', 'there is no building');
  if (text.length > buildingMax)
    return wrong(text.slice(0, buildingMax), 'building-too-long', `a building has at most ${buildingMax} characters`);
  return { value: text };
}

function unitIn(text: string): Cell<string> {
  const number = text.replace(/[室号]$/, '');
  if (number === '') return wrong('', 'unit-missing', 'there is no unit');
  if (!/^\d{1,6}$/.test(number))
    return wrong('', 'unit-invalid', 'a unit is what is typed at the door: one to six digits');
  return { value: number };
}

function relationIn(text: string): Cell<Relation | null> {
  if (text === '') return { value: null };
  const relation = relations[text.toLowerCase()];
  if (!relation)
    return wrong(null, 'relation-unknown', 'use owner, tenant, family or landlord (业主、租户、家属、房东)');
  return { value: relation };
}

function leaseEndIn(text: string, today: string): Cell<string | null> {
  if (text === '' || text === '-' || text === '无') return { value: null };
  const date = dateIn(text);
  if (date === undefined) return wrong(null, 'lease-end-invalid', 'write the day like 2027-06-30');
  if (date < today) return wrong(date, 'lease-end-past', 'this day is over');
  return { value: date };
}

/** `2027-06-30`, `2027/6/30`, `2027.6.30`, `2027年6月30日`; undefined for a day that no calendar has. */
function dateIn(text: string): string | undefined {
  const [, year, month = '', day = ''] = /^(20\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const parsed = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(parsed) || new Date(parsed).toISOString().slice(0, 10) !== date ? undefined : date;
}
