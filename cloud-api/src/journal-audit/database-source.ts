import { instant, type Clock } from '@gatecast/firmware-protocol';
import {
  headProof,
  journalCheckpoint,
  type JournalCheckpoint,
  type JournalStream,
  type StreamKey,
} from '@gatecast/firmware-protocol/messages';
import { and, asc, eq, gt, lte, sql, type Column, type SQL } from 'drizzle-orm';
import type { OpenReads } from '../platform/db/read-only.ts';
import type { Reads } from '../platform/db/store.ts';
import type {
  AuditedStream,
  CheckpointRecord,
  DisputeRecord,
  JournalSource,
  RowRecord,
  StreamPart,
} from './records.ts';
import type { StreamBegin } from './stream-begin.ts';

const pageRows = 500;
/** `health` first: its rows say what the others have lost. */
const streamOrder: readonly JournalStream[] = ['health', 'door', 'play'];

interface Chapter {
  readonly terminal: string;
  readonly epoch: number;
}

/** The cloud's database as a journal; only of one terminal if `terminal` names it. */
export async function databaseSource(
  db: OpenReads,
  clock: Pick<Clock, 'now'>,
  terminal?: string,
): Promise<JournalSource> {
  const { read } = db;
  const { keys } = read.t;
  const found = await read
    .select({ kid: keys.kid, publicKey: keys.publicKey })
    .from(keys)
    .where(eq(keys.purpose, 'checkpoint'));
  return {
    header: {
      type: 'gatecast-journal',
      v: 1,
      at: clock.now(),
      keys: found.flatMap(({ kid, publicKey }) => (publicKey === null ? [] : [{ kid, publicKey }])),
    },
    async *streams() {
      for (const chapter of await chapters(read)) {
        if (terminal !== undefined && chapter.terminal !== terminal) continue;
        for (const stream of streamOrder) {
          const audited = await streamOf(read, { ...chapter, stream });
          if (audited) yield audited;
        }
      }
    },
    close: () => db.close(),
  };
}

/** Each terminal and epoch of which any table knows: whoever removes traces may forget one of them. */
async function chapters(read: Reads): Promise<readonly Chapter[]> {
  const { journalRows, journalHeads, journalCheckpoints, journalDisputes, journalBegins } = read.t;
  const all = new Map<string, Chapter>();
  for (const t of [journalRows, journalHeads, journalCheckpoints, journalDisputes, journalBegins]) {
    let last: Chapter | undefined;
    for (;;) {
      const after: SQL | undefined = last && sql`(${t.terminalId}, ${t.epoch}) > (${last.terminal}, ${last.epoch})`;
      // The primary key leads from each pair to the next, past all of its rows.
      const [next]: Chapter[] = await read
        .select({ terminal: t.terminalId, epoch: t.epoch })
        .from(t)
        .where(after)
        .orderBy(asc(t.terminalId), asc(t.epoch))
        .limit(1);
      if (!next) break;
      all.set(`${next.terminal}|${next.epoch}`, next);
      last = next;
    }
  }
  return [...all.values()].toSorted((a, b) =>
    a.terminal < b.terminal ? -1 : a.terminal > b.terminal ? 1 : a.epoch - b.epoch,
  );
}

async function streamOf(read: Reads, key: StreamKey): Promise<AuditedStream | undefined> {
  const { journalHeads: t, journalRows, journalCheckpoints } = read.t;
  const [head] = await read
    .select({ seq: t.seq, hash: t.hash, checkpoint: maybeTextOf(t.checkpoint) })
    .from(t)
    .where(ofStream(t, key));
  const begin = await beginOf(read, key);
  const isThere =
    head ??
    begin ??
    (await read.select({ seq: journalRows.seq }).from(journalRows).where(ofStream(journalRows, key)).limit(1))[0] ??
    (
      await read
        .select({ seq: journalCheckpoints.seq })
        .from(journalCheckpoints)
        .where(ofStream(journalCheckpoints, key))
        .limit(1)
    )[0];
  if (!isThere) return undefined;
  // It vouches for the row that it names, wherever somebody has moved the head to.
  const newest = head?.checkpoint
    ? checkpointRecord(readCheckpoint(head.checkpoint)?.seq ?? head.seq, head.checkpoint)
    : undefined;
  return {
    type: 'stream',
    ...key,
    head: head ? { seq: head.seq, hash: head.hash } : null,
    ...(begin && { begin }),
    parts: () => partsOf(read, key, newest),
  };
}

async function beginOf(read: Reads, key: StreamKey): Promise<StreamBegin | undefined> {
  const t = read.t.journalBegins;
  const [row] = await read.select().from(t).where(ofStream(t, key));
  return row && { seq: row.seq, hash: row.hash, at: row.at, signature: { kid: row.kid, value: row.signature } };
}

async function* partsOf(read: Reads, key: StreamKey, newest: CheckpointRecord | undefined): AsyncIterable<StreamPart> {
  let last = 0;
  for (;;) {
    const rows = await rowsAfter(read, key, last);
    const to = rows.length < pageRows ? Number.MAX_SAFE_INTEGER : (rows.at(-1)?.seq ?? last);
    yield* merged(rows, await checkpointsBetween(read, key, last, to, newest));
    if (rows.length < pageRows) break;
    last = to;
  }
  yield* await disputesOf(read, key);
}

/** Both in the order of their sequences, a row before what was signed for it. */
function* merged(rows: readonly RowRecord[], checkpoints: readonly CheckpointRecord[]): Iterable<StreamPart> {
  let next = 0;
  for (const row of rows) {
    for (let one = checkpoints[next]; one && one.seq < row.seq; one = checkpoints[(next += 1)]) yield one;
    yield row;
  }
  yield* checkpoints.slice(next);
}

async function rowsAfter(read: Reads, key: StreamKey, after: number): Promise<RowRecord[]> {
  const t = read.t.journalRows;
  const { seq, hash, kind, wallMs, monoMs, boot, clock, privateHash } = t;
  const found = await read
    .select({ seq, hash, kind, wallMs, monoMs, boot, clock, privateHash, body: textOf(t.body) })
    .from(t)
    .where(and(ofStream(t, key), gt(t.seq, after)))
    .orderBy(asc(t.seq))
    .limit(pageRows);
  return found.map((row) => ({ ...row, type: 'row', clock: row.clock as RowRecord['clock'], body: bodyOf(row.body) }));
}

/** A body that somebody has made unreadable is none that was ever hashed; the row is named like any other. */
function bodyOf(text: string): RowRecord['body'] {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  } catch {
    return { unreadable: text };
  }
  return { unreadable: text };
}

async function checkpointsBetween(
  read: Reads,
  key: StreamKey,
  after: number,
  to: number,
  newest: CheckpointRecord | undefined,
): Promise<CheckpointRecord[]> {
  const t = read.t.journalCheckpoints;
  const found = await read
    .select({ seq: t.seq, text: textOf(t.checkpoint) })
    .from(t)
    .where(and(ofStream(t, key), gt(t.seq, after), lte(t.seq, to)))
    .orderBy(asc(t.seq));
  const records = found.map(({ seq, text }) => checkpointRecord(seq, text));
  const isNew =
    newest &&
    newest.seq > after &&
    newest.seq <= to &&
    records.every((one) => one.signature.value !== newest.signature.value);
  return isNew ? [...records, newest].toSorted((a, b) => a.seq - b.seq) : records;
}

const noSignature = { kid: 'unreadable', value: 'A'.repeat(86) };

/** One that cannot be read is signed by nobody. */
function checkpointRecord(seq: number, text: string): CheckpointRecord {
  const read = readCheckpoint(text);
  const whole =
    read?.seq === seq ? read : { seq, hash: '0'.repeat(64), at: instant(0), proof: null, signature: noSignature };
  return { type: 'checkpoint', ...whole };
}

function readCheckpoint(text: string): JournalCheckpoint | undefined {
  try {
    return journalCheckpoint.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function disputesOf(read: Reads, key: StreamKey): Promise<DisputeRecord[]> {
  const t = read.t.journalDisputes;
  const { seq, fault, shownSeq, shownHash, at } = t;
  const found = await read
    .select({ seq, fault, shownSeq, shownHash, at, proof: maybeTextOf(t.proof) })
    .from(t)
    .where(ofStream(t, key))
    .orderBy(asc(t.seq), asc(t.shownSeq));
  return found.map(({ proof, ...row }) => ({ type: 'dispute', ...row, proof: proofOf(proof) }));
}

function proofOf(text: string | null): DisputeRecord['proof'] {
  try {
    return headProof.safeParse(JSON.parse(text ?? 'null')).data ?? null;
  } catch {
    return null;
  }
}

/** JSON as it stands in the column: the driver would throw for what is none. */
const textOf = (column: Column) => sql<string>`cast(${column} as text)`;
const maybeTextOf = (column: Column) => sql<string | null>`cast(${column} as text)`;

const ofStream = (
  t: { readonly terminalId: Column; readonly epoch: Column; readonly stream: Column },
  { terminal, epoch, stream }: StreamKey,
): SQL | undefined => and(eq(t.terminalId, terminal), eq(t.epoch, epoch), eq(t.stream, stream));
