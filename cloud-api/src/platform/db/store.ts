import type { Logger } from 'pino';
import { openPostgresStore } from './postgres-store.ts';
import type { Store } from './queries.ts';
import { openSqliteStore } from './sqlite-store.ts';

export type { Dialect, Reads, Store, Tx } from './queries.ts';

/** Opens and migrates the database: `postgres://…`, or the path of a SQLite file with or without `sqlite:` before it. */
export async function openStore(url: string, log: Logger): Promise<Store> {
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgresStore(url, log);
  return openSqliteStore(url.replace(/^sqlite:/, ''), log);
}
