import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type InstantMs } from '@gatecast/firmware-protocol';
import { journalRow, type JournalRow, type JournalStream } from '@gatecast/firmware-protocol/messages';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Agent } from './agent.ts';
import { doorLink } from './door/serial-line.ts';
import { SimulatedDoor } from './door/simulated-door.fixture.ts';
import { TerminalFixture } from './terminal.fixture.ts';

const soon = { timeout: 10_000, interval: 20 };

describe('a terminal with a door and no cloud', () => {
  const fixture = new TerminalFixture();
  const resident = fixture.unitPin('1203', '739154');
  const visitor = fixture.code('48151623', { uses: 1 });
  const dated = fixture.code('31415926', { from: 0 as InstantMs });
  const furnished = mkdtempSync(join(tmpdir(), 'gatecast-furnished-'));
  let dataDir: string;
  let door: SimulatedDoor;
  let agent: Agent;

  /** What stands on the disk, read beside the running agent. */
  const rowsOf = (stream: JournalStream): JournalRow[] => {
    const db = new Database(join(dataDir, 'terminal.db'), { readonly: true });
    const rows = db
      .prepare<[string], { header: string; body: string; private: string | null }>(
        'SELECT header, body, private FROM journal WHERE stream = ? ORDER BY seq',
      )
      .all(stream);
    db.close();
    return rows.map((row) =>
      journalRow.parse({
        ...JSON.parse(row.header),
        body: JSON.parse(row.body),
        ...(row.private && { private: JSON.parse(row.private) }),
      }),
    );
  };
  const outcomes = () =>
    rowsOf('door')
      .filter((row) => row.kind === 'opened' || row.kind === 'refused')
      .map((row) => row.body['reason'] ?? 'opened');
  const type = (digits: string) => door.act('keypad', { digits });
  const startAgent = async () => {
    agent = new Agent({
      dataDir,
      cloudUrl: 'http://127.0.0.1:9',
      doorLinks: { osdp: doorLink(door.link) },
      clock: systemClock,
      screen: { port: 0, frameAncestors: [], pageDir: dataDir },
      log: pino({ level: 'silent' }),
    });
    await agent.start();
    await vi.waitFor(async () => expect((await door.state()).led).toBe('red'), soon);
  };

  beforeAll(async () => {
    await fixture.furnish(furnished, [resident, visitor, dated]);
  });
  afterAll(() => rmSync(furnished, { recursive: true }));
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-agent-'));
    door = new SimulatedDoor();
    await door.start();
    cpSync(furnished, dataDir, { recursive: true });
    await startAgent();
  });
  afterEach(async () => {
    await agent.stop();
    await door.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('opens for a unit and its PIN, and tells who, where and how', async () => {
    await type('1203*739154#');
    await vi.waitFor(async () => expect(await door.state()).toMatchObject({ lock: 'released', opens: 1 }), soon);
    await vi.waitFor(() => expect(outcomes()).toEqual(['opened']), soon);
    const opened = rowsOf('door').find((row) => row.kind === 'opened');
    const { entrance } = fixture;
    expect(opened?.body).toEqual({ entrance, via: 'pin', person: 'resident', pulseMs: 3_000, list: 1, command: null });
    expect(opened?.private?.data).toMatchObject({ credential: resident.id });
    expect(JSON.stringify(rowsOf('door'))).not.toContain('739154');
  });

  it('stays shut for whom it does not know, and says why in the journal', async () => {
    for (const digits of ['1203*739155#', '99*739154#', '12#', '31415926#']) await type(digits);
    await door.act('card', { bits: '10110011100011110000111110' });
    const reasons = ['wrong-pin', 'unknown-unit', 'bad-format', 'clock-unknown', 'unknown-card'];
    await vi.waitFor(() => expect(outcomes()).toEqual(reasons), soon);
    expect((await door.state()).opens).toBe(0);
  });

  it('opens once for a pass with one use, also after a restart', async () => {
    await type('48151623#');
    await vi.waitFor(() => expect(outcomes()).toEqual(['opened']), soon);
    await type('48151623#');
    await vi.waitFor(() => expect(outcomes()).toEqual(['opened', 'used-up']), soon);
    await agent.stop();
    await startAgent();
    await type('48151623#');
    await vi.waitFor(() => expect(outcomes()).toEqual(['opened', 'used-up', 'used-up']), soon);
    expect((await door.state()).opens).toBe(1);
  });

  it('starts and opens with a disk that takes nothing any more', async () => {
    await agent.stop();
    const db = new Database(join(dataDir, 'terminal.db'));
    for (const table of ['kv', 'journal', 'commands']) {
      for (const change of ['INSERT', 'UPDATE']) {
        const name = `full_${table}_${change.toLowerCase()}`;
        db.exec(`CREATE TRIGGER ${name} BEFORE ${change} ON ${table} BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
      }
    }
    db.close();
    await startAgent();
    await type('1203*739154#');
    await vi.waitFor(async () => expect((await door.state()).opens).toBe(1), soon);
    await type('48151623#');
    await vi.waitFor(async () => expect((await door.state()).led).toBe('red'), soon);
    expect((await door.state()).opens).toBe(1);
  });

  it('takes note of the exit button and the fire line, which open without it', async () => {
    await door.act('exit');
    await vi.waitFor(() => expect(rowsOf('door').map((row) => row.kind)).toContain('exit'), soon);
    await door.act('fire', { active: true });
    await vi.waitFor(() => expect(rowsOf('door').map((row) => row.kind)).toContain('fire'), soon);
    expect(outcomes()).toEqual([]);
  });
});
