import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@gatecast/firmware-protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadOrCreateKeys } from '../store/identity.ts';
import { Store } from '../store/store.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
import { CloudFixture } from '../uplink/cloud.fixture.ts';
import { claimTerminal, SignIn } from '../uplink/sign-in.ts';
import { TerminalApi } from '../uplink/terminal-api.ts';
import { dayOfGate, type BusyGate } from './busy-gate.fixture.ts';
import { createJournal, type Journal } from './journal.ts';
import { JournalUpload } from './upload.ts';

/** Passes on what it gets and counts it, both ways. */
class CountingLine {
  bytes = 0;
  readonly #server: Server;
  constructor(port: number) {
    this.#server = createServer((client) => {
      const cloud = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [client, cloud],
        [cloud, client],
      ] as const) {
        from.on('data', (part) => (this.bytes += part.length));
        from.on('error', () => to.destroy());
        from.pipe(to);
      }
    });
  }
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe('the journal on the wire', () => {
  let dataDir: string;
  let fixture: TerminalFixture;
  let cloud: CloudFixture;
  let line: CountingLine;
  let store: Store;
  let journal: Journal;
  let upload: JournalUpload;

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-wire-'));
    fixture = new TerminalFixture();
    cloud = new CloudFixture(fixture);
    await cloud.start();
    line = new CountingLine(Number(new URL(cloud.url).port));
    const url = await line.start();
    const keys = loadOrCreateKeys(dataDir);
    store = new Store({ dataDir });
    await store.start();
    const claim = await claimTerminal(url, keys, '0123456789AB', 'test');
    await store.saveClaim(claim);
    journal = createJournal({ store, clock: systemClock, clockQuality: () => 'synced', boot: 'AbCdEfGh12345678' });
    const sessions = {
      next: async () => ({ counter: 1, mark: 'A'.repeat(22), prev: null, machine: 'B'.repeat(22) }),
      answered: async () => {},
    };
    const { signal } = new AbortController();
    const signIn = new SignIn({ cloudUrl: url, keys, claim, clock: systemClock, sessions, signal });
    const api = new TerminalApi(url, claim.terminal, signIn);
    upload = new JournalUpload({
      store,
      journal,
      clock: systemClock,
      claim,
      keys,
      send: (body, aborted) => api.uploadJournal(body, aborted),
      log: pino({ level: 'silent' }),
    });
  });
  afterEach(async () => {
    await upload.stop();
    await store.stop();
    await line.stop();
    await cloud.stop();
    rmSync(dataDir, { recursive: true });
  });

  /** Rows of the play stream only: what a day of a gate brings there. */
  async function write(gate: BusyGate): Promise<{ readonly rows: number; readonly plays: number }> {
    const start = Date.UTC(2026, 10, 1);
    const day = dayOfGate(gate, Math.random, start).filter(({ entry }) => entry.stream === 'play');
    for (const { atMs, entry } of day) {
      const draft = {
        ...entry,
        wallMs: start + atMs,
        monoMs: atMs,
        boot: 'AbCdEfGh12345678',
        clock: 'synced',
      } as const;
      await store.append(draft);
    }
    return { rows: day.length, plays: day.filter(({ entry }) => entry.kind === 'play').length };
  }
  const arrived = (rows: number) =>
    vi.waitFor(() => expect(cloud.rows.play).toHaveLength(rows), { timeout: 60_000, interval: 50 });

  it('a play of a screen’s usual day costs at most 40 bytes, requests, answers and the sign-in included', async () => {
    const { rows, plays } = await write({ openingsPerDay: 200, ambientPlaysPerDay: 2_160 });
    line.bytes = 0;
    upload.start();
    await arrived(rows);
    expect(line.bytes / plays).toBeLessThanOrEqual(40);
  });

  it('rows that the cloud cannot read keep no other stream from it', async () => {
    cloud.unreadable = 'door';
    await journal.append({ stream: 'door', kind: 'note', body: {} });
    await write({ openingsPerDay: 1, ambientPlaysPerDay: 1 });
    upload.start();
    await arrived(51);
    expect((await store.reached()).door).toMatchObject({ rows: 1, acked: 0 });
    cloud.unreadable = undefined;
    upload.wake();
    await vi.waitFor(() => expect(cloud.rows.door).toHaveLength(1));
  });

  it('a busy cloud is left alone as long as it asks', async () => {
    await write({ openingsPerDay: 1, ambientPlaysPerDay: 1 });
    cloud.busyAnswers = 1;
    cloud.busySeconds = 1;
    const before = systemClock.mono();
    upload.start();
    await vi.waitFor(() => expect(cloud.busyAnswers).toBe(0));
    upload.wake();
    await arrived(51);
    expect(systemClock.mono() - before).toBeGreaterThanOrEqual(1_000);
  });
});
