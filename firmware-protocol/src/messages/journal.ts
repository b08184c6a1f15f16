import { z } from 'zod';
import { base64url, instantMs, sha256Hex } from './fields.ts';
import { canonicalJson } from './canonical-json.ts';
import { journalCheckpoint } from './journal-checkpoint.ts';
import { journalStreams, type StreamKey } from './journal-stream.ts';

export { journalStreams, type JournalStream, type StreamKey } from './journal-stream.ts';

/** How far the wall clock can be trusted: set from a signed source, running on since, never set, or found behind its own past. */
export const clockQuality = z.enum(['synced', 'holdover', 'unknown', 'turned-back']);
export type ClockQuality = z.infer<typeof clockQuality>;

/** The hash before the first row of a stream. */
export const genesisHash = '0'.repeat(64);

/** The part that names a person; it can be erased without breaking the chain, which holds only its salted hash. */
export const privatePart = z.object({ salt: base64url, data: z.record(z.string(), z.unknown()) });
export type PrivatePart = z.infer<typeof privatePart>;

/** A row of one stream. Key: (terminal, epoch, stream, seq); `seq` starts at 1 and has no gaps. */
export const journalRow = z.object({
  seq: z.int().positive(),
  /** Hash of the row before. */
  prev: sha256Hex,
  kind: z.string().regex(/^[a-z][a-z-]{1,30}$/),
  wallMs: instantMs,
  monoMs: z.int().nonnegative(),
  /** Random per start of the agent: monotonic times compare only within one boot. */
  boot: base64url,
  clock: clockQuality,
  body: z.record(z.string(), z.unknown()),
  /** SHA-256 over `privatePreimage`, or null for a row without a private part. */
  privateHash: sha256Hex.nullable(),
  private: privatePart.optional(),
});
export type JournalRow = z.infer<typeof journalRow>;

/** The text whose SHA-256 is the row's hash. */
export function rowPreimage(key: StreamKey, row: Omit<JournalRow, 'private'>): string {
  return canonicalJson([
    'gatecast-row-v1',
    key.terminal,
    key.epoch,
    key.stream,
    row.seq,
    row.prev,
    row.kind,
    row.wallMs,
    row.monoMs,
    row.boot,
    row.clock,
    row.body,
    row.privateHash,
  ]);
}

export function privatePreimage(part: PrivatePart): string {
  return canonicalJson(['gatecast-private-v1', part.salt, part.data]);
}

export const batchRowsMax = 1_000;
export const batchBytesMax = 1_048_576;

/** What each form of a batch says besides its rows. */
const batchEnvelope = {
  epoch: z.int().positive(),
  stream: journalStreams,
  /** Hash of the last row. */
  head: sha256Hex,
  /** The identity key's, over `headPreimage` of the last row; absent from terminals older than version 4. */
  signature: base64url.length(86).optional(),
  /** The cloud has asked for rows that it has acknowledged before: its own word for that. */
  checkpoint: journalCheckpoint.optional(),
};

/** `POST /v1/terminals/:id/journal`: consecutive rows of one stream. The form of terminals older than version 4. */
export const journalBatch = z.object({
  v: z.literal(1),
  ...batchEnvelope,
  rows: z.array(journalRow).min(1).max(batchRowsMax),
});
export type JournalBatch = z.infer<typeof journalBatch>;

/** The same without what follows from the rest; rows as `packRows` makes them. Sent in Brotli (`content-encoding: br`). */
export const packedBatch = z.object({
  v: z.literal(2),
  ...batchEnvelope,
  /** Of the first row. */
  seq: z.int().positive(),
  prev: sha256Hex,
  rows: z.unknown(),
});
export type PackedBatch = z.infer<typeof packedBatch>;

/** Everything up to and including `upTo` is durable in the cloud; the terminal may delete it. The checkpoint is of that row. */
export const journalAck = z.object({
  stream: journalStreams,
  upTo: z.int().nonnegative(),
  checkpoint: journalCheckpoint.optional(),
});
export type JournalAck = z.infer<typeof journalAck>;
