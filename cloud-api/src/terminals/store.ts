import type { InstantMs } from '@gatecast/firmware-protocol';
import type { DocumentKind, JournalStream } from '@gatecast/firmware-protocol/messages';
import { and, asc, count, desc, eq, gt, gte, inArray, isNull, lt, lte, ne, or, type SQL } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';

export type TerminalRow = Reads['t']['terminals']['$inferSelect'];
export type PresenceRow = Reads['t']['terminalPresence']['$inferSelect'];
export type DocumentRow = Reads['t']['terminalDocuments']['$inferSelect'];

export const terminalsPerCommunityMax = 1_000;

/** A terminal with the names and parties around it. */
export interface PlacedTerminal extends TerminalRow {
  readonly communityName: string;
  readonly zone: string;
  readonly companyId: string;
  /** What the community wants of all its screens. */
  readonly officePhone: string | null;
  readonly volumeCapPercent: number;
  readonly entranceName: string;
  readonly placement: 'gate' | 'unit-door' | 'lift';
}

function placed(q: Reads) {
  const { terminals, communities, entrances } = q.t;
  return q
    .select({ terminal: terminals, community: communities, entrance: entrances })
    .from(terminals)
    .innerJoin(communities, eq(communities.id, terminals.communityId))
    .innerJoin(entrances, eq(entrances.id, terminals.entranceId));
}

const flat = (row: {
  terminal: TerminalRow;
  community: Pick<
    Reads['t']['communities']['$inferSelect'],
    'name' | 'zone' | 'companyId' | 'officePhone' | 'volumeCapPercent'
  >;
  entrance: { name: string; placement: PlacedTerminal['placement'] };
}): PlacedTerminal => ({
  ...row.terminal,
  communityName: row.community.name,
  zone: row.community.zone,
  companyId: row.community.companyId,
  officePhone: row.community.officePhone,
  volumeCapPercent: row.community.volumeCapPercent,
  entranceName: row.entrance.name,
  placement: row.entrance.placement,
});

export async function findTerminal(
  q: Reads,
  by:
    | { readonly id: string }
    | { readonly no: number }
    | { readonly claimCodeHash: string }
    | { readonly identityKey: string }
    | { readonly entranceId: string },
): Promise<PlacedTerminal | undefined> {
  const t = q.t.terminals;
  const match =
    'id' in by
      ? eq(t.id, by.id)
      : 'no' in by
        ? eq(t.no, by.no)
        : 'entranceId' in by
          ? eq(t.entranceId, by.entranceId)
          : 'identityKey' in by
            ? eq(t.identityKey, by.identityKey)
            : eq(t.claimCodeHash, by.claimCodeHash);
  const [row] = await placed(q).where(match);
  return row && flat(row);
}

/** Those of the ids that are there, by id. */
export async function findTerminals(q: Reads, ids: readonly string[]): Promise<PlacedTerminal[]> {
  if (ids.length === 0) return [];
  const found = await placed(q)
    .where(inArray(q.t.terminals.id, [...ids]))
    .orderBy(asc(q.t.terminals.id));
  return found.map(flat);
}

/** All that are in service, of whatever community. */
export async function countActive(q: Reads): Promise<number> {
  const t = q.t.terminals;
  const [row] = await q.select({ n: count() }).from(t).where(eq(t.status, 'active'));
  return row?.n ?? 0;
}

/** The companies that those of the terminals belong to which are there. */
export async function companiesOf(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { terminals: t, communities } = q.t;
  const found = await q
    .select({ id: t.id, companyId: communities.companyId })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(inArray(t.id, [...ids]));
  return new Map(found.map(({ id, companyId }) => [id, companyId]));
}

export async function listTerminals(
  q: Reads,
  filter: {
    readonly companyId?: string | undefined;
    readonly communityIds?: readonly string[] | undefined;
    readonly communityId?: string | undefined;
    readonly condition?: SQL | undefined;
  },
  afterId: string,
  limit: number,
): Promise<PlacedTerminal[]> {
  const { terminals, communities } = q.t;
  const conditions: (SQL | undefined)[] = [gt(terminals.id, afterId), filter.condition];
  if (filter.companyId !== undefined) conditions.push(eq(communities.companyId, filter.companyId));
  if (filter.communityIds !== undefined) conditions.push(inArray(terminals.communityId, [...filter.communityIds]));
  if (filter.communityId !== undefined) conditions.push(eq(terminals.communityId, filter.communityId));
  const rows = await placed(q)
    .where(and(...conditions))
    .orderBy(asc(terminals.id))
    .limit(limit);
  return rows.map(flat);
}

export async function highestNo(q: Reads): Promise<number> {
  const t = q.t.terminals;
  const [row] = await q.select({ no: t.no }).from(t).orderBy(desc(t.no)).limit(1);
  return row?.no ?? 0;
}

export async function presencesOf(q: Reads, terminalIds: readonly string[]): Promise<PresenceRow[]> {
  if (terminalIds.length === 0) return [];
  return q
    .select()
    .from(q.t.terminalPresence)
    .where(inArray(q.t.terminalPresence.terminalId, [...terminalIds]));
}

export async function silentTerminals(q: Reads, seenBefore: InstantMs): Promise<string[]> {
  const t = q.t.terminalPresence;
  const rows = await q
    .select({ id: t.terminalId })
    .from(t)
    .where(and(eq(t.online, true), lt(t.lastSeenAt, seenBefore)));
  return rows.map(({ id }) => id);
}

/** Null before it ever said. */
export async function protocolOf(q: Reads, terminalId: string): Promise<number | null> {
  const t = q.t.terminals;
  const [row] = await q.select({ protocol: t.protocol }).from(t).where(eq(t.id, terminalId));
  return row?.protocol ?? null;
}

export async function noteModel(q: Tx, terminalId: string, model: string): Promise<void> {
  const t = q.t.terminals;
  await q
    .update(t)
    .set({ model })
    .where(and(eq(t.id, terminalId), or(isNull(t.model), ne(t.model, model))));
}

export async function documentsOf(q: Reads, terminalIds: readonly string[]): Promise<DocumentRow[]> {
  if (terminalIds.length === 0) return [];
  return q
    .select()
    .from(q.t.terminalDocuments)
    .where(inArray(q.t.terminalDocuments.terminalId, [...terminalIds]));
}

export async function findDocument(q: Reads, terminalId: string, kind: DocumentKind): Promise<DocumentRow | undefined> {
  const t = q.t.terminalDocuments;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.terminalId, terminalId), eq(t.kind, kind)));
  return row;
}

export type JournalHeadRow = Reads['t']['journalHeads']['$inferSelect'];

export async function journalHead(
  q: Reads,
  terminalId: string,
  epoch: number,
  stream: JournalStream,
): Promise<JournalHeadRow | undefined> {
  const t = q.t.journalHeads;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.terminalId, terminalId), eq(t.epoch, epoch), eq(t.stream, stream)));
  return row;
}

/** Hashes of the rows from `from` to `to` by their sequence. */
export async function storedHashes(
  q: Reads,
  terminalId: string,
  epoch: number,
  stream: JournalStream,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, string>> {
  const t = q.t.journalRows;
  const ofStream = and(eq(t.terminalId, terminalId), eq(t.epoch, epoch), eq(t.stream, stream));
  const found = await q
    .select({ seq: t.seq, hash: t.hash })
    .from(t)
    .where(and(ofStream, gte(t.seq, from), lte(t.seq, to)));
  return new Map(found.map(({ seq, hash }) => [seq, hash]));
}

/**
 * The loss in which the terminal declared `seq` to be, if it did. It may have begun earlier: rows whose ack never came back to the terminal
 * are lost there and stored here.
 */
export async function declaredLoss(q: Reads, terminalId: string, epoch: number, stream: JournalStream, seq: number) {
  const t = q.t.journalLosses;
  const ofStream = and(eq(t.terminalId, terminalId), eq(t.epoch, epoch), eq(t.stream, stream));
  const [row] = await q
    .select({ to: t.toSeq, lastHash: t.lastHash })
    .from(t)
    .where(and(ofStream, lte(t.fromSeq, seq), gte(t.toSeq, seq)))
    .orderBy(desc(t.toSeq))
    .limit(1);
  return row;
}
