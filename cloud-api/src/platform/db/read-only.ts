import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Reads } from './queries.ts';
import { asBuilders } from './postgres-store.ts';
import { sqliteBuilders } from './sqlite-store.ts';

export interface OpenReads {
  readonly read: Reads;
  close(): Promise<void>;
}

/**
 * Opens a database for reading alone, without migrating it: for tools beside the program, and for threads. Rejects if it is not there. `moment`: what is written
 * meanwhile is not seen, and SQLite cannot shorten its log until it is closed; `now`: each statement sees the last commit.
 */
export async function openReadOnly(url: string, sees: 'moment' | 'now' = 'moment'): Promise<OpenReads> {
  return /^postgres(ql)?:\/\//.test(url) ? openPostgres(url, sees) : openSqlite(url.replace(/^sqlite:/, ''), sees);
}

async function openSqlite(file: string, sees: 'moment' | 'now'): Promise<OpenReads> {
  const client = new Database(file, { readonly: true, fileMustExist: true });
  if (sees === 'moment') client.exec('BEGIN');
  return {
    read: sqliteBuilders(drizzle({ client, casing: 'snake_case' })),
    close: async () => void client.close(),
  };
}

async function openPostgres(url: string, sees: 'moment' | 'now'): Promise<OpenReads> {
  const client = new pg.Client({
    connectionString: url,
    types: {
      getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)),
    },
  });
  await client.connect();
  if (sees === 'moment') await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  else await client.query('SET default_transaction_read_only = on');
  return { read: asBuilders(drizzlePostgres({ client, casing: 'snake_case' })), close: () => client.end() };
}
