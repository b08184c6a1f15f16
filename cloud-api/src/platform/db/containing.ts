import { sql, type Column, type SQL } from 'drizzle-orm';

/** Columns that have this in them, letters large or small. */
export const containing = (column: Column, part: string): SQL =>
  sql`lower(${column}) like ${`%${part.toLowerCase().replaceAll(/[!%_]/g, (one) => `!${one}`)}%`} escape '!'`;
