import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../platform/db/store.ts';
import { silentLog } from '../platform/log.ts';
import { packedBody, sendBody } from '../terminals/journal.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood, testJournal, type TestTerminal } from '../test-neighbourhood.ts';

const entry = fileURLToPath(new URL('../../bin/gatecast-audit.js', import.meta.url));

describe('gatecast-audit', () => {
  let folder: string;
  let database: string;
  let store: Store;
  let world: TestApp;
  let terminal: TestTerminal;

  const audit = (...args: string[]) =>
    new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
      const env = {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        GATECAST_DATA_DIR: folder,
      };
      execFile(process.execPath, [entry, ...args], { env }, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatecast-audit-'));
    database = join(folder, 'cloud.sqlite');
    store = await openStore(database, silentLog());
    world = await testApp({ store });
    terminal = await claimedTerminal(world, await neighbourhood(world));
    const rows = Array.from({ length: 6 }, (_, n) => ({ kind: 'note', body: { n } }));
    await sendBody(world, terminal, packedBody(terminal, testJournal(world, terminal, 'door')(...rows)));
  });
  afterAll(async () => {
    await world.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('finds the database as the cloud does, while the cloud runs, and says that nothing is wrong', async () => {
    const { code, out } = await audit();
    expect(out).toContain('6 rows in 1 streams');
    expect(out).toContain('Nothing is wrong.');
    expect(code).toBe(0);
  });

  it('explains itself, and what is wrong with its arguments', async () => {
    expect(await audit('--help')).toMatchObject({ code: 0, out: expect.stringContaining('gatecast-audit export') });
    expect(await audit('--nonsense')).toMatchObject({ code: 2, err: expect.stringContaining('--nonsense') });
    expect(await audit('export')).toMatchObject({ code: 2, err: expect.stringContaining('--out') });
    expect(await audit('--key', 'short')).toMatchObject({ code: 2 });
    expect(await audit('--db', join(folder, 'none.sqlite'))).toMatchObject({ code: 3 });
    expect(await audit('--file', entry)).toMatchObject({ code: 3, err: expect.stringContaining('line 1') });
  });

  it('writes an export that is checked with nothing but a key, and never writes over a file', async () => {
    const file = join(folder, 'journal.jsonl');
    expect(await audit('export', '--out', file)).toMatchObject({ code: 0, err: '6 rows written\n' });
    const { kid, publicKey } = terminal.claim['timeKey'] as { kid: string; publicKey: string };
    const { code, out } = await audit('--file', file, '--key', `${kid}=${publicKey}`, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, rows: 6, areKeysItsOwn: false });
    expect(await audit('export', '--out', file)).toMatchObject({ code: 3, err: expect.stringContaining('EEXIST') });
    const piped = await audit('export', '--out', '-');
    expect(piped.out.trim().split('\n').at(-1)).toBe('{"type":"end","rows":6}');
  });

  it('names what somebody has changed, in words or as JSON, and ends with 1', async () => {
    const { t } = store.read;
    const bodyOf = async (body: Record<string, unknown>) =>
      store.tx((q) => q.update(t.journalRows).set({ body }).where(eq(t.journalRows.seq, 3)));
    await bodyOf({ n: 99 });
    const { code, out } = await audit();
    expect(code).toBe(1);
    expect(out).toContain(`${terminal.id} (claim 1) door row 3: altered`);
    const asJson = await audit('--json', '--terminal', terminal.id);
    const [finding, summary] = asJson.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(finding).toMatchObject({ terminal: terminal.id, stream: 'door', fault: 'altered', seq: 3 });
    expect(summary).toMatchObject({ ok: false, findings: 1 });
    await bodyOf({ n: 2 });
    expect((await audit()).code).toBe(0);
  });
});
