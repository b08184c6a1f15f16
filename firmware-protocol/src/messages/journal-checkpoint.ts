import { z } from 'zod';
import { base64url, instantMs, sha256Hex } from './fields.ts';
import type { StreamKey } from './journal-stream.ts';

/** The last row of a stream, or of a part of it. */
export interface StreamHead {
  readonly seq: number;
  readonly hash: string;
}

/** What the terminal's identity key signs with each batch: nobody else can have written what stands up to this row. */
export const headContext = 'gatecast-journal-head-v1';
export const headPreimage = ({ terminal, epoch, stream }: StreamKey, { seq, hash }: StreamHead): string =>
  [terminal, epoch, stream, seq, hash].join('|');

/** The identity key (Ed25519, raw, base64url) and its signature over {@link headPreimage}. */
export const headProof = z.object({ publicKey: base64url.length(43), signature: base64url.length(86) });
export type HeadProof = z.infer<typeof headProof>;

/**
 * The cloud's word, signed by its checkpoint key, that it holds a stream up to a row. The terminal keeps the newest of each stream: a cloud
 * that loses rows afterwards can be shown what it signed, and a terminal cannot have written something else.
 */
export const journalCheckpoint = z.object({
  seq: z.int().positive(),
  hash: sha256Hex,
  at: instantMs,
  /** Null: the terminal is older than version 4 and signs nothing. */
  proof: headProof.nullable(),
  signature: z.object({ kid: z.string().max(64), value: base64url.length(86) }),
});
export type JournalCheckpoint = z.infer<typeof journalCheckpoint>;

export const checkpointContext = 'gatecast-journal-checkpoint-v1';
export const checkpointPreimage = (
  key: StreamKey,
  { seq, hash, at, proof }: Omit<JournalCheckpoint, 'signature'>,
): string => [headPreimage(key, { seq, hash }), at, proof?.publicKey ?? '', proof?.signature ?? ''].join('|');
