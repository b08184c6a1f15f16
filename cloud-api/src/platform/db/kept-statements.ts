import type Database from 'better-sqlite3';

/** Distinct texts, well above what the code writes; lists of many lengths in `in (…)` make more of them. */
const keptMax = 1_000;

/**
 * A connection whose `prepare` compiles each text once. Compiling is most of what drizzle's builder costs on this driver.
 * Only for callers that run a statement at once and to its end, as drizzle does; the one longest unused goes first.
 */
export function keepStatements(connection: Database.Database): Database.Database {
  const kept = new Map<string, Database.Statement>();
  const prepare = connection.prepare.bind(connection);
  const keeping = (text: string): Database.Statement => {
    const statement = kept.get(text) ?? prepare(text);
    kept.delete(text);
    kept.set(text, statement);
    if (kept.size > keptMax) {
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    }
    // The last caller may have asked for rows as arrays.
    return statement.reader ? statement.raw(false) : statement;
  };
  return Object.assign(connection, { prepare: keeping });
}
