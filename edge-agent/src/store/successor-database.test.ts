import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@gatecast/firmware-protocol';
import { mediaManifest, type ClaimResponse } from '@gatecast/firmware-protocol/messages';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RowDraft } from '../journal/row-chain.ts';
import { stepsOfTheDatabase } from './migrations.ts';
import { Store } from './store.ts';

const rawKey = 'A'.repeat(43);
const claim: ClaimResponse = {
  terminal: newId('terminal'),
  epoch: 1,
  doorAuthority: { kid: 'door', publicKey: rawKey },
  brokerUrl: 'mqtt://127.0.0.1:1',
  timeKey: { kid: 'time', publicKey: rawKey },
};
const row = (n: number): RowDraft => ({
  stream: 'door',
  kind: 'contact',
  body: { n },
  wallMs: 1_000 + n,
  monoMs: n,
  boot: 'boot',
  clock: 'synced',
});
const media = (version: number) => {
  const text = new TextEncoder().encode('{"clips":[]}').buffer;
  return {
    ok: true,
    version,
    hash: '',
    text,
    value: { kind: 'media', body: mediaManifest.parse({ clips: [] }) },
  } as const;
};

describe('an agent that was put back', () => {
  let dataDir: string;
  let store: Store;
  const open = async () => {
    store = new Store({ dataDir });
    await store.start();
  };
  /** What a release of the future might add, as far as steps of the database may: tables, columns, indexes, kinds of documents, values. */
  const ageTheDatabase = () => {
    const db = new Database(join(dataDir, 'terminal.db'));
    const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    for (const { name } of tables.filter((table) => !table.name.startsWith('sqlite_'))) {
      db.exec(`ALTER TABLE ${name} ADD COLUMN later_note TEXT;
               ALTER TABLE ${name} ADD COLUMN later_count INTEGER NOT NULL DEFAULT 0;
               CREATE INDEX later_${name} ON ${name} (later_note);`);
    }
    db.exec(`CREATE TABLE later_things (id TEXT PRIMARY KEY, note TEXT NOT NULL) STRICT;
             INSERT INTO later_things VALUES ('x', 'kept');
             INSERT INTO documents (kind, version, hash, body) VALUES ('hologram', 3, '', '{}');
             INSERT INTO documents (kind, version, hash, body) VALUES ('media', 5, '', '{"reels":[]}');
             INSERT INTO kv (key, value) VALUES ('later/value', '[1,2]');
             PRAGMA user_version = 99;`);
    db.close();
  };
  const laterThings = (): unknown => {
    const db = new Database(join(dataDir, 'terminal.db'), { readonly: true });
    try {
      return [db.pragma('user_version', { simple: true }), db.prepare('SELECT note FROM later_things').pluck().all()];
    } finally {
      db.close();
    }
  };

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-successor-'));
    await open();
    await store.saveClaim(claim);
    await store.append(row(1));
    await store.saveDocument(media(4));
    await store.stop();
    ageTheDatabase();
    await open();
  });
  afterEach(async () => {
    await store.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('runs on its successor’s database: it remembers, goes on writing, and takes nothing away', async () => {
    expect(store.snapshot.claim).toEqual(claim);
    expect(await store.append(row(2))).toEqual({ seq: 2 });
    await store.setValue('mine', '1');
    await store.receiveCommand({ id: 'cmd', row: row(3) });
    await store.useCredential({ credential: 'cred', usesMax: 1, at: 1, keepUntil: null, row: row(4) });
    await store.savePhoneCounter({ phone: 'phone', counter: 7 });
    await store.stop();
    expect(laterThings()).toEqual([99, ['kept']]);
    await open();
    expect(store.snapshot.values.get('mine')).toBe('1');
    expect(store.snapshot.values.get('later/value')).toBe('[1,2]');
    expect(store.snapshot.phoneCounters.get('phone')).toBe(7);
  });

  it('goes by the last version of a document that it can read, and takes the next', async () => {
    expect(store.snapshot.documents.get('media')?.version).toBe(4);
    await store.saveDocument(media(6));
    expect(store.snapshot.documents.get('media')?.version).toBe(6);
  });
});

describe('the steps of the terminal’s database', () => {
  /** What an older agent does not notice. */
  const adds = [
    /^CREATE TABLE \w+ \(/,
    /^CREATE INDEX /,
    /^ALTER TABLE \w+ ADD COLUMN \w+ (INTEGER|TEXT|REAL|BLOB)( NOT NULL DEFAULT [^,;]+)?$/,
  ];
  const statementsOf = (step: string): string[] =>
    step
      .replaceAll(/--.*$/gm, '')
      .split(';')
      .map((statement) => statement.trim())
      .filter(Boolean);

  it('only add: no agent before misses anything, or is asked for what it does not know', () => {
    const others = stepsOfTheDatabase
      .flatMap(statementsOf)
      .filter((statement) => !adds.some((form) => form.test(statement)));
    expect(others).toEqual([]);
  });
});
