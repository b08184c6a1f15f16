import { makeCommunityTables } from '../../communities/schema.ts';
import { makeIdentityTables } from '../../identity/schema.ts';
import { makePlatformTables } from '../schema.ts';
import { postgresColumns, sqliteColumns, type Columns } from './columns.ts';

/** The tables of all slices, for either dialect. */
const makeTables = (c: Columns) => ({
  ...makePlatformTables(c),
  ...makeIdentityTables(c),
  ...makeCommunityTables(c),
});

export type Tables = ReturnType<typeof makeTables>;
export const sqliteTables: Tables = makeTables(sqliteColumns);
export const postgresTables: Tables = makeTables(postgresColumns);
