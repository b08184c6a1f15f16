import { setTimeout as delay } from 'node:timers/promises';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import pg from 'pg';
import type { Logger } from 'pino';
import { afterCommitEffects } from './after-commit.ts';
import { bulkShape, conflictClause, quoted } from './insert-many.ts';
import { applyPostgresMigrations } from './migrate.ts';
import type { Prepared } from './prepared.ts';
import type { Overwrite, Store, Tx } from './queries.ts';
import { postgresTables } from './tables.ts';

const connectionsMax = 10;
/** Many small transactions on a busy machine can be in each other's way for seconds. */
const retryForMs = 10_000;
const backoffMs = 5;
const backoffMaxMs = 200;
const channel = 'gatecast_wake';

/** serialization_failure and deadlock_detected: PostgreSQL asks to try the transaction again. */
const retryable = new Set(['40001', '40P01']);

/** PostgreSQL with serializable transactions, so that they mean the same as on SQLite. */
export async function openPostgresStore(url: string, log: Logger): Promise<Store> {
  // BIGINT as number: columns hold at most 2^53, which the column kinds promise.
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    types: {
      getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)),
    },
  });
  pool.on('error', (err) => log.warn({ err }, 'a database connection broke'));
  await applyPostgresMigrations(pool);
  const wakers = new Set<() => void>();
  const listener = await listen(url, log, () => wakers.forEach((wake) => wake()));
  const read = asBuilders(drizzle({ client: pool, casing: 'snake_case' }));
  let closed: Promise<void> | undefined;

  const attempt = async <R>(work: (q: Tx) => Promise<R>): Promise<R> => {
    const effects = afterCommitEffects(log);
    const client = await pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
      const result = await work(transaction(client, effects.add));
      await client.query('COMMIT');
      effects.run();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((err: unknown) => log.warn({ err }, 'rollback failed'));
      throw error;
    } finally {
      client.release();
    }
  };

  const tx = async <R>(work: (q: Tx) => Promise<R>): Promise<R> => {
    const until = performance.now() + retryForMs;
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(work);
      } catch (error) {
        if (performance.now() > until || !retryable.has(sqlState(error))) throw error;
        await delay(Math.random() * Math.min(backoffMaxMs, backoffMs * 2 ** tries));
      }
    }
  };

  return {
    dialect: 'postgres',
    url,
    read,
    tx,
    // Transactions that commit at the same time share the disk's turn here anyway.
    txOfMany: tx,
    async wake(q) {
      await notifiers.get(q)?.();
    },
    onWake(wake) {
      wakers.add(wake);
      return () => wakers.delete(wake);
    },
    async ping() {
      await pool.query('select 1');
    },
    close() {
      closed ??= listener.end().then(() => pool.end());
      return closed;
    },
  };
}

/** NOTIFY has to leave on the transaction's own connection, to go out with the commit. */
const notifiers = new WeakMap<Tx, () => Promise<void>>();

/** Kept with the connection, as what was prepared lives there. */
const builders = new WeakMap<pg.PoolClient, ReturnType<typeof asBuilders>>();

function transaction(client: pg.PoolClient, afterCommit: Tx['afterCommit']): Tx {
  const kept = builders.get(client) ?? asBuilders(drizzle({ client, casing: 'snake_case' }));
  builders.set(client, kept);
  const q: Tx = {
    ...kept,
    insertMany: (table, rows, options) => insertMany(client, table, rows, options?.onConflict),
    async lock(name) {
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
    },
    afterCommit,
  };
  notifiers.set(q, async () => void (await client.query(`notify ${channel}`)));
  return q;
}

/** Same methods, same values: see `postgresColumns`. */
export function asBuilders(db: NodePgDatabase) {
  const same = db as unknown as BetterSQLite3Database;
  return {
    t: postgresTables,
    prepared: new Map<string, Prepared>(),
    select: same.select.bind(same),
    selectDistinct: same.selectDistinct.bind(same),
    with: same.with.bind(same),
    $with: same.$with.bind(same),
    insert: same.insert.bind(same),
    update: same.update.bind(same),
    delete: same.delete.bind(same),
  };
}

async function insertMany<T extends SQLiteTable>(
  client: pg.PoolClient,
  table: T,
  rows: readonly T['$inferInsert'][],
  onConflict: 'nothing' | Overwrite<T> | undefined,
): Promise<void> {
  const first = rows[0];
  if (!first) return;
  const shape = bulkShape(table, Object.keys(first));
  const names = shape.columns.map(({ name }) => quoted(name)).join(', ');
  const arrays = shape.columns.map(({ sqlType }, index) => `$${index + 1}::${sqlType}[]`).join(', ');
  const values = rows.map((row) => shape.values(row));
  await client.query(
    `insert into ${quoted(shape.table)} (${names}) select * from unnest(${arrays})${conflictClause(onConflict)}`,
    shape.columns.map((_, index) => values.map((row) => row[index])),
  );
}

/** Drizzle wraps the driver's error; the code sits on it or on its cause. */
function sqlState(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return '';
}

/** A connection of its own for hints; when it breaks, the pollers carry on alone. */
async function listen(url: string, log: Logger, wake: () => void): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', (err) => log.warn({ err }, 'the hint connection broke; live pages fall back to polling'));
  client.on('notification', wake);
  await client.connect();
  await client.query(`listen ${channel}`);
  return client;
}
