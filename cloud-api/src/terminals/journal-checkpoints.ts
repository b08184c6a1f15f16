import { hours, type InstantMs } from '@gatecast/firmware-protocol';
import {
  checkpointContext,
  checkpointPreimage,
  type HeadProof,
  type JournalCheckpoint,
  type StreamHead,
  type StreamKey,
} from '@gatecast/firmware-protocol/messages';
import { isCheckpoint } from '@gatecast/firmware-protocol/node';
import { and, eq } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { platformOwner, type Signer } from '../platform/keys/signer.ts';
import type { JournalHeadRow } from './store.ts';

/** Of the checkpoints, which replace each other with each batch, one is kept for good after so many rows or so long. */
export const keptEveryRows = 1_000;
const keptEveryMs = hours(1);

/** The cloud's word for a head that is about to be stored in `q`. */
export async function countersign(
  signer: Signer,
  q: Reads,
  key: StreamKey,
  said: StreamHead & { readonly at: InstantMs; readonly proof: HeadProof | null },
): Promise<JournalCheckpoint> {
  const signature = await signer.sign(q, 'checkpoint', platformOwner, checkpointContext, checkpointPreimage(key, said));
  return { ...said, signature };
}

/** Stores the head of a stream with its checkpoint, and from time to time the checkpoint for good. */
export async function moveHead(
  q: Tx,
  { terminal: terminalId, epoch, stream }: StreamKey,
  before: JournalHeadRow | undefined,
  checkpoint: JournalCheckpoint,
): Promise<void> {
  const { seq, hash, at } = checkpoint;
  const isDue = seq - (before?.keptSeq ?? 0) >= keptEveryRows || at - (before?.keptAt ?? 0) >= keptEveryMs;
  if (isDue) await keepCheckpoint(q, { terminal: terminalId, epoch, stream }, checkpoint);
  const kept = isDue ? { keptSeq: seq, keptAt: at } : {};
  const t = q.t.journalHeads;
  await q
    .insert(t)
    .values({ terminalId, epoch, stream, seq, hash, checkpoint, ...kept })
    .onConflictDoUpdate({ target: [t.terminalId, t.epoch, t.stream], set: { seq, hash, checkpoint, ...kept } });
}

export async function keepCheckpoint(
  q: Tx,
  { terminal: terminalId, epoch, stream }: StreamKey,
  checkpoint: JournalCheckpoint,
): Promise<void> {
  await q
    .insert(q.t.journalCheckpoints)
    .values({ terminalId, epoch, stream, seq: checkpoint.seq, checkpoint })
    .onConflictDoNothing();
}

/** True if one of our checkpoint keys, of now or before, signed it. */
export async function isOurs(q: Reads, key: StreamKey, checkpoint: JournalCheckpoint): Promise<boolean> {
  const t = q.t.keys;
  const [signer] = await q
    .select({ publicKey: t.publicKey })
    .from(t)
    .where(and(eq(t.kid, checkpoint.signature.kid), eq(t.purpose, 'checkpoint')));
  return signer?.publicKey != null && isCheckpoint(key, checkpoint, signer.publicKey);
}
