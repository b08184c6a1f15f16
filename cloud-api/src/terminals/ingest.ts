import {
  genesisHash,
  healthRows,
  type JournalAck,
  type JournalBatch,
  type JournalRow,
} from '@gatecast/firmware-protocol/messages';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { z } from 'zod';
import { JournalChecker } from './journal-checker.ts';
import type { CheckedBatch, Misfit } from './journal-check.ts';
import * as rows from './store.ts';

const racesMax = 5;
const lossesMax = 100;
const genesis: rows.JournalHead = { seq: 0, hash: genesisHash };

/** The new rows of a batch with their hashes, and the head that they follow. */
interface Fresh {
  readonly head: rows.JournalHead;
  readonly rows: readonly JournalRow[];
  readonly hashes: readonly string[];
}

export interface JournalIngest {
  /**
   * Stores a batch, given as its JSON text, once. Rejects with a ZodError if it is none, with `journal-gap` {expected} if rows are missing before it, `journal-chain-broken` {seq, fault} if it
   * does not follow from what is stored, `wrong-epoch` if the terminal was claimed again.
   */
  take(terminalId: string, text: string): Promise<JournalAck>;
  stop(): Promise<void>;
}

export function createJournalIngest(platform: Platform): JournalIngest {
  const { store, clock, journal, metrics } = platform;
  const alarmed = new Map<string, number>();
  const checker = new JournalChecker();

  const storeFresh = (terminal: rows.PlacedTerminal, batch: JournalBatch, fresh: Fresh, receivedAt: InstantMs) =>
    store.tx(async (q) => {
      const head = (await rows.journalHead(q, terminal.id, batch.epoch, batch.stream)) ?? genesis;
      const skipped = await overLosses(q, terminal.id, batch, head);
      if (skipped.seq !== fresh.head.seq || skipped.hash !== fresh.head.hash) return false;
      await append(q, terminal.id, batch, fresh, receivedAt);
      if (batch.stream === 'health') await noteLosses(q, terminal.id, batch.epoch, fresh.rows);
      const { id: terminalId, communityId, companyId } = terminal;
      await journal.ingest(q, batch.stream, {
        terminalId,
        communityId,
        companyId,
        epoch: batch.epoch,
        rows: fresh.rows,
        receivedAt,
      });
      return true;
    });

  return {
    stop: () => checker.stop(),
    async take(terminalId, text) {
      const checked = await checker.check(terminalId, text);
      if ('misfits' in checked) throw notABatch(checked.misfits);
      const { batch } = checked;
      const terminal = await rows.findTerminal(store.read, { id: terminalId });
      if (!terminal) throw notFound('terminal');
      if (batch.epoch !== terminal.epoch) {
        throw refusal('wrong-epoch', 'this terminal was claimed again', { expected: terminal.epoch });
      }
      // The batch hangs together by itself; whether it hangs on the head that was read is seen again in the transaction.
      for (let race = 0; race < racesMax; race += 1) {
        const fresh = await freshRows(store.read, terminalId, checked);
        if ('fault' in fresh) {
          await raiseAlarm(platform, alarmed, terminal, batch, fresh);
          throw refusal('journal-chain-broken', 'the rows do not follow from what is stored', fresh);
        }
        if (fresh.rows.length === 0) return { stream: batch.stream, upTo: fresh.head.seq };
        if (await storeFresh(terminal, batch, fresh, clock.now())) {
          metrics.journalRows.inc({ stream: batch.stream }, fresh.rows.length);
          return { stream: batch.stream, upTo: fresh.head.seq + fresh.rows.length };
        }
      }
      throw refusal('conflict', 'another upload of the same stream is under way');
    },
  };
}

/** What of a batch is new. Rows that are stored already are passed over, unless they differ from what is stored. */
async function freshRows(
  q: Reads,
  terminalId: string,
  checked: Exclude<CheckedBatch, { misfits: unknown }>,
): Promise<Fresh | { readonly seq: number; readonly fault: string }> {
  const { batch } = checked;
  const first = batch.rows[0]?.seq ?? 0;
  const last = batch.rows.at(-1)?.seq ?? 0;
  let head = (await rows.journalHead(q, terminalId, batch.epoch, batch.stream)) ?? genesis;
  if (last <= head.seq) {
    const known = await rows.storedHash(q, terminalId, batch.epoch, batch.stream, last);
    if (known !== undefined && known !== batch.head) return { seq: last, fault: 'differs-from-stored' };
    return { head, rows: [], hashes: [] };
  }
  head = await overLosses(q, terminalId, batch, head);
  if (first > head.seq + 1) throw refusal('journal-gap', 'rows before these are missing', { expected: head.seq + 1 });
  if ('chainFault' in checked) return checked.chainFault;
  const from = batch.rows.findIndex(({ seq }) => seq > head.seq);
  const fresh = batch.rows.slice(from);
  const [next] = fresh;
  if (next?.prev !== head.hash) return { seq: head.seq + 1, fault: 'previous-hash' };
  return { head, rows: fresh, hashes: checked.hashes.slice(from) };
}

const notABatch = (misfits: readonly Misfit[]): Error =>
  new z.ZodRealError(
    misfits.map(({ path, message }) => ({ code: 'custom', path: [...path], message, input: undefined })),
  );

/** Where the chain goes on if the terminal declared the rows after `head` lost. */
async function overLosses(
  q: Reads,
  terminalId: string,
  batch: JournalBatch,
  head: rows.JournalHead,
): Promise<rows.JournalHead> {
  const first = batch.rows[0]?.seq ?? 0;
  // A gap of health is explained by what follows it: such a row counts at once, as its batch is stored only if the chain holds.
  const own = batch.stream === 'health' ? lossesIn(batch.rows).filter(({ stream }) => stream === 'health') : [];
  let at = head;
  for (let skips = 0; skips < lossesMax && first > at.seq + 1; skips += 1) {
    const next = at.seq + 1;
    const loss =
      own.find(({ from, to }) => from <= next && next <= to) ??
      (await rows.declaredLoss(q, terminalId, batch.epoch, batch.stream, next));
    if (!loss) return at;
    at = { seq: loss.to, hash: loss.lastHash };
  }
  return at;
}

const lossesIn = (journal: readonly JournalRow[]) =>
  journal.flatMap(({ kind, body }) => (kind === 'lost' ? (healthRows.lost.safeParse(body).data ?? []) : []));

async function append(
  q: Tx,
  terminalId: string,
  batch: JournalBatch,
  fresh: Fresh,
  receivedAt: InstantMs,
): Promise<void> {
  const { epoch, stream } = batch;
  await q.insertMany(
    q.t.journalRows,
    fresh.rows.map((row, index) => ({
      terminalId,
      epoch,
      stream,
      seq: row.seq,
      hash: fresh.hashes[index] ?? '',
      kind: row.kind,
      wallMs: row.wallMs,
      monoMs: row.monoMs,
      boot: row.boot,
      clock: row.clock,
      body: row.body,
      privateHash: row.privateHash,
      receivedAt,
    })),
  );
  const head = { seq: fresh.head.seq + fresh.rows.length, hash: batch.head };
  const t = q.t.journalHeads;
  await q
    .insert(t)
    .values({ terminalId, epoch, stream, ...head })
    .onConflictDoUpdate({ target: [t.terminalId, t.epoch, t.stream], set: head });
}

/** A loss that began where an earlier one did has grown since: the terminal joins losses that follow each other. */
async function noteLosses(
  q: Tx,
  terminalId: string,
  epoch: number,
  healthJournal: readonly JournalRow[],
): Promise<void> {
  const t = q.t.journalLosses;
  for (const { stream, from, to, lastHash } of lossesIn(healthJournal)) {
    const set = { toSeq: to, lastHash };
    await q
      .insert(t)
      .values({ terminalId, epoch, stream, fromSeq: from, ...set })
      .onConflictDoUpdate({ target: [t.terminalId, t.epoch, t.stream, t.fromSeq], set });
  }
}

/** Says once a process, not at each retry of the terminal, that its journal and ours have parted. */
async function raiseAlarm(
  { store, audit, events, log }: Platform,
  alarmed: Map<string, number>,
  terminal: rows.PlacedTerminal,
  batch: JournalBatch,
  fault: { readonly seq: number; readonly fault: string },
): Promise<void> {
  const key = `${terminal.id}|${batch.epoch}|${batch.stream}`;
  log.warn({ terminal: terminal.id, stream: batch.stream, code: 'journal-chain-broken', ...fault }, 'journal refused');
  if (alarmed.get(key) === fault.seq) return;
  alarmed.set(key, fault.seq);
  await store.tx(async (q) => {
    const facts = { stream: batch.stream, seq: fault.seq, fault: fault.fault };
    await audit(q, { who: 'system', action: 'journal.chain-broken', subject: terminal.id, facts });
    await events.emit(q, {
      type: 'alarm',
      subject: terminal.id,
      facts: { alarm: 'journal-chain-broken', ...facts },
      companyId: terminal.companyId,
      communityId: terminal.communityId,
    });
  });
}
