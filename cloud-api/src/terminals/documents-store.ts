import { days, instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { DocumentKind } from '@gatecast/firmware-protocol/messages';
import { and, desc, eq, inArray, isNotNull, lt, lte, max, min, or } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';

type VersionRow = Reads['t']['documentVersions']['$inferSelect'];
export type VersionContent = Pick<VersionRow, 'hash' | 'body' | 'basis' | 'bytes'>;

/** Old bodies are of no use to anybody but an eye on the last few changes. */
const wholeVersionsKept = 5;
/**
 * Of a version that is put together from elsewhere only the number, the hash and the basis stay, some 200 bytes, by which the difference to the
 * newest is told. A terminal that comes back after a night without a line asks for it, and so does one that was last told ten changes ago, months
 * though it be; beyond it the whole document goes over the line.
 */
const composedVersionsMin = 10;
const composedVersionsMax = 500;
const composedKeptMs = days(1);

export async function newestVersion(q: Reads, terminalId: string, kind: DocumentKind): Promise<VersionRow | undefined> {
  const t = q.t.documentVersions;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.terminalId, terminalId), eq(t.kind, kind)))
    .orderBy(desc(t.version))
    .limit(1);
  return row;
}

export async function newestNo(q: Reads, terminalId: string, kind: DocumentKind): Promise<number | null> {
  const t = q.t.documentVersions;
  const [row] = await q
    .select({ version: max(t.version) })
    .from(t)
    .where(and(eq(t.terminalId, terminalId), eq(t.kind, kind)));
  return row?.version ?? null;
}

/** What is left of an older version. */
export async function findVersion(q: Reads, terminalId: string, kind: DocumentKind, version: number) {
  const t = q.t.documentVersions;
  const [row] = await q
    .select({ version: t.version, hash: t.hash, basis: t.basis })
    .from(t)
    .where(and(eq(t.terminalId, terminalId), eq(t.kind, kind), eq(t.version, version)));
  return row;
}

/** The oldest basis from which a difference may be asked for; null if there is none. */
export async function oldestBasis(
  q: Reads,
  terminalIds: readonly string[],
  kind: DocumentKind,
): Promise<number | null> {
  if (terminalIds.length === 0) return null;
  const t = q.t.documentVersions;
  const [row] = await q
    .select({ basis: min(t.basis) })
    .from(t)
    .where(and(inArray(t.terminalId, [...terminalIds]), eq(t.kind, kind), isNotNull(t.basis)));
  return row?.basis ?? null;
}

/** Makes it the newest and drops what nobody asks for any more. */
export async function addVersion(q: Tx, row: VersionRow): Promise<void> {
  const { documentVersions: t, terminalDocuments: d } = q.t;
  const { terminalId, kind, version, at } = row;
  const ofDocument = and(eq(t.terminalId, terminalId), eq(t.kind, kind));
  await q.insert(t).values(row);
  await q
    .insert(d)
    .values({ terminalId, kind, desired: version })
    .onConflictDoUpdate({ target: [d.terminalId, d.kind], set: { desired: version, withheld: false } });
  if (row.basis === null) {
    await q.delete(t).where(and(ofDocument, lte(t.version, version - wholeVersionsKept)));
    return;
  }
  await q
    .update(t)
    .set({ body: {} })
    .where(and(ofDocument, eq(t.version, version - 1)));
  await q.delete(t).where(and(ofDocument, isDispensable(t, version, at)));
}

const isDispensable = (t: Reads['t']['documentVersions'], version: number, now: InstantMs) =>
  or(
    and(lte(t.version, version - composedVersionsMin), lt(t.at, instant(now - composedKeptMs))),
    lte(t.version, version - composedVersionsMax),
  );

export async function withhold(q: Tx, terminalId: string, kind: DocumentKind): Promise<void> {
  const t = q.t.terminalDocuments;
  await q
    .update(t)
    .set({ withheld: true, applied: null, appliedAt: null })
    .where(and(eq(t.terminalId, terminalId), eq(t.kind, kind)));
}
