import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Logger } from 'pino';
import { afterCommitEffects } from './after-commit.ts';
import { bulkShape, conflictClause, quoted, type BulkShape } from './insert-many.ts';
import { keepStatements } from './kept-statements.ts';
import { applySqliteMigrations } from './migrate.ts';
import type { Prepared } from './prepared.ts';
import type { Overwrite, Store, Tx } from './queries.ts';
import { sharedCommits } from './shared-commits.ts';
import { sqliteTables } from './tables.ts';

const busyTimeoutMs = 5_000;
/** Pages of 4 KiB after which the log is written back: 16 MiB, so that a busy hour does not write the same page again and again. */
const checkpointPages = 4_096;
const cacheKib = 65_536;

/**
 * SQLite in WAL mode with two connections: readers see the last commit and cannot write; one writer takes transactions in turn,
 * because drizzle's own transactions on this driver cannot await. FULL: a commit is on the disk.
 */
export function openSqliteStore(file: string, log: Logger): Store {
  const writer = new Database(file);
  writer.pragma('journal_mode = WAL');
  writer.pragma('synchronous = FULL');
  writer.pragma('foreign_keys = ON');
  writer.pragma(`busy_timeout = ${busyTimeoutMs}`);
  writer.pragma(`cache_size = -${cacheKib}`);
  writer.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  applySqliteMigrations(writer);
  const reader = new Database(file);
  reader.pragma('query_only = ON');
  reader.pragma(`busy_timeout = ${busyTimeoutMs}`);

  const bulk = bulkInserter(writer);
  const writes = drizzle({ client: keepStatements(writer), casing: 'snake_case' });
  const reads = drizzle({ client: keepStatements(reader), casing: 'snake_case' });
  const wakers = new Set<() => void>();
  const commits = sharedCommits(writer);
  const base = {
    ...sqliteBuilders(writes),
    insert: writes.insert.bind(writes),
    update: writes.update.bind(writes),
    delete: writes.delete.bind(writes),
    insertMany: async <T extends SQLiteTable>(
      table: T,
      rows: readonly T['$inferInsert'][],
      options?: { readonly onConflict?: 'nothing' | Overwrite<T> },
    ) => bulk(table, rows, options?.onConflict),
    // The writer is alone, so every transaction holds every lock.
    lock: async () => undefined,
  };
  let closed = false;

  const tx = <R>(work: (q: Tx) => Promise<R>, shares: boolean): Promise<R> => {
    const effects = afterCommitEffects(log);
    return commits.tx(() => work({ ...base, afterCommit: effects.add }), { shares, durable: () => effects.run() });
  };

  return {
    dialect: 'sqlite',
    url: file,
    read: sqliteBuilders(reads),
    tx: (work) => tx(work, false),
    txOfMany: (work) => tx(work, true),
    async wake(q) {
      q.afterCommit(() => wakers.forEach((wake) => wake()));
    },
    onWake(listener) {
      wakers.add(listener);
      return () => wakers.delete(listener);
    },
    async ping() {
      reader.prepare('select 1').get();
    },
    async close() {
      if (closed) return;
      closed = true;
      await commits.idle();
      reader.close();
      writer.close();
    },
  };
}

export function sqliteBuilders(db: ReturnType<typeof drizzle>) {
  return {
    t: sqliteTables,
    prepared: new Map<string, Prepared>(),
    select: db.select.bind(db),
    selectDistinct: db.selectDistinct.bind(db),
    with: db.with.bind(db),
    $with: db.$with.bind(db),
  };
}

/** One prepared statement for each table and set of properties; their number is bounded by the code that calls. */
function bulkInserter(writer: Database.Database) {
  const known = new Map<string, { shape: BulkShape; statement: Database.Statement }>();
  return <T extends SQLiteTable>(
    table: T,
    rows: readonly T['$inferInsert'][],
    onConflict: 'nothing' | Overwrite<T> | undefined,
  ): void => {
    const first = rows[0];
    if (!first) return;
    const shape = bulkShape(table, Object.keys(first));
    const names = shape.columns.map(({ name }) => quoted(name)).join(', ');
    const marks = shape.columns.map(() => '?').join(', ');
    const text = `insert into ${quoted(shape.table)} (${names}) values (${marks})${conflictClause(onConflict)}`;
    const prepared = known.get(text) ?? { shape, statement: writer.prepare(text) };
    known.set(text, prepared);
    for (const row of rows) prepared.statement.run(prepared.shape.values(row));
  };
}
