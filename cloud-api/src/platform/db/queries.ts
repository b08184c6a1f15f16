import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

export type Dialect = 'sqlite' | 'postgres';

/** Reads through drizzle; always `await` the builder, never call `.all()`, `.get()` or `.run()`. */
export interface Reads extends Pick<BetterSQLite3Database, 'select' | 'selectDistinct' | 'with' | '$with'> {
  /** The tables of all slices, in the dialect of this store. */
  readonly t: Tables;
  /** For `prepared` alone: what this connection has built, by name. */
  readonly prepared: Map<string, Prepared>;
}

/** Inside one transaction. A write says what it did by `.returning()`; counts of changed rows differ between the drivers. */
export interface Tx extends Reads, Pick<BetterSQLite3Database, 'insert' | 'update' | 'delete'> {
  /**
   * Inserts many rows through one prepared statement (SQLite) or one `unnest` (PostgreSQL); the fast way for journals.
   * Every row has the same properties. Nothing comes back; a conflict fails unless `onConflict` says what becomes of it. To update, no key is there twice.
   */
  insertMany<T extends SQLiteTable>(
    table: T,
    rows: readonly T['$inferInsert'][],
    options?: { readonly onConflict?: 'nothing' | Overwrite<T> },
  ): Promise<void>;
  /** Held until the transaction ends, so that what is done under it commits in the same order everywhere. */
  lock(name: string): Promise<void>;
  /** Runs once the transaction is durable; dropped if it is rolled back. What it throws is logged and changes nothing. */
  afterCommit(effect: () => void | Promise<void>): void;
}

/** What a row that is there already takes over from the one that came, by the columns of its key. */
export interface Overwrite<T extends SQLiteTable> {
  readonly key: readonly (keyof T['$inferInsert'] & string)[];
  readonly set: readonly (keyof T['$inferInsert'] & string)[];
}

export interface Store {
  readonly dialect: Dialect;
  /** Where it is, for a thread that opens it for itself. May hold a password: never logged. */
  readonly url: string;
  /** A connection that cannot write. Sees what is committed. */
  readonly read: Reads;
  /**
   * Runs `work` in one transaction; it commits when `work` resolves and rolls back when it rejects.
   * Transactions behave as if they ran one after the other. `work` may run again after a conflict (PostgreSQL), so its only
   * effects are writes through `q` and `q.afterCommit`. Never call `tx` inside `tx`: pass `q` on.
   */
  tx<R>(work: (q: Tx) => Promise<R>): Promise<R>;
  /**
   * The same for small transactions of which many come at once: on SQLite those that wait share a commit, so that the disk is waited for once.
   * `work` reads through `q` alone: through `read` it would not see what those that share its commit wrote before it.
   */
  txOfMany<R>(work: (q: Tx) => Promise<R>): Promise<R>;
  /** Wakes the listeners of every process that shares the database; only a hint. */
  wake(q: Tx): Promise<void>;
  onWake(listener: () => void): () => void;
  /** Rejects if the database does not answer. */
  ping(): Promise<void>;
  readonly close: () => Promise<void>;
}
