import { genesisHash, journalStreams, type JournalRow, type JournalStream } from '@gatecast/firmware-protocol/messages';
import { rowHash } from '@gatecast/firmware-protocol/node';
import Database from 'better-sqlite3';
import { waitUntil } from '../harness/wait-until.ts';
import type { FaultTown } from './fault-town.ts';

/** What must be nothing, whatever went wrong. */
export interface Reckoning {
  /** Rows that the terminal had written down and the cloud does not have, or has otherwise. */
  readonly lost: number;
  /** Rows, events or openings by one command that are there more often than they happened. */
  readonly doubled: number;
  /** Releases of the lock for which nobody typed a right code or pressed exit, and no command was carried out. */
  readonly staleOpens: number;
}

/** What is known before a story, to be taken off after it. */
export interface Before {
  readonly opens: number;
  readonly carriedOut: number;
}

interface Head {
  readonly stream: JournalStream;
  readonly seq: number;
  readonly hash: string;
}

const allArrivedWithinMs = 120_000;

export async function before(town: FaultTown): Promise<Before> {
  return { opens: await town.opens(), carriedOut: inCloud(town, carriedOut) };
}

/** Waits until everything is back and handed in, then counts. `allowed`: right codes typed and presses of the exit button. */
export async function reckon(town: FaultTown, past: Before, allowed: number): Promise<Reckoning> {
  await town.isWhole();
  await waitUntil('the cloud to hold every row of the terminal', () => inCloud(town, (db) => isHandedIn(town, db)), {
    withinMs: allArrivedWithinMs,
  });
  const opens = (await town.opens()) - past.opens;
  return inCloud(town, (db) => ({
    lost: lostRows(town, db),
    doubled: doubledRows(db),
    staleOpens: Math.max(0, opens - allowed - (carriedOut(db) - past.carriedOut)),
  }));
}

/** Rows of health may follow at any moment; what the terminal had when it was asked must be there. */
function isHandedIn(town: FaultTown, cloud: Database.Database): boolean {
  const stored = new Map(cloudHeads(town, cloud).map(({ stream, seq }) => [stream, seq]));
  return terminalHeads(town).every(({ stream, seq }) => (stored.get(stream) ?? 0) >= seq);
}

function lostRows(town: FaultTown, cloud: Database.Database): number {
  return journalStreams.options.reduce((lost, stream) => lost + lostOf(town, cloud, stream), 0);
}

/** Follows the chain of a stream row by row; rows that the terminal says it dropped are not lost in silence, and none were in these stories. */
function lostOf(town: FaultTown, cloud: Database.Database, stream: JournalStream): number {
  const head = cloudHeads(town, cloud).find((known) => known.stream === stream);
  const key = { terminal: town.terminalId, epoch: 1, stream };
  let [seq, hash, lost] = [0, genesisHash, 0];
  for (const row of storedRows(cloud, key)) {
    lost += row.seq - seq - 1;
    seq = row.seq;
    const due = rowHash(key, { ...row, prev: hash, body: JSON.parse(row.body) as JournalRow['body'] });
    if (due !== row.hash) lost += 1;
    hash = row.hash;
  }
  return lost + (head ? head.seq - seq : 0) + (head && head.hash !== hash ? 1 : 0);
}

type StoredRow = Omit<JournalRow, 'private' | 'prev' | 'body'> & { readonly hash: string; readonly body: string };

const storedRows = (cloud: Database.Database, key: { terminal: string; epoch: number; stream: string }): StoredRow[] =>
  cloud
    .prepare(
      `SELECT seq, hash, kind, wall_ms AS wallMs, mono_ms AS monoMs, boot, clock, body, private_hash AS privateHash
       FROM journal_rows WHERE terminal_id = ? AND epoch = ? AND stream = ? ORDER BY seq`,
    )
    .all(key.terminal, key.epoch, key.stream) as StoredRow[];

/** An opening is one row, one event of the log and one touch; a command opens once. */
function doubledRows(cloud: Database.Database): number {
  const count = (sql: string): number => cloud.prepare(sql).pluck().get() as number;
  const rows = count(`SELECT count(*) FROM journal_rows WHERE stream = 'door' AND kind = 'opened'`);
  const events = count(`SELECT count(*) FROM access_events WHERE kind = 'opened'`);
  const touchRows = count(`SELECT count(*) FROM journal_rows WHERE stream = 'play' AND kind = 'touch'`);
  const touches = count(`SELECT count(*) FROM touches`);
  const remote = count(`SELECT count(*) FROM access_events WHERE kind = 'opened' AND via = 'remote'`);
  return Math.abs(events - rows) + Math.abs(touches - touchRows) + Math.max(0, remote - carriedOut(cloud));
}

/** Commands that opened, or may have: the terminal was cut off in the middle. */
const carriedOut = (cloud: Database.Database): number =>
  cloud
    .prepare(`SELECT count(*) FROM commands WHERE kind = 'open' AND state IN ('EXECUTED', 'UNKNOWN', 'RECEIVED')`)
    .pluck()
    .get() as number;

const terminalHeads = (town: FaultTown): Head[] => {
  const db = new Database(town.terminalDatabase, { readonly: true });
  try {
    return db.prepare('SELECT stream, seq, hash FROM streams WHERE seq > 0').all() as Head[];
  } finally {
    db.close();
  }
};

const cloudHeads = (town: FaultTown, cloud: Database.Database): Head[] =>
  cloud.prepare('SELECT stream, seq, hash FROM journal_heads WHERE terminal_id = ?').all(town.terminalId) as Head[];

function inCloud<T>(town: FaultTown, look: (db: Database.Database) => T): T {
  const db = new Database(town.cloudDatabase, { readonly: true });
  try {
    return look(db);
  } finally {
    db.close();
  }
}
