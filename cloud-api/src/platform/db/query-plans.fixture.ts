import Database from 'better-sqlite3';
import pg from 'pg';
import { vi } from 'vitest';
import type { Dialect } from './store.ts';

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What the databases were asked while `work` ran, each text once. */
async function statementsOf(work: () => Promise<unknown>): Promise<readonly Statement[]> {
  const seen = new Map<string, Statement>();
  const prepare = vi.spyOn(Database.prototype, 'prepare');
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    for (const [text] of prepare.mock.calls) {
      const values = Array.from({ length: text.split('?').length - 1 }, () => null);
      if (text.startsWith('select')) seen.set(text, { text, values });
    }
    for (const [asked, given] of query.mock.calls as unknown as readonly (readonly [unknown, unknown])[]) {
      const text = typeof asked === 'string' ? asked : (asked as { readonly text: string }).text;
      const values = (given ?? (asked as { readonly values?: unknown }).values ?? []) as readonly unknown[];
      if (text.startsWith('select') && Array.isArray(values)) seen.set(text, { text, values });
    }
    return [...seen.values()];
  } finally {
    prepare.mockRestore();
    query.mockRestore();
  }
}

/** A database, to be asked from beside how it would answer. */
interface Asked {
  readonly dialect: Dialect;
  /** The file, or the address. */
  readonly url: string;
}

/** What PostgreSQL does by itself some time after many rows came; SQLite is run without. */
export async function analyzed({ dialect, url }: Asked): Promise<void> {
  if (dialect === 'sqlite') return;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('analyze');
  await client.end();
}

/** Reads of whole tables that `work` made its database do: `SCAN plays`, `Seq Scan on plays`. Small tables are told to be left out. */
export async function wholeReads(
  { dialect, url }: Asked,
  isSmall: (table: string) => boolean,
  work: () => Promise<unknown>,
): Promise<readonly string[]> {
  const statements = await statementsOf(work);
  const plans = dialect === 'sqlite' ? sqlitePlans(url, statements) : await postgresPlans(url, statements);
  return plans.flatMap((plan) =>
    [...plan.matchAll(/\bSCAN (?!CONSTANT ROW|\()(\w+)|Seq Scan on (\w+)/g)]
      .filter(([, scanned, read]) => !isSmall(scanned ?? read ?? ''))
      .map(() => plan),
  );
}

function sqlitePlans(file: string, statements: readonly Statement[]): string[] {
  const db = new Database(file, { readonly: true });
  try {
    return statements.map(({ text, values }) => {
      const rows = db.prepare(`explain query plan ${text}`).all(...values) as { readonly detail: string }[];
      return `${text}\n${rows.map(({ detail }) => detail).join('\n')}`;
    });
  } finally {
    db.close();
  }
}

async function postgresPlans(url: string, statements: readonly Statement[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const plans: string[] = [];
    for (const { text, values } of statements) {
      const { rows } = await client.query(`explain ${text}`, [...values]);
      plans.push(`${text}\n${rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')}`);
    }
    return plans;
  } finally {
    await client.end();
  }
}
