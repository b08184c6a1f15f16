import { setImmediate as nextTurn } from 'node:timers/promises';
import { hours, InvariantError, type InstantMs } from '@gatecast/firmware-protocol';
import {
  genesisHash,
  healthRows,
  type JournalCheckpoint,
  type StreamHead,
  type StreamKey,
} from '@gatecast/firmware-protocol/messages';
import { rowHash } from '@gatecast/firmware-protocol/node';
import { and, asc, eq, gt, inArray, lt, lte, sql, type Column, type SQL } from 'drizzle-orm';
import { beginContext, beginPreimage } from '../journal-audit/stream-begin.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import { keptWholeSince } from '../platform/whole-months.ts';
import { isOurs } from './journal-checkpoints.ts';
import * as rows from './store.ts';

const sweepEveryMs = hours(1);
const streamsPerPage = 200;
/** One step goes from a kept checkpoint to the next, which are a thousand rows apart and a batch; more is left alone. */
const rowsPerStepMax = 5_000;
/** A run; the rest follows in the next. Faster than ten thousand screens write. */
const stepsPerRun = 20_000;

/**
 * Deletes rows of the journal that are older than they are kept, checkpoint by checkpoint, and signs where each stream begins then. Only what proves itself goes:
 * rows behind the newest kept checkpoint, of a stream that was disputed, or that do not hang together stay, because they are evidence.
 */
export function retainJournal(platform: Platform): void {
  platform.jobs.handle('terminals.journal-retention', {
    everyMs: sweepEveryMs,
    renewsLease: true,
    run: (_payload, { signal }) => deleteOldJournal(platform, signal),
  });
}

/** Ends early when `signal` aborts; what is left is left for the next run. */
export async function deleteOldJournal(platform: Platform, signal: AbortSignal): Promise<void> {
  const { store, clock, config } = platform;
  // A play that is kept is proved by its row.
  const before = keptWholeSince(clock.now(), Math.max(config.journalMonths, config.playMonths + 1));
  let last: StreamKey | undefined;
  for (let steps = 0; steps < stepsPerRun && !signal.aborted;) {
    const page = await streamsAfter(store.read, last);
    for (const key of page) {
      while (steps < stepsPerRun && !signal.aborted && (await isStepDue(store.read, key, before))) {
        if (!(await store.tx((q) => takeStep(platform, q, key, before)))) break;
        steps += 1;
        await nextTurn();
      }
    }
    last = page.at(-1);
    if (page.length < streamsPerPage) return;
    await nextTurn();
  }
}

async function streamsAfter(q: Reads, last: StreamKey | undefined): Promise<StreamKey[]> {
  const t = q.t.journalHeads;
  const after: SQL | undefined =
    last && sql`(${t.terminalId}, ${t.epoch}, ${t.stream}) > (${last.terminal}, ${last.epoch}, ${last.stream})`;
  return q
    .select({ terminal: t.terminalId, epoch: t.epoch, stream: t.stream })
    .from(t)
    .where(after)
    .orderBy(asc(t.terminalId), asc(t.epoch), asc(t.stream))
    .limit(streamsPerPage);
}

const isStepDue = async (q: Reads, key: StreamKey, before: InstantMs): Promise<boolean> =>
  (await nextCheckpoint(q, key, await beginOf(q, key), before)) !== undefined;

/** To the next kept checkpoint that is old enough. False: what is there has to stay. */
async function takeStep({ signer, clock, log }: Platform, q: Tx, key: StreamKey, before: InstantMs): Promise<boolean> {
  const begin = await beginOf(q, key);
  const checkpoint = await nextCheckpoint(q, key, begin, before);
  if (!checkpoint) return false;
  if (
    (await isDisputed(q, key)) ||
    !(await isOurs(q, key, checkpoint)) ||
    !(await isProved(q, key, begin, checkpoint))
  ) {
    log.warn({ ...key, seq: checkpoint.seq }, 'old rows of a journal do not prove themselves, and are kept');
    return false;
  }
  if (!(await areLossesOver(q, key, checkpoint.seq))) return false;
  const said = { seq: checkpoint.seq, hash: checkpoint.hash, at: clock.now() };
  const { kid, value } = await signer.sign(q, 'checkpoint', platformOwner, beginContext, beginPreimage(key, said));
  await putBegin(q, key, { ...said, kid, signature: value });
  const { journalRows: r, journalCheckpoints: c, journalLosses: l } = q.t;
  await q.delete(r).where(and(ofStream(r, key), lte(r.seq, said.seq)));
  await q.delete(c).where(and(ofStream(c, key), lt(c.seq, said.seq)));
  await q.delete(l).where(and(ofStream(l, key), lte(l.toSeq, said.seq)));
  return true;
}

async function beginOf(q: Reads, key: StreamKey): Promise<StreamHead> {
  const t = q.t.journalBegins;
  const [begin] = await q.select({ seq: t.seq, hash: t.hash }).from(t).where(ofStream(t, key));
  return begin ?? { seq: 0, hash: genesisHash };
}

async function nextCheckpoint(
  q: Reads,
  key: StreamKey,
  begin: StreamHead,
  before: InstantMs,
): Promise<JournalCheckpoint | undefined> {
  const t = q.t.journalCheckpoints;
  const [next] = await q
    .select({ checkpoint: t.checkpoint })
    .from(t)
    .where(and(ofStream(t, key), gt(t.seq, begin.seq)))
    .orderBy(asc(t.seq))
    .limit(1);
  return next && next.checkpoint.at < before ? next.checkpoint : undefined;
}

async function isDisputed(q: Reads, key: StreamKey): Promise<boolean> {
  const t = q.t.journalDisputes;
  const [one] = await q
    .select({ seq: t.seq })
    .from(t)
    .where(and(ofStream(t, key), inArray(t.fault, ['forked', 'broken'])))
    .limit(1);
  return one !== undefined;
}

/** Whether the rows hang together from one head to the other, over losses that the terminal declared. */
async function isProved(q: Reads, key: StreamKey, begin: StreamHead, to: StreamHead): Promise<boolean> {
  const t = q.t.journalRows;
  const found = await q
    .select()
    .from(t)
    .where(and(ofStream(t, key), gt(t.seq, begin.seq), lte(t.seq, to.seq)))
    .orderBy(asc(t.seq))
    .limit(rowsPerStepMax + 1);
  if (found.length > rowsPerStepMax) return false;
  let at = begin;
  for (const row of found) {
    const prev = row.seq === at.seq + 1 ? at : await overGap(q, key, at, row.seq);
    const { seq, hash, kind, wallMs, monoMs, boot, body, privateHash } = row;
    // What the column holds was checked when it came.
    const clock = row.clock as 'synced';
    const said = { seq, kind, wallMs, monoMs, boot, clock, body, privateHash, prev: prev.hash };
    if (prev.seq + 1 !== seq || hashOf(key, said) !== hash) return false;
    at = { seq, hash };
  }
  return at.seq === to.seq && at.hash === to.hash;
}

/** A row that somebody has made into none that can be hashed does not prove itself. */
function hashOf(key: StreamKey, row: Parameters<typeof rowHash>[1]): string | undefined {
  try {
    return rowHash(key, row);
  } catch (error) {
    if (error instanceof InvariantError) return undefined;
    throw error;
  }
}

async function overGap(q: Reads, { terminal, epoch, stream }: StreamKey, from: StreamHead, seq: number) {
  let at = from;
  while (at.seq + 1 < seq) {
    const loss = await rows.declaredLoss(q, terminal, epoch, stream, at.seq + 1);
    if (!loss || loss.to <= at.seq) return at;
    at = { seq: loss.to, hash: loss.lastHash };
  }
  return at;
}

/** A row of health that says what another stream lost stays until that stream begins behind it. */
async function areLossesOver(q: Reads, key: StreamKey, to: number): Promise<boolean> {
  if (key.stream !== 'health') return true;
  const t = q.t.journalRows;
  const lost = await q
    .select({ body: t.body })
    .from(t)
    .where(and(ofStream(t, key), lte(t.seq, to), eq(t.kind, 'lost')));
  for (const { body } of lost) {
    const loss = healthRows.lost.safeParse(body).data;
    if (loss && loss.stream !== 'health' && (await beginOf(q, { ...key, stream: loss.stream })).seq < loss.to)
      return false;
  }
  return true;
}

async function putBegin(
  q: Tx,
  { terminal: terminalId, epoch, stream }: StreamKey,
  set: { seq: number; hash: string; at: InstantMs; kid: string; signature: string },
): Promise<void> {
  const t = q.t.journalBegins;
  await q
    .insert(t)
    .values({ terminalId, epoch, stream, ...set })
    .onConflictDoUpdate({ target: [t.terminalId, t.epoch, t.stream], set });
}

const ofStream = (
  t: { readonly terminalId: Column; readonly epoch: Column; readonly stream: Column },
  { terminal, epoch, stream }: StreamKey,
): SQL | undefined => and(eq(t.terminalId, terminal), eq(t.epoch, epoch), eq(t.stream, stream));
