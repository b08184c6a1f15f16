import type { ImportColumn } from './contract.ts';

/** How lists of residents call their columns, without spaces and in small letters. */
const headers: Readonly<Record<ImportColumn, readonly string[]>> = {
  name: ['姓名', '名字', '住户', '住户姓名', '业主姓名', 'name', 'fullname'],
  phone: ['手机', '手机号', '手机号码', '电话', '电话号码', '联系电话', '联系方式', 'phone', 'phonenumber', 'mobile'],
  building: ['楼栋', '楼号', '楼', '栋', '栋号', '楼栋号', '幢', '幢号', 'building', 'block'],
  unit: ['房号', '房间', '房间号', '室', '室号', '门牌号', 'unit', 'flat', 'room', 'apartment'],
  relation: ['关系', '与业主关系', '身份', '住户类型', '类型', 'relation', 'role'],
  leaseEndsOn: [
    '租期至',
    '租期到',
    '租约到期',
    '租约到期日',
    '租期截止',
    '到期日',
    '到期日期',
    'leaseend',
    'leaseends',
    'leaseendson',
    'leaseuntil',
  ],
};
const columnOf = new Map(
  Object.entries(headers).flatMap(([column, names]) => names.map((one) => [one, column as ImportColumn])),
);
export const requiredColumns = ['name', 'phone', 'building', 'unit'] as const satisfies readonly ImportColumn[];

/** Titles and dates often stand above the header. */
const headerWithin = 5;

/** Where each column stands in the rows. */
export type Columns = ReadonlyMap<ImportColumn, number>;

const columnsIn = (row: readonly string[]): Columns => {
  const found = new Map<ImportColumn, number>();
  row.forEach((cell, index) => {
    const column = columnOf.get(
      cell
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[\s_*:.-]|\(.*\)/g, ''),
    );
    if (column !== undefined && !found.has(column)) found.set(column, index);
  });
  return found;
};

/** The header: the first of the first rows with every column that there has to be. Without one, what the best of them lacks. */
export function findHeader(
  rows: readonly (readonly string[])[],
): { readonly at: number; readonly columns: Columns } | { readonly missing: readonly ImportColumn[] } {
  let missing: readonly ImportColumn[] = requiredColumns;
  for (const [at, row] of rows.slice(0, headerWithin).entries()) {
    const columns = columnsIn(row);
    const lacks = requiredColumns.filter((column) => !columns.has(column));
    if (lacks.length === 0) return { at, columns };
    if (lacks.length < missing.length) missing = lacks;
  }
  return { missing };
}
