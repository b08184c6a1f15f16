import { fileURLToPath } from 'node:url';
import type Database from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type pg from 'pg';
import type { Dialect } from './queries.ts';

export const migrationsFolder = (dialect: Dialect): string =>
  fileURLToPath(new URL(`../../../migrations/${dialect}`, import.meta.url));

const ledger = 'create table if not exists gatecast_migrations (hash text primary key, applied_at bigint not null)';

/** Applies what is missing in one transaction, which also keeps a second starting process out. */
export function applySqliteMigrations(db: Database.Database): void {
  db.transaction(() => {
    db.exec(ledger);
    const done = new Set(
      db
        .prepare<[], { hash: string }>('select hash from gatecast_migrations')
        .all()
        .map((row) => row.hash),
    );
    const record = db.prepare('insert into gatecast_migrations (hash, applied_at) values (?, ?)');
    for (const { hash, sql, folderMillis } of readMigrationFiles({ migrationsFolder: migrationsFolder('sqlite') })) {
      if (done.has(hash)) continue;
      for (const statement of sql) db.exec(statement);
      record.run(hash, folderMillis);
    }
  }).immediate();
}

const lockKey = 0x67_61_74_65;

export async function applyPostgresMigrations(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    await client.query(ledger);
    const done = new Set(
      (await client.query<{ hash: string }>('select hash from gatecast_migrations')).rows.map((row) => row.hash),
    );
    for (const { hash, sql, folderMillis } of readMigrationFiles({ migrationsFolder: migrationsFolder('postgres') })) {
      if (done.has(hash)) continue;
      for (const statement of sql) await client.query(statement);
      await client.query('insert into gatecast_migrations (hash, applied_at) values ($1, $2)', [hash, folderMillis]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
