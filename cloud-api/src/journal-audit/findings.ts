import type { JournalStream } from '@gatecast/firmware-protocol/messages';

/** What can be wrong with rows, in a property manager's words. Stable: scripts read these codes. */
export const faults = {
  altered: 'the row does not say what it said when it was hashed',
  dropped: 'rows are missing, and no row says that the terminal dropped them',
  reordered: 'the row stands in another row’s place',
  replayed: 'the row is another row once more',
  truncated: 'the end of the stream is missing',
  added: 'the row stands behind the last one that was signed for',
  rewritten: 'the rows hang together, but they are not those that were signed for',
  'forged-checkpoint': 'a checkpoint is not signed by the cloud’s key, or not by the terminal’s',
  'unknown-key': 'a checkpoint is signed by a key that nobody vouches for',
  cloned: 'the terminal’s key has signed two different chains: it is in use twice, or was put back to an older copy',
  'loss-wrong': 'a row says that others were dropped, and what it says of them is not true',
} as const;
export type Fault = keyof typeof faults;

/** One thing that is wrong, with the rows it is about. */
export interface Finding {
  readonly terminal: string;
  readonly epoch: number;
  readonly stream: JournalStream;
  readonly fault: Fault;
  readonly seq: number;
  /** The last of the rows, if it is about more than one. */
  readonly to?: number;
  readonly detail?: string;
}

/** What was looked at, and what of it is less than it could be without being wrong. */
export interface AuditCounts {
  streams: number;
  rows: number;
  checkpoints: number;
  /** Rows that the terminal said it had to drop. */
  declaredLost: number;
  /** Rows before the first checkpoint that a terminal has signed too. */
  unsigned: number;
  /** Rows before the signed beginnings of their streams, deleted when their time was over. */
  expired: number;
}

/** More of them say nothing new, and the memory is bounded. */
export const findingsMax = 10_000;
