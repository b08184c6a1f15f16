import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentEnvelope, DocumentKind } from '@gatecast/firmware-protocol/messages';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Typed } from '../door/typed-code.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
import type { CheckResult } from './document-check.ts';
import { checkOffLoop } from './document-checker.ts';
import { Documents } from './documents.ts';
import type { KeyRing } from './identity.ts';
import { Store } from './store.ts';

/** Each start and each check is a thread that loads its code anew, on a machine that is busy with other tests. */
const busyMsMax = 90_000;

describe('documents of a terminal', { timeout: busyMsMax }, () => {
  const fixture = new TerminalFixture();
  const resident = fixture.unitPin('1203', '739154');
  const guest = fixture.code('48151623');
  const furnished = mkdtempSync(join(tmpdir(), 'gatecast-furnished-'));
  let dataDir: string;
  let keys: KeyRing;
  let store: Store;
  let documents: Documents;

  const open = async () => {
    store = new Store({ dataDir });
    await store.start();
    documents = new Documents(store, keys);
    documents.start();
  };
  const check = (kind: DocumentKind, envelope: DocumentEnvelope): Promise<CheckResult> =>
    checkOffLoop({
      bytes: new TextEncoder().encode(JSON.stringify(envelope)).buffer,
      kind,
      terminal: fixture.terminal,
      inForce: documents.version(kind),
      doorAuthority: fixture.claim().doorAuthority,
    });
  const apply = async (kind: DocumentKind, version: number, body: unknown) => {
    const checked = await check(kind, fixture.envelope(kind, version, body));
    if (!checked.ok) throw new Error(checked.fault);
    await documents.apply(checked);
  };
  const pin = { kind: 'unit-pin', unit: '1203', pin: '739154' } as const;
  /** Whom the list in force names for what was typed. */
  const named = (typed: Typed) => {
    const presented = documents.access()?.typed(typed, Date.now());
    return presented && 'named' in presented ? presented.named : undefined;
  };
  const list = (...credentials: Parameters<typeof fixture.list>[1]) =>
    fixture.list(keys.sealing.publicKey, credentials);

  beforeAll(async () => {
    keys = await fixture.furnish(furnished, [resident]);
  });
  afterAll(() => rmSync(furnished, { recursive: true }));
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-documents-'));
    cpSync(furnished, dataDir, { recursive: true });
    await open();
  });
  afterEach(async () => {
    await store.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('a new list is in force at once and after a restart, and the old one is gone', async () => {
    await apply('access', 2, list(guest));
    expect(named({ kind: 'code', code: '48151623' })).toMatchObject([{ id: guest.id }]);
    expect(named(pin)).toEqual([]);
    await store.stop();
    await open();
    expect(named({ kind: 'code', code: '48151623' })).toMatchObject([{ id: guest.id }]);
    expect(documents.versions()).toEqual({ config: 1, access: 2 });
  });

  it('a genuine list that cannot be read keeps the old grants, less whom it locks out', async () => {
    const body = { ...list(guest), credentials: [{ kind: 'iris' }], deny: [resident.id] };
    const checked = await check('access', fixture.envelope('access', 2, body));
    expect(checked).toEqual({ ok: false, fault: 'invalid-body', askWhole: false, deny: [resident.id] });
    await documents.deny([resident.id]);
    expect(named(pin)).toMatchObject([{ id: resident.id, denied: true }]);
    await store.stop();
    await open();
    expect(named(pin)).toMatchObject([{ denied: true }]);
    await apply('access', 3, list(resident));
    expect(named(pin)).toMatchObject([{ denied: false }]);
  });

  it('a list whose keys are sealed to somebody else keeps the old grants, less whom it locks out', async () => {
    const foreign = fixture.list(newKeyPair('x25519').publicKey, [guest], { deny: [resident.id] });
    await expect(apply('access', 2, foreign)).rejects.toMatchObject({ code: 'cannot-unseal' });
    expect(named(pin)).toMatchObject([{ id: resident.id, denied: true }]);
  });

  it('a list of a later agent, which was taken back, leaves the one before in force, less whom it locks out', async () => {
    const neighbour = fixture.unitPin('1204', '624875');
    await apply('access', 2, list(resident, neighbour));
    await store.stop();
    const db = new Database(join(dataDir, 'terminal.db'));
    const body = { ...list(), credentials: [{ kind: 'iris' }], deny: [resident.id] };
    db.prepare("INSERT INTO documents (kind, version, hash, body) VALUES ('access', 3, '', ?)").run(
      JSON.stringify(body),
    );
    db.close();
    await open();
    expect(documents.version('access')).toBe(2);
    expect(named(pin)).toMatchObject([{ id: resident.id, denied: true }]);
    expect(named({ ...pin, unit: '1204', pin: '624875' })).toMatchObject([{ id: neighbour.id, denied: false }]);
    await expect(apply('access', 3, list(resident))).rejects.toMatchObject({ code: 'stale-version' });
    await apply('access', 4, list(resident));
    expect(named(pin)).toMatchObject([{ denied: false }]);
  });

  it('a configuration that does not work gives way to the one before, and the first one stays', async () => {
    await documents.revert('config', 1, 'door-went-silent');
    expect(documents.version('config')).toBe(1);
    await apply('config', 2, fixture.config(keys.sealing.publicKey, { openMs: 9_000 }));
    expect(documents.current('config')?.doors[0]?.openMs).toBe(9_000);
    await documents.revert('config', 2, 'door-went-silent');
    expect(documents.current('config')?.doors[0]?.openMs).toBe(3_000);
    expect(documents.version('config')).toBe(1);
  });
});
