import { rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';

/**
 * Numbered steps of the terminal's database; `user_version` holds how many are done.
 * Only ever added to, and each step only adds: an agent that was rolled back runs on its successor's database.
 */
export const stepsOfTheDatabase: readonly string[] = [
  `
  CREATE TABLE streams (
    stream TEXT PRIMARY KEY,
    seq    INTEGER NOT NULL,
    hash   TEXT NOT NULL,
    acked  INTEGER NOT NULL,
    rows   INTEGER NOT NULL,
    bytes  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE journal (
    stream TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    hash   TEXT NOT NULL,
    header TEXT NOT NULL,
    body   TEXT NOT NULL,
    private TEXT,
    bytes  INTEGER NOT NULL,
    PRIMARY KEY (stream, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE documents (
    kind    TEXT NOT NULL,
    version INTEGER NOT NULL,
    hash    TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (kind, version)
  ) STRICT;

  CREATE TABLE credential_uses (
    credential TEXT PRIMARY KEY,
    uses       INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE commands (
    n      INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    state  TEXT NOT NULL,
    reason TEXT
  ) STRICT;

  CREATE TABLE kv (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- first_used_at, keep_until: UTC ms. A pass that no list names is kept until it ends.
  ALTER TABLE credential_uses ADD COLUMN first_used_at INTEGER;
  ALTER TABLE credential_uses ADD COLUMN keep_until INTEGER;

  CREATE TABLE phone_counters (
    credential TEXT PRIMARY KEY,
    counter    INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Brings the file up to date, keeping a copy of the older one beside it: `<file>.v<n>`. */
export function migrate(db: Database): void {
  const done = Number(db.pragma('user_version', { simple: true }));
  if (done >= stepsOfTheDatabase.length) return;
  if (done > 0) copyTo(db, `${db.name}.v${done}`);
  db.transaction(() => {
    for (const step of stepsOfTheDatabase.slice(done)) db.exec(step);
    db.pragma(`user_version = ${stepsOfTheDatabase.length}`);
  })();
}

/** What stands there is from a start that was cut off before its steps were done, and may be half a copy: SQLite would not write over it. */
function copyTo(db: Database, file: string): void {
  rmSync(file, { force: true });
  db.prepare('VACUUM INTO ?').run(file);
}
