import type { StreamKey } from '@gatecast/firmware-protocol/messages';
import { and, asc, eq, gte } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';

export interface RowProof {
  /** Of the row in its chain; null: it is not kept. */
  readonly rowHash: string | null;
  /** The first checkpoint at or behind it: whoever has its signature can show that the row was there. */
  readonly checkpoint: { readonly seq: number; readonly hash: string; readonly kid: string } | null;
}

/** How a row of a terminal's journal can be shown to be what was signed for. */
export async function rowProof(q: Reads, { terminal, epoch, stream }: StreamKey, seq: number): Promise<RowProof> {
  const { journalRows: r, journalCheckpoints: c, journalHeads: h } = q.t;
  const [row] = await q
    .select({ hash: r.hash })
    .from(r)
    .where(and(eq(r.terminalId, terminal), eq(r.epoch, epoch), eq(r.stream, stream), eq(r.seq, seq)));
  const [kept] = await q
    .select({ checkpoint: c.checkpoint })
    .from(c)
    .where(and(eq(c.terminalId, terminal), eq(c.epoch, epoch), eq(c.stream, stream), gte(c.seq, seq)))
    .orderBy(asc(c.seq))
    .limit(1);
  const [head] = await q
    .select({ checkpoint: h.checkpoint })
    .from(h)
    .where(and(eq(h.terminalId, terminal), eq(h.epoch, epoch), eq(h.stream, stream), gte(h.seq, seq)));
  const signed = kept?.checkpoint ?? head?.checkpoint ?? null;
  return {
    rowHash: row?.hash ?? null,
    checkpoint: signed && { seq: signed.seq, hash: signed.hash, kid: signed.signature.kid },
  };
}
