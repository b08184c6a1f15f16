import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, gt, isNull, lte, sql, type SQL } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';

type Uploads = Reads['t']['clipUploads'];
export type UploadRow = Uploads['$inferSelect'];
export type PartRow = Reads['t']['clipUploadParts']['$inferSelect'];

/** An upload and how much of it is there. */
export interface UploadStanding extends UploadRow {
  readonly receivedBytes: number;
  readonly parts: number;
}

export async function findUpload(q: Reads, id: string): Promise<UploadStanding | undefined> {
  return (await listUploads(q, eq(q.t.clipUploads.id, id), 1))[0];
}

/** Newest first. */
export async function listUploads(q: Reads, where: SQL | undefined, limit: number): Promise<UploadStanding[]> {
  const { clipUploads: t, clipUploadParts: p } = q.t;
  const rows = await q.select().from(t).where(where).orderBy(desc(t.createdAt), desc(t.id)).limit(limit);
  return Promise.all(
    rows.map(async (row) => {
      const [sum] = await q
        .select({
          receivedBytes: sql<number>`coalesce(sum(${p.bytes}), 0)`.mapWith(Number),
          parts: sql<number>`count(*)`.mapWith(Number),
        })
        .from(p)
        .where(eq(p.uploadId, row.id));
      return { ...row, receivedBytes: sum?.receivedBytes ?? 0, parts: sum?.parts ?? 0 };
    }),
  );
}

export const partsOf = (q: Reads, uploadId: string): Promise<PartRow[]> => {
  const t = q.t.clipUploadParts;
  return q.select().from(t).where(eq(t.uploadId, uploadId)).orderBy(asc(t.fromByte));
};

/** Still wants bytes or a verdict. */
const isOpen = (t: Uploads) => and(isNull(t.clipId), isNull(t.fault));

const isLive = (t: Uploads, now: InstantMs) => and(isOpen(t), gt(t.expiresAt, now));

/** How many uploads of an account are not over. */
export async function openUploads(q: Reads, accountId: string, now: InstantMs): Promise<number> {
  const t = q.t.clipUploads;
  const live = await q
    .select({ id: t.id })
    .from(t)
    .where(and(isLive(t, now), eq(t.accountId, accountId)));
  return live.length;
}

/** Bytes that all uploads that are not over have announced. */
export async function promisedBytes(q: Reads, now: InstantMs): Promise<number> {
  const t = q.t.clipUploads;
  const [all] = await q
    .select({ bytes: sql<number>`coalesce(sum(${t.bytes}), 0)`.mapWith(Number) })
    .from(t)
    .where(isLive(t, now));
  return all?.bytes ?? 0;
}

/** Notes a piece. False where another one begins at the same byte, or the upload is over. */
export async function addPart(q: Tx, part: PartRow): Promise<boolean> {
  const { clipUploads: t, clipUploadParts: p } = q.t;
  const [upload] = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.id, part.uploadId), isOpen(t)));
  if (!upload) return false;
  const [added] = await q.insert(p).values(part).onConflictDoNothing().returning();
  return added !== undefined;
}

/** Says what became of an upload; false if that was said before, or it was called off. Its pieces are forgotten. */
export async function closeUpload(
  q: Tx,
  id: string,
  end: Pick<UploadRow, 'clipId'> | Pick<UploadRow, 'fault' | 'faultDetails'>,
): Promise<boolean> {
  const t = q.t.clipUploads;
  const [closed] = await q
    .update(t)
    .set(end)
    .where(and(eq(t.id, id), isOpen(t)))
    .returning();
  if (closed) await q.delete(q.t.clipUploadParts).where(eq(q.t.clipUploadParts.uploadId, id));
  return closed !== undefined;
}

export async function deleteUpload(q: Tx, id: string): Promise<void> {
  await q.delete(q.t.clipUploadParts).where(eq(q.t.clipUploadParts.uploadId, id));
  await q.delete(q.t.clipUploads).where(eq(q.t.clipUploads.id, id));
}

export async function expiredUploads(q: Reads, now: InstantMs, limit: number): Promise<string[]> {
  const t = q.t.clipUploads;
  const rows = await q.select({ id: t.id }).from(t).where(lte(t.expiresAt, now)).limit(limit);
  return rows.map(({ id }) => id);
}
