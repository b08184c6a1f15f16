import {
  headProof,
  journalCheckpoint,
  journalRow,
  journalStreams,
  sha256Hex,
  instantMs,
} from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { streamBegin } from './stream-begin.ts';

/**
 * The audit's own form of the journal: what the database is turned into, and one line of an export each. A third party needs nothing else than
 * these lines and the public key that it trusts.
 */

/** First line of an export. `keys` are the cloud's checkpoint keys, raw Ed25519 in base64url. */
export const exportHeader = z.strictObject({
  type: z.literal('gatecast-journal'),
  v: z.literal(1),
  at: instantMs,
  keys: z.array(z.strictObject({ kid: z.string().max(64), publicKey: z.string().length(43) })),
});
export type ExportHeader = z.infer<typeof exportHeader>;

/** Begins a stream; of each terminal `health` comes first, because its rows say which rows of the others were dropped. `head`: how far the cloud says it is. */
const streamRecord = z.strictObject({
  type: z.literal('stream'),
  terminal: z.string().regex(/^term_[0-9a-z]{20}$/),
  epoch: z.int().positive(),
  stream: journalStreams,
  head: z.strictObject({ seq: z.int().nonnegative(), hash: sha256Hex }).nullable(),
  /** Where it is kept from; without it, from its first row on. */
  begin: streamBegin.optional(),
});
export type StreamRecord = z.infer<typeof streamRecord>;

/** A row without its private part, which is hashed apart. `hash` is what was stored for it; the one before it is the row's `prev`. */
const rowRecord = journalRow
  .omit({ prev: true, private: true })
  .extend({ type: z.literal('row'), hash: sha256Hex })
  .strict();
export type RowRecord = z.infer<typeof rowRecord>;

/** Stands behind the row that it is about. */
const checkpointRecord = journalCheckpoint.extend({ type: z.literal('checkpoint') }).strict();
export type CheckpointRecord = z.infer<typeof checkpointRecord>;

/** The terminal showed other rows (`forked`), or our word for rows that were gone (`forgotten`). Stands at the end of its stream. */
const disputeRecord = z.strictObject({
  type: z.literal('dispute'),
  seq: z.int().positive(),
  fault: z.enum(['forked', 'forgotten', 'broken']),
  shownSeq: z.int().positive(),
  shownHash: sha256Hex,
  proof: headProof.nullable(),
  at: instantMs,
});
export type DisputeRecord = z.infer<typeof disputeRecord>;

/** Last line: an export without it was cut off. */
export const exportEnd = z.strictObject({ type: z.literal('end'), rows: z.int().nonnegative() });

export type StreamPart = RowRecord | CheckpointRecord | DisputeRecord;

export const exportLine = z.discriminatedUnion('type', [
  exportHeader,
  streamRecord,
  rowRecord,
  checkpointRecord,
  disputeRecord,
  exportEnd,
]);

/** One chain of a journal, wherever it is kept. */
export interface AuditedStream extends StreamRecord {
  /** In the order of their sequences, a checkpoint behind its row, disputes last. Can be begun more than once. */
  readonly parts: () => AsyncIterable<StreamPart>;
}

/** A journal that can be audited: a database or a file. */
export interface JournalSource {
  readonly header: ExportHeader;
  /** `health` of a terminal before its other streams. */
  streams(): AsyncIterable<AuditedStream>;
  close(): Promise<void>;
}
