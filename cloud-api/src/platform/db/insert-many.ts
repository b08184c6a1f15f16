import { Column, getTableColumns, getTableName } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

/** The columns that a bulk insert fills, and each row's values in the driver's own types. */
export interface BulkShape {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly sqlType: string }[];
  values(row: Readonly<Record<string, unknown>>): unknown[];
}

/** Shape of the rows by their properties. A property without a column is a bug and throws. */
export function bulkShape(table: SQLiteTable, properties: readonly string[]): BulkShape {
  const all = getTableColumns(table) as Record<string, Column>;
  const columns = properties.map((property) => {
    const column = all[property];
    if (!column) throw new Error(`${getTableName(table)} has no column ${property}`);
    // Most kinds go to the driver as they are; asking each of a million values costs more than storing some of them.
    const asIs = column.mapToDriverValue === Column.prototype.mapToDriverValue;
    return { property, column, asIs };
  });
  return {
    table: getTableName(table),
    columns: columns.map(({ property, column }) => ({ name: toSnakeCase(property), sqlType: column.getSQLType() })),
    values: (row) =>
      columns.map(({ property, column, asIs }) => {
        const value = row[property];
        if (value === null || value === undefined) return null;
        return asIs ? value : column.mapToDriverValue(value);
      }),
  };
}

export const quoted = (name: string): string => `"${name}"`;

/** What a bulk insert does with rows that are there already, as a clause after its values; empty: they are an error. */
export function conflictClause(
  onConflict: 'nothing' | { readonly key: readonly string[]; readonly set: readonly string[] } | undefined,
): string {
  if (onConflict === undefined) return '';
  if (onConflict === 'nothing') return ' on conflict do nothing';
  const named = (properties: readonly string[]) => properties.map((property) => quoted(toSnakeCase(property)));
  const set = named(onConflict.set).map((column) => `${column} = excluded.${column}`);
  return ` on conflict (${named(onConflict.key).join(', ')}) do update set ${set.join(', ')}`;
}
