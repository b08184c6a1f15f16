import { randomBytes } from 'node:crypto';
import type { ClockQuality, JournalRow, PrivatePart, StreamKey } from '@gatecast/firmware-protocol/messages';
import { privateHash, rowHash } from '@gatecast/firmware-protocol/node';
import type { JournalEntry } from './journal-writer.ts';

/** An entry with the readings of the moment it was made at; sequence and hashes come with the transaction that writes it. */
export interface RowDraft extends JournalEntry {
  readonly wallMs: number;
  readonly monoMs: number;
  readonly boot: string;
  readonly clock: ClockQuality;
}

/** The last row of a stream. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export interface ChainedRow {
  readonly row: Omit<JournalRow, 'private'>;
  readonly hash: string;
  readonly privatePart: PrivatePart | null;
}

const saltBytes = 16;

/** The row that follows `head`. */
export function chainRow(key: StreamKey, head: ChainHead, draft: RowDraft): ChainedRow {
  const privatePart = draft.privateData
    ? { salt: randomBytes(saltBytes).toString('base64url'), data: draft.privateData }
    : null;
  const said = {
    kind: draft.kind,
    wallMs: draft.wallMs as JournalRow['wallMs'],
    monoMs: draft.monoMs,
    boot: draft.boot,
    clock: draft.clock,
    body: draft.body,
    privateHash: privatePart ? privateHash(privatePart) : null,
  };
  return placeRow(key, head, said, privatePart);
}

/** The same row behind another head. */
export function placeRow(
  key: StreamKey,
  head: ChainHead,
  said: Omit<ChainedRow['row'], 'seq' | 'prev'>,
  privatePart: PrivatePart | null,
): ChainedRow {
  const row = { ...said, seq: head.seq + 1, prev: head.hash };
  return { row, hash: rowHash(key, row), privatePart };
}
