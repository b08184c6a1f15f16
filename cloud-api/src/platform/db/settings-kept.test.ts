import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { expect, it } from 'vitest';
import { applySqliteMigrations, migrationsFolder } from './migrate.ts';
import { sqliteTables } from './tables.ts';

it('a terminal set before a screen had a brightness keeps its volume and its quiet hours', () => {
  const db = new Database(':memory:');
  const [first] = readMigrationFiles({ migrationsFolder: migrationsFolder('sqlite') });
  for (const statement of first?.sql ?? []) db.exec(statement);
  db.exec('create table gatecast_migrations (hash text primary key, applied_at bigint not null)');
  db.prepare('insert into gatecast_migrations values (?, ?)').run(first?.hash, first?.folderMillis);
  db.exec(
    `insert into terminals (id, no, community_id, entrance_id, name, status, epoch, open_ms, quiet_from_minute, quiet_to_minute, volume_percent, created_at)
     values ('term_1', 1, 'comm_1', 'entr_1', '南门', 'claimed', 1, 5000, 1320, 420, 55, 0)`,
  );
  applySqliteMigrations(db);
  const [kept] = drizzle({ client: db, casing: 'snake_case' }).select().from(sqliteTables.terminals).all();
  expect(kept).toMatchObject({
    quietFromMinute: 1_320,
    quietToMinute: 420,
    volumePercent: 55,
    brightnessPercent: 100,
    dimPercent: 60,
    mutedUntil: null,
    mediaTerms: null,
  });
  db.close();
});
