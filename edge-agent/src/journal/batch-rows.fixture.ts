import { unpackRows, type JournalRow, type StreamKey } from '@gatecast/firmware-protocol/messages';
import { placeRows } from '@gatecast/firmware-protocol/node';
import type { BatchRows } from '../store/journal-table.ts';

/** The rows of a batch; their hashes lead to its head, or this throws. */
export function rowsOfBatch(key: StreamKey, batch: BatchRows | undefined): readonly JournalRow[] {
  if (!batch) return [];
  const placed = placeRows(key, { seq: batch.from - 1, hash: batch.prev }, unpackRows(JSON.parse(batch.rowsJson)));
  if (placed.hashes.at(-1) !== batch.head) throw new Error('the rows do not hash up to the head of their batch');
  return placed.rows;
}
