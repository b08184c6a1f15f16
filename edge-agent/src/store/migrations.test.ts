import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from './migrations.ts';

describe('a terminal’s database from an earlier version', () => {
  let dir: string;
  let db: Database.Database;
  const version = () => db.pragma('user_version', { simple: true });

  /** What the steps after the first one add is taken away again. */
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-migrations-'));
    db = new Database(join(dir, 'terminal.db'));
    migrate(db);
    db.exec(`DROP TABLE phone_counters;
      ALTER TABLE credential_uses DROP COLUMN first_used_at;
      ALTER TABLE credential_uses DROP COLUMN keep_until;
      PRAGMA user_version = 1;
      INSERT INTO credential_uses (credential, uses) VALUES ('cred', 3)`);
  });
  afterEach(() => {
    db.close();
    rmSync(dir, { recursive: true });
  });

  const usesIn = (file: Database.Database) => file.prepare('SELECT * FROM credential_uses').all();

  it('keeps what it holds, and a copy of how it was', () => {
    migrate(db);
    expect(usesIn(db)).toEqual([{ credential: 'cred', uses: 3, first_used_at: null, keep_until: null }]);
    const copy = new Database(`${db.name}.v1`, { readonly: true });
    expect([copy.pragma('user_version', { simple: true }), usesIn(copy)]).toEqual([
      1,
      [{ credential: 'cred', uses: 3 }],
    ]);
    copy.close();
  });

  it('is brought up to date by the next start when the first one was cut off at its copy', () => {
    writeFileSync(`${db.name}.v1`, 'half of a copy');
    migrate(db);
    expect(version()).toBeGreaterThan(1);
    const copy = new Database(`${db.name}.v1`, { readonly: true });
    expect(usesIn(copy)).toHaveLength(1);
    copy.close();
  });

  it('of a later one is left as it is', () => {
    db.pragma('user_version = 99');
    migrate(db);
    expect([version(), existsSync(`${db.name}.v99`)]).toEqual([99, false]);
  });
});
