import { days, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';

/** A decision that was never in force is somebody's mistake; its document names owners. */
const refusedKeptMs = days(90);
/** What was sold under a decision can be questioned for three years (Civil Code, article 188), and bills are closed by then. */
const endedKeptMs = days(3 * 366);
const lookEveryMs = days(1);
/** A run; the rest follows in the next. */
const documentsMax = 200;

/** Deletes the documents of decisions whose time is over. What was decided, by whom and until when stays. */
export function retainDocuments(platform: Platform, papers: BlobStore): void {
  platform.jobs.handle('inventory.delete-documents', {
    everyMs: lookEveryMs,
    run: () => deleteOldDocuments(platform, papers),
  });
}

export async function deleteOldDocuments({ store, clock, audit }: Platform, papers: BlobStore): Promise<void> {
  const now = clock.now();
  for (const { id, fileSha256 } of await oldDocuments(store.read, now)) {
    await store.tx(async (q) => {
      const t = q.t.ownerDecisions;
      await q.update(t).set({ fileDeletedAt: now }).where(eq(t.id, id));
      await audit(q, { who: 'system', action: 'owner-decision.delete-document', subject: id });
    });
    // A crash in between leaves a file that nothing names; the same content, handed in again, takes its place.
    if (!(await isNamed(store.read, fileSha256))) await papers.remove(fileSha256);
  }
}

async function oldDocuments(q: Reads, now: InstantMs) {
  const t = q.t.ownerDecisions;
  const refused = and(eq(t.status, 'refused'), lte(t.decidedAt, instant(now - refusedKeptMs)));
  const over = instant(now - endedKeptMs);
  const ended = and(
    inArray(t.status, ['in-force', 'revoked', 'replaced']),
    lte(sql`coalesce(${t.endedAt}, ${t.validTo})`, over),
  );
  return q
    .select({ id: t.id, fileSha256: t.fileSha256 })
    .from(t)
    .where(and(isNull(t.fileDeletedAt), or(refused, ended)))
    .limit(documentsMax);
}

/** Papers are kept by what is in them: another decision, a payout or a licence may name the same one. */
async function isNamed(q: Reads, sha256: string): Promise<boolean> {
  const { ownerDecisions: d, ownerPayouts: p, merchants: m } = q.t;
  const named = await Promise.all([
    q
      .select({ id: d.id })
      .from(d)
      .where(and(eq(d.fileSha256, sha256), isNull(d.fileDeletedAt)))
      .limit(1),
    q.select({ id: p.id }).from(p).where(eq(p.fileSha256, sha256)).limit(1),
    q.select({ id: m.id }).from(m).where(eq(m.licenceSha256, sha256)).limit(1),
  ]);
  return named.some((found) => found.length > 0);
}
