import { InvariantError } from '@gatecast/firmware-protocol';
import {
  genesisHash,
  healthRows,
  journalStreams,
  packRows,
  type JournalRow,
  type JournalStream,
  type PrivatePart,
  type StreamKey,
} from '@gatecast/firmware-protocol/messages';
import type { Database } from 'better-sqlite3';
import { fits, joinLosses, whatToDrop, type JournalCap, type Loss } from '../journal/retention.ts';
import { chainRow, placeRow, type ChainedRow, type ChainHead, type RowDraft } from '../journal/row-chain.ts';

interface StreamRow {
  readonly stream: JournalStream;
  readonly seq: number;
  readonly hash: string;
  readonly acked: number;
  readonly rows: number;
  readonly bytes: number;
}

interface StoredRow {
  readonly seq: number;
  readonly hash: string;
  readonly header: string;
  readonly body: string;
  readonly private: string | null;
  readonly bytes: number;
}

/** Rows ready to send, packed, as JSON text: the main thread only passes it on. */
export interface BatchRows {
  readonly from: number;
  readonly to: number;
  /** Hash of the row before the first. */
  readonly prev: string;
  readonly head: string;
  readonly rowsJson: string;
}

/** What an acknowledgement meets: the rows it names, rows that were never written here, or other rows of the same sequence. */
export type AckOutcome = 'taken' | 'never-written' | 'differs';

/** Up to where the cloud has the stream; the hash is known if a checkpoint came along. */
export interface Acked {
  readonly stream: JournalStream;
  readonly upTo: number;
  readonly hash?: string | undefined;
}

/** About what a row's keys, commas and quotes add to its columns on the wire. */
const wireOverheadBytes = 32;

/** Rows that are in memory while very many are placed anew. */
const movedAtOnce = 500;

export interface BatchLimit {
  readonly stream: JournalStream;
  readonly rowsMax: number;
  readonly bytesMax: number;
}

/** How far a stream is: last sequence written, last one safe in the cloud, rows that wait for that. */
export interface StreamReach {
  readonly seq: number;
  readonly acked: number;
  readonly rows: number;
}

/** What of one stream waits for the cloud, and what it has lost. */
export interface StreamBacklog {
  readonly stream: JournalStream;
  readonly rows: number;
  readonly bytes: number;
  /** UTC ms of the oldest row, as good as the clock was then; null for none. */
  readonly oldestAt: number | null;
  /** Rows dropped for want of room since the terminal was claimed. */
  readonly lost: number;
}

const lostKey = (stream: JournalStream) => `journal-lost/${stream}`;

/** The three streams of the journal. All of it runs inside the caller's transaction. */
export class JournalTable {
  readonly #cap: JournalCap;
  readonly #sql;

  constructor(db: Database, cap: JournalCap) {
    this.#cap = cap;
    const addStream = db.prepare(
      'INSERT OR IGNORE INTO streams (stream, seq, hash, acked, rows, bytes) VALUES (?, 0, ?, 0, 0, 0)',
    );
    for (const stream of journalStreams.options) addStream.run(stream, genesisHash);
    this.#sql = statements(db);
  }

  /** Writes the row that follows the stream's last and returns its sequence; drops older rows when the journal outgrows its cap. */
  append(key: StreamKey, draft: RowDraft): number {
    const seq = this.#write(key, draft);
    this.#makeRoom(key, draft);
    return seq;
  }

  /** The oldest rows of a stream, as many as one batch may hold; undefined if there are none. */
  nextBatch(limit: BatchLimit): BatchRows | undefined {
    const taken: StoredRow[] = [];
    let bytes = 0;
    for (const row of this.#sql.oldest.iterate(limit.stream, limit.rowsMax)) {
      bytes += row.bytes;
      if (taken.length > 0 && bytes > limit.bytesMax) break;
      taken.push(row);
    }
    const [first, last] = [taken[0], taken.at(-1)];
    if (!first || !last) return undefined;
    const rows = taken.map(rowOf);
    const { prev = '' } = rows[0] ?? {};
    return { from: first.seq, to: last.seq, prev, head: last.hash, rowsJson: JSON.stringify(packRows(rows)) };
  }

  /** Everything up to `upTo` is safe in the cloud and goes, unless it is not what was written here. */
  acknowledge({ stream, upTo, hash }: Acked): AckOutcome {
    const { seq, hash: newest } = this.#stream(stream);
    if (upTo > seq) return 'never-written';
    const own = upTo === seq ? newest : this.#sql.hashOf.get(stream, upTo)?.hash;
    if (hash !== undefined && own !== undefined && own !== hash) return 'differs';
    this.#deleteUpTo(stream, upTo);
    this.#sql.ack.run(upTo, stream);
    return 'taken';
  }

  /**
   * The cloud holds other rows than this terminal from `from` on: those that only the terminal has go on behind the cloud's last one, and
   * what stands before `from` is there already. Returns how many were moved. All of them in one transaction, a few hundred in memory at a
   * time: it is rare, but may find the backlog of a month.
   */
  rebase(key: StreamKey, from: number, onto: ChainHead): number {
    const { stream } = key;
    this.#deleteUpTo(stream, from - 1);
    const { rows } = this.#stream(stream);
    this.#sql.setAside.run(stream);
    this.#sql.moveHead.run(onto.seq, onto.hash, onto.seq, stream);
    for (let some = this.#sql.aside.all(stream, movedAtOnce); some.length > 0;) {
      for (const stored of some) {
        const { seq: _seq, prev: _prev, private: part = null, ...said } = rowOf(stored);
        this.#insert(stream, placeRow(key, this.#stream(stream), said, part));
      }
      this.#sql.forgetAside.run(stream, some.at(-1)?.seq ?? 0);
      some = this.#sql.aside.all(stream, movedAtOnce);
    }
    return rows;
  }

  reached(): Readonly<Record<JournalStream, StreamReach>> {
    const of = (stream: JournalStream): StreamReach => {
      const { seq, acked, rows } = this.#stream(stream);
      return { seq, acked, rows };
    };
    return { door: of('door'), play: of('play'), health: of('health') };
  }

  backlog(): StreamBacklog[] {
    return this.#sql.streams.all().map(({ stream, rows, bytes }) => ({
      stream,
      rows,
      bytes,
      oldestAt: this.#sql.oldestAt.get(stream)?.at ?? null,
      lost: Number(this.#sql.lost.get(lostKey(stream))?.value ?? 0),
    }));
  }

  #stream(stream: JournalStream): StreamRow {
    const row = this.#sql.stream.get(stream);
    if (!row) throw new InvariantError(`the journal has a ${stream} stream`);
    return row;
  }

  #write(key: StreamKey, draft: RowDraft): number {
    const chained = chainRow(key, this.#stream(key.stream), draft);
    this.#insert(key.stream, chained);
    return chained.row.seq;
  }

  #insert(stream: JournalStream, { row, hash, privatePart }: ChainedRow): void {
    const { body, ...header } = row;
    const texts = [JSON.stringify(header), JSON.stringify(body), privatePart && JSON.stringify(privatePart)] as const;
    const bytes = wireOverheadBytes + texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
    this.#sql.insert.run(stream, row.seq, row.kind, hash, ...texts, bytes);
    this.#sql.advance.run(row.seq, hash, bytes, stream);
  }

  #deleteUpTo(stream: JournalStream, upTo: number): void {
    const size = this.#sql.sizeUpTo.get(stream, upTo);
    this.#sql.deleteUpTo.run(stream, upTo);
    this.#sql.shrink.run(size?.rows ?? 0, size?.bytes ?? 0, stream);
  }

  /** Keeps the journal at its cap; what goes is named to the row, and what earlier `lost` rows named stays named. */
  #makeRoom(key: StreamKey, draft: RowDraft): void {
    const sizes = this.#sql.streams.all();
    if (fits(sizes, this.#cap)) return;
    const declared = this.#sql.losses.all().map(({ body }) => healthRows.lost.parse(JSON.parse(body)));
    const drop = whatToDrop(sizes, this.#cap, declared.length);
    if (!drop) return;
    const dropped = drop.stream === 'health' ? [] : this.#dropOldest(drop.stream, drop.rows);
    dropped.push(...this.#dropOldest('health', this.#stream('health').rows));
    const { boot, clock, wallMs, monoMs } = draft;
    for (const body of joinLosses([...declared, ...dropped])) {
      this.#write({ ...key, stream: 'health' }, { stream: 'health', kind: 'lost', body, boot, clock, wallMs, monoMs });
    }
  }

  /** The loss that this is, or none if there was nothing to drop. */
  #dropOldest(stream: JournalStream, rows: number): Loss[] {
    const first = this.#sql.at.get(stream, 0);
    const last = this.#sql.at.get(stream, rows - 1);
    if (!first || !last) return [];
    this.#deleteUpTo(stream, last.seq);
    this.#sql.addLost.run(lostKey(stream), String(last.seq - first.seq + 1));
    const [from, to] = [first.seq, last.seq];
    return [{ stream, from, to, count: to - from + 1, firstHash: first.hash, lastHash: last.hash }];
  }
}

function statements(db: Database) {
  return {
    streams: db.prepare<[], StreamRow>('SELECT * FROM streams'),
    stream: db.prepare<[string], StreamRow>('SELECT * FROM streams WHERE stream = ?'),
    advance: db.prepare('UPDATE streams SET seq = ?, hash = ?, rows = rows + 1, bytes = bytes + ? WHERE stream = ?'),
    insert: db.prepare(
      'INSERT INTO journal (stream, seq, kind, hash, header, body, private, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    oldest: db.prepare<[string, number], StoredRow>(
      'SELECT seq, hash, header, body, private, bytes FROM journal WHERE stream = ? ORDER BY seq LIMIT ?',
    ),
    at: db.prepare<[string, number], { seq: number; hash: string }>(
      'SELECT seq, hash FROM journal WHERE stream = ? ORDER BY seq LIMIT 1 OFFSET ?',
    ),
    hashOf: db.prepare<[string, number], { hash: string }>('SELECT hash FROM journal WHERE stream = ? AND seq = ?'),
    moveHead: db.prepare('UPDATE streams SET seq = ?, hash = ?, acked = ?, rows = 0, bytes = 0 WHERE stream = ?'),
    // Rows that are to be placed anew make room for themselves: no sequence is below zero otherwise.
    setAside: db.prepare('UPDATE journal SET seq = -seq WHERE stream = ?'),
    aside: db.prepare<[string, number], StoredRow>(
      'SELECT seq, hash, header, body, private, bytes FROM journal WHERE stream = ? AND seq < 0 ORDER BY seq DESC LIMIT ?',
    ),
    forgetAside: db.prepare('DELETE FROM journal WHERE stream = ? AND seq < 0 AND seq >= ?'),
    losses: db.prepare<[], { body: string }>(
      "SELECT body FROM journal WHERE stream = 'health' AND kind = 'lost' ORDER BY seq",
    ),
    sizeUpTo: db.prepare<[string, number], { rows: number; bytes: number }>(
      'SELECT count(*) AS rows, coalesce(sum(bytes), 0) AS bytes FROM journal WHERE stream = ? AND seq <= ?',
    ),
    deleteUpTo: db.prepare('DELETE FROM journal WHERE stream = ? AND seq <= ?'),
    shrink: db.prepare('UPDATE streams SET rows = rows - ?, bytes = bytes - ? WHERE stream = ?'),
    oldestAt: db.prepare<[string], { at: number }>(
      "SELECT CAST(json_extract(header, '$.wallMs') AS INTEGER) AS at FROM journal WHERE stream = ? ORDER BY seq LIMIT 1",
    ),
    lost: db.prepare<[string], { value: string }>('SELECT value FROM kv WHERE key = ?'),
    addLost: db.prepare(
      `INSERT INTO kv (key, value) VALUES (?, ?)
       ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + CAST(excluded.value AS INTEGER) AS TEXT)`,
    ),
    ack: db.prepare('UPDATE streams SET acked = max(acked, ?) WHERE stream = ?'),
  };
}

/** The row again; the columns hold the JSON that this table wrote. */
function rowOf({ header, body, private: part }: StoredRow): JournalRow {
  const row = { ...JSON.parse(header), body: JSON.parse(body) } as JournalRow;
  return part === null ? row : { ...row, private: JSON.parse(part) as PrivatePart };
}
