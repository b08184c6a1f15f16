import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { silentLog } from '../log.ts';
import { openStore, type Dialect, type Store } from './store.ts';
import { strictStore } from './strict-store.fixture.ts';
import { openMigrated } from './test-migrated.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Made by tests/harness/postgres.ts. */
    postgresUrl: string;
  }
}

/** Holds the store that the surrounding `describe` opened. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly dialect: Dialect;
  /** The file or the address, for whoever has to look at it from beside. */
  readonly url: string;
}

/**
 * Runs the same tests on a fresh SQLite file and on a fresh PostgreSQL database.
 *
 * @example describeStores('the ledger', (its) => { it('…', async () => { await its.store.tx(…) }) })
 */
export function describeStores(name: string, tests: (its: StoreUnderTest) => void): void {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    describe(`${name} (${dialect})`, () => {
      let opened: Opened | undefined;
      beforeAll(async () => {
        opened = dialect === 'sqlite' ? await freshSqlite() : await freshPostgres(inject('postgresUrl'));
      });
      afterAll(async () => {
        await opened?.store.close();
        await opened?.remove();
      });
      tests({
        dialect,
        get store() {
          if (!opened) throw new Error('the store is open only inside tests');
          return opened.store;
        },
        get url() {
          return opened?.url ?? '';
        },
      });
    });
  }
}

interface Opened {
  readonly url: string;
  readonly store: Store;
  readonly remove: () => Promise<void>;
}

async function freshSqlite(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-store-'));
  const url = join(folder, 'cloud.sqlite');
  const store = await openMigrated(url);
  return { url, store, remove: async () => rmSync(folder, { recursive: true, force: true }) };
}

let template: Promise<string> | undefined;

async function freshPostgres(serverUrl: string): Promise<Opened> {
  const name = await (template ??= postgresTemplate(serverUrl));
  const database = `test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${database} template ${name}`);
  const url = databaseAt(serverUrl, database);
  const store = strictStore(await openStore(url, silentLog()));
  return { url, store, remove: () => onServer(serverUrl, `drop database ${database} with (force)`) };
}

/** Goes with its server. */
async function postgresTemplate(serverUrl: string): Promise<string> {
  const name = `template_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  await (await openStore(databaseAt(serverUrl, name), silentLog())).close();
  return name;
}

function databaseAt(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
