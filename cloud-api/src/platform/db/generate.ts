import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api';
import { migrationsFolder } from './migrate.ts';
import type { Dialect } from './queries.ts';
import { postgresTables, sqliteTables } from './tables.ts';

/** drizzle-kit's own shape, of which only the id matters here. */
interface Snapshot {
  readonly id: string;
}

interface Journal {
  readonly version: string;
  readonly dialect: string;
  readonly entries: readonly { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
}

/** What differs between the tables in the code and the last committed snapshot, as statements; empty if nothing does. */
export async function pendingMigration(dialect: Dialect): Promise<{ snapshot: unknown; statements: string[] }> {
  const last = lastSnapshot(dialect);
  if (dialect === 'sqlite') {
    const previous = last ?? (await generateSQLiteDrizzleJson({}));
    const current = await generateSQLiteDrizzleJson({ ...sqliteTables }, previous.id, 'snake_case');
    return { snapshot: current, statements: await generateSQLiteMigration(previous, current) };
  }
  const previous = last ?? generateDrizzleJson({});
  const current = generateDrizzleJson({ ...postgresTables }, previous.id, undefined, 'snake_case');
  return { snapshot: current, statements: await generateMigration(previous, current) };
}

const journalPath = (dialect: Dialect) => join(migrationsFolder(dialect), 'meta', '_journal.json');

function readJournal(dialect: Dialect): Journal {
  if (existsSync(journalPath(dialect))) return JSON.parse(readFileSync(journalPath(dialect), 'utf8')) as Journal;
  return { version: '7', dialect: dialect === 'sqlite' ? 'sqlite' : 'postgresql', entries: [] };
}

/** As drizzle-kit wrote it. */
function lastSnapshot(dialect: Dialect): Snapshot | undefined {
  const last = readJournal(dialect).entries.at(-1);
  if (!last) return undefined;
  return JSON.parse(
    readFileSync(join(migrationsFolder(dialect), 'meta', `${number(last.idx)}_snapshot.json`), 'utf8'),
  ) as Snapshot;
}

const number = (index: number) => String(index).padStart(4, '0');

/** Writes the next migration in drizzle-kit's own layout. */
async function writeMigration(dialect: Dialect, name: string): Promise<void> {
  const { snapshot, statements } = await pendingMigration(dialect);
  if (statements.length === 0) return void process.stdout.write(`${dialect}: nothing changed\n`);
  const journal = readJournal(dialect);
  const idx = journal.entries.length;
  const tag = `${number(idx)}_${name}`;
  const entry = { idx, version: dialect === 'sqlite' ? '6' : '7', when: Date.now(), tag, breakpoints: true };
  mkdirSync(join(migrationsFolder(dialect), 'meta'), { recursive: true });
  writeFileSync(join(migrationsFolder(dialect), `${tag}.sql`), statements.join('\n--> statement-breakpoint\n'));
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  writeFileSync(join(migrationsFolder(dialect), 'meta', `${number(idx)}_snapshot.json`), json(snapshot));
  writeFileSync(journalPath(dialect), json({ ...journal, entries: [...journal.entries, entry] }));
  process.stdout.write(`${dialect}: ${tag}\n`);
}

if (import.meta.main) {
  const name = process.argv[2] ?? 'tables';
  await writeMigration('sqlite', name);
  await writeMigration('postgres', name);
}
