import type { InstantMs } from '@gatecast/firmware-protocol';
import * as pg from 'drizzle-orm/pg-core';
import * as lite from 'drizzle-orm/sqlite-core';

/**
 * The column kinds that both databases share. A slice's `schema.ts` is a function of these, so that a table is written once.
 * Names in the database are the snake_case of the property names. Nullable unless `.notNull()`.
 */
export const sqliteColumns = {
  table: lite.sqliteTable,
  text: <T extends string = string>() => lite.text().$type<T>(),
  /** Up to 2^31. */
  int: () => lite.integer({ mode: 'number' }),
  /** Up to 2^53: fen, counters, monotonic times. */
  big: () => lite.integer({ mode: 'number' }),
  bool: () => lite.integer({ mode: 'boolean' }),
  /** A moment, UTC milliseconds. */
  at: () => lite.integer({ mode: 'number' }).$type<InstantMs>(),
  /** Kept as text in both: never queried inside, so that any JSON text survives, NUL escapes included. */
  json: <T>() => lite.text({ mode: 'json' }).$type<T>(),
  bytes: () => lite.blob({ mode: 'buffer' }),
  /** A primary key that rises with each insert. */
  rowId: () => lite.integer({ mode: 'number' }).primaryKey({ autoIncrement: true }),
  index: lite.index,
  uniqueIndex: lite.uniqueIndex,
  primaryKey: lite.primaryKey,
  check: lite.check,
};

export type Columns = typeof sqliteColumns;

const postgresOnly = {
  table: pg.pgTable,
  text: () => pg.text(),
  int: () => pg.integer(),
  big: () => pg.bigint({ mode: 'number' }),
  bool: () => pg.boolean(),
  at: () => pg.bigint({ mode: 'number' }),
  json: () => pg.json(),
  bytes: () => byteaColumn(),
  rowId: () => pg.bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
  check: pg.check,
} satisfies Record<keyof Columns, unknown>;

const byteaColumn = pg.customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/**
 * The one cast between dialects: PostgreSQL's columns pass for SQLite's, because each pair takes and gives the same JavaScript values
 * and the query builders of both have the same methods. Every `*.database.test.ts` runs on both and holds this up.
 */
export const postgresColumns = postgresOnly as unknown as Columns;
