import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, systemClock } from '@gatecast/firmware-protocol';
import { cardFromNumber, hourOf, passCodeNo, type Card } from '@gatecast/firmware-protocol/pass';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Agent } from './agent.ts';
import { PassOffice, TestPhone } from './door/passes.fixture.ts';
import { doorLink } from './door/serial-line.ts';
import { SimulatedDoor } from './door/simulated-door.fixture.ts';
import { valueKeys } from './store/snapshot.ts';
import { TerminalFixture } from './terminal.fixture.ts';

const soon = { timeout: 15_000, interval: 20 };
const dayMs = 24 * 3_600_000;
/** Two programs on a machine that is busy with other tests. */
const startMsMax = 60_000;

/** Cards, passes and phones at a simulated door on a byte link, decided by a whole terminal without a cloud, whose clock was right the day before. */
describe('a terminal on its own', () => {
  const fixture = new TerminalFixture();
  const office = new PassOffice();
  const phone = new TestPhone();
  const hex = '78B26E';
  const holder = fixture.card(cardFromNumber('w26', '120,45678') as Card);
  const owner = fixture.phone(phone);
  const courier = fixture.code('48151623', { person: 'courier', firstUse: { by: null, lastsMs: dayMs } });
  const furnished = mkdtempSync(join(tmpdir(), 'gatecast-furnished-'));
  let dataDir: string;
  let door: SimulatedDoor;
  let agent: Agent;

  const inDatabase = <T>(work: (db: Database.Database) => T): T => {
    const db = new Database(join(dataDir, 'terminal.db'));
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  /** What became of everybody so far: `qr opened`, `card unknown-card`. */
  const outcomes = () =>
    inDatabase((db) =>
      db
        .prepare<[], { kind: string; body: string }>(
          "SELECT kind, body FROM journal WHERE stream = 'door' AND kind IN ('opened', 'refused') ORDER BY seq",
        )
        .all()
        .map(({ kind, body }) => {
          const { via, reason = kind } = JSON.parse(body) as { via: string; reason?: string };
          return `${via} ${reason}`;
        }),
    );
  const credentials = () =>
    inDatabase((db) =>
      db
        .prepare<[], { credential: string }>(
          `SELECT json_extract(private, '$.data.credential') AS credential FROM journal
           WHERE stream = 'door' AND kind = 'opened' ORDER BY seq`,
        )
        .all()
        .map(({ credential }) => credential),
    );
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
  const meets = async (path: 'card' | 'qr' | 'keypad', body: object, ...expected: string[]) => {
    const before = outcomes();
    await door.act(path, body);
    await vi.waitFor(() => expect(outcomes().slice(before.length)).toEqual(expected), soon);
  };
  const showCode = (...expected: string[]) => meets('qr', { text: phone.code(owner.id, Date.now()) }, ...expected);

  beforeAll(async () => {
    await fixture.furnish(furnished, [holder, owner, courier], {
      rest: (sealingKey) => ({ passes: office.keys(sealingKey, [fixture.entrance], Date.now()) }),
    });
    dataDir = furnished;
    inDatabase((db) =>
      db.prepare('INSERT INTO kv (key, value) VALUES (?, ?)').run(valueKeys.wallHighMs, String(Date.now() - dayMs)),
    );
  });
  afterAll(() => rmSync(furnished, { recursive: true }));
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-passes-'));
    cpSync(furnished, dataDir, { recursive: true });
    door = new SimulatedDoor();
    await door.start();
    await startAgent();
  }, startMsMax);
  afterEach(async () => {
    await agent.stop();
    await door.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('opens for a card on its list, and for no other', async () => {
    await meets('card', { hex, format: 'wiegand26' }, 'card opened');
    await vi.waitFor(async () => expect(await door.state()).toMatchObject({ opens: 1 }), soon);
    await meets('card', { hex: '78B26F', format: 'wiegand26' }, 'card unknown-card');
    expect((await door.state()).opens).toBe(1);
    expect(credentials()).toEqual([holder.id]);
  });

  it('opens for signed passes that it was never told of, as often as they say, and for no forged one', async () => {
    const id = newId('credential');
    const text = office.signed({ id, uses: 1, doors: [1] });
    await meets('qr', { text }, 'qr opened');
    await meets('qr', { text }, 'qr used-up');
    await meets('qr', { text: office.signed({ doors: [2] }) }, 'qr wrong-entrance');
    await meets('qr', { text: office.signed({ to: Date.now() - 1_000 }) }, 'qr expired');
    await meets('qr', { text: new PassOffice().signed() }, 'qr bad-signature');
    await meets('qr', { text: 'https://example.org/a-link-on-some-poster' }, 'qr unknown-qr');
    await agent.stop();
    await startAgent();
    await meets('qr', { text }, 'qr used-up');
    expect([(await door.state()).opens, credentials()]).toEqual([1, [id]]);
  });

  it('opens for typed pass codes, once for those that say so, also after a restart', async () => {
    const window = { startHour: hourOf(Date.now()), durationClass: 1, index: 2 };
    const digits = `${office.code(window)}#`;
    await meets('keypad', { digits }, 'code opened');
    await meets('keypad', { digits }, 'code used-up');
    // The same pass on paper.
    const text = office.signed({ uses: 1, codeNo: passCodeNo(window) });
    await meets('qr', { text }, 'qr used-up');
    const any = { ...window, index: 0 };
    await meets('keypad', { digits: `${office.code(any, 9)}#` }, 'code opened');
    await agent.stop();
    await startAgent();
    await meets('keypad', { digits }, 'code used-up');
    await meets('keypad', { digits: `${office.code(any, 9)}#` }, 'code opened');
    expect(credentials()).toEqual([window, any, any].map((each) => `code_${passCodeNo(each)}`));
  });

  it('opens for each code of a phone once, also after a restart', async () => {
    const text = phone.code(owner.id, Date.now());
    await meets('qr', { text }, 'qr opened');
    await meets('qr', { text }, 'qr replayed-qr');
    await agent.stop();
    await startAgent();
    await meets('qr', { text }, 'qr replayed-qr');
    await showCode('qr opened');
    await meets('qr', { text: phone.code(owner.id, Date.now() - 90_000) }, 'qr stale-qr');
    expect(credentials()).toEqual([owner.id, owner.id]);
  });

  it('takes no code of a phone that it may have taken before it was cut off', async () => {
    await agent.stop();
    inDatabase((db) => db.prepare("UPDATE kv SET value = 'yes' WHERE key = ?").run(valueKeys.running));
    await startAgent();
    await showCode('qr stale-qr');
    await meets('card', { hex, format: 'wiegand26' }, 'card opened');
  });

  it('remembers when a pass was first used', async () => {
    await meets('keypad', { digits: '48151623#' }, 'code opened');
    await agent.stop();
    inDatabase((db) =>
      db
        .prepare('UPDATE credential_uses SET first_used_at = first_used_at - ? WHERE credential = ?')
        .run(dayMs, courier.id),
    );
    await startAgent();
    await meets('keypad', { digits: '48151623#' }, 'code expired');
  });
});
