import { healthRows, type JournalBatch, type JournalRow, type StreamHead } from '@gatecast/firmware-protocol/messages';
import type { Reads, Tx } from '../platform/db/store.ts';
import * as rows from './store.ts';

const skipsMax = 100;

/** Where the chain goes on if the terminal declared the rows after `head` lost. */
export async function overLosses(
  q: Reads,
  terminalId: string,
  batch: JournalBatch,
  head: StreamHead,
): Promise<StreamHead> {
  const first = batch.rows[0]?.seq ?? 0;
  // A gap of health is explained by what follows it: such a row counts at once, as its batch is stored only if the chain holds.
  const own = batch.stream === 'health' ? lossesIn(batch.rows).filter(({ stream }) => stream === 'health') : [];
  let at = head;
  for (let skips = 0; skips < skipsMax && first > at.seq + 1; skips += 1) {
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

/** A loss that began where an earlier one did has grown since: the terminal joins losses that follow each other. */
export async function noteLosses(
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
