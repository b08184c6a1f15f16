import { createHash } from 'node:crypto';
import type { StreamHead } from '../messages/journal-checkpoint.ts';
import type { UnplacedRow } from '../messages/journal-packing.ts';
import {
  privatePreimage,
  rowPreimage,
  type JournalRow,
  type PrivatePart,
  type StreamKey,
} from '../messages/journal.ts';

export const sha256Hex = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

export const rowHash = (key: StreamKey, row: Omit<JournalRow, 'private'>): string => sha256Hex(rowPreimage(key, row));

export const privateHash = (part: PrivatePart): string => sha256Hex(privatePreimage(part));

/** Where and how a run of rows departs from its chain; `undefined` if it holds. */
export type ChainFault = {
  readonly seq: number;
  readonly fault: 'sequence-gap' | 'previous-hash' | 'private-hash' | 'head-hash';
};

/**
 * Checks that `rows` follow `last` without a gap and hash up to `head`.
 * An erased private part is in order; a changed one is not.
 */
export function checkChain(
  key: StreamKey,
  last: { readonly seq: number; readonly hash: string },
  rows: readonly JournalRow[],
  head: string,
): { readonly fault: ChainFault } | { readonly hashes: readonly string[] } {
  let { seq, hash } = last;
  const hashes: string[] = [];
  for (const row of rows) {
    seq += 1;
    if (row.seq !== seq) return { fault: { seq, fault: 'sequence-gap' } };
    if (row.prev !== hash) return { fault: { seq, fault: 'previous-hash' } };
    if (row.private && privateHash(row.private) !== row.privateHash) return { fault: { seq, fault: 'private-hash' } };
    hash = rowHash(key, row);
    hashes.push(hash);
  }
  return hash === head ? { hashes } : { fault: { seq, fault: 'head-hash' } };
}

/** Gives rows that were sent without their places those after `last`, and their hashes. */
export function placeRows(
  key: StreamKey,
  last: StreamHead,
  rows: readonly UnplacedRow[],
): { readonly rows: readonly JournalRow[]; readonly hashes: readonly string[] } {
  let { seq, hash } = last;
  const hashes: string[] = [];
  const placed = rows.map((row): JournalRow => {
    seq += 1;
    const whole = {
      ...row,
      seq,
      prev: hash,
      privateHash: row.private ? privateHash(row.private) : row.privateHash,
    };
    hash = rowHash(key, whole);
    hashes.push(hash);
    return whole;
  });
  return { rows: placed, hashes };
}
