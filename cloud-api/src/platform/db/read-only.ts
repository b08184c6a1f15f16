import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Reads } from './queries.ts';
import { asBuilders } from './postgres-store.ts';
import { sqliteBuilders } from './sqlite-store.ts';

export interface OpenReads {
  /** One moment of the database: what is written meanwhile is not seen. */
  readonly read: Reads;
  close(): Promise<void>;
}

/** Opens a database for reading alone, without migrating it: for tools beside the program. Rejects if it is not there. */
export async function openReadOnly(url: string): Promise<OpenReads> {
  return /^postgres(ql)?:\/\//.test(url) ? openPostgres(url) : openSqlite(url.replace(/^sqlite:/, ''));
}

async function openSqlite(file: string): Promise<OpenReads> {
  const client = new Database(file, { readonly: true, fileMustExist: true });
  client.exec('BEGIN');
  return {
    read: sqliteBuilders(drizzle({ client, casing: 'snake_case' })),
    close: async () => void client.close(),
  };
}

async function openPostgres(url: string): Promise<OpenReads> {
  const client = new pg.Client({
    connectionString: url,
    types: {
      getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)),
    },
  });
  await client.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  return { read: asBuilders(drizzlePostgres({ client, casing: 'snake_case' })), close: () => client.end() };
}
