import { is, sql, type Column, type SQL, type SQLWrapper } from 'drizzle-orm';
import { PgColumn } from 'drizzle-orm/pg-core';

/**
 * That a key is among the few rows of a subquery which depends on an outer row: `newest of each`. Each database is told so in the form that makes it run
 * the subquery once for an outer row and look the keys up; the other form would make it read the whole table.
 */
export const among = (key: Column, few: SQLWrapper): SQL =>
  is(key, PgColumn) ? sql`${key} = any(array(${few}))` : sql`${key} in ${few}`;
