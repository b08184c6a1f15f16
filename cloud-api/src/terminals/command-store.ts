import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, count, desc, eq, gt, inArray, isNotNull, lt, lte, or } from 'drizzle-orm';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { newestFirst, type Paging } from '../platform/newest-first.ts';
import type { CommandKind } from './command-contract.ts';
import { afterReport, waitingStates, type CommandProgress } from './command-rules.ts';

export type CommandRow = Reads['t']['commands']['$inferSelect'];
export type CommandFileRow = Reads['t']['commandFiles']['$inferSelect'];
/** What is told of a file without reading it. */
export type CommandFileNote = Pick<CommandFileRow, 'kind' | 'size' | 'keptUntil'>;

/** Another process may move the same command at the same moment; each turn of it moves one state on. */
const triesMax = 7;

/** Applies one report; the row afterwards, or undefined if it said nothing new. */
export async function stepCommand(
  q: Tx,
  id: string,
  report: Parameters<typeof afterReport>[1],
): Promise<CommandRow | undefined> {
  const t = q.t.commands;
  for (let tried = 0; tried < triesMax; tried += 1) {
    const row = await findCommand(q, id);
    const after: CommandProgress | undefined = row && afterReport(row, report);
    if (!row || !after) return undefined;
    const isUnmoved = and(eq(t.id, id), eq(t.state, row.state));
    const [moved] = await q
      .update(t)
      .set({ ...after })
      .where(isUnmoved)
      .returning();
    if (moved) return moved;
  }
  return undefined;
}

export async function findCommand(q: Reads, id: string): Promise<CommandRow | undefined> {
  const [row] = await q.select().from(q.t.commands).where(eq(q.t.commands.id, id));
  return row;
}

/** Newest first. */
export async function listCommands(
  q: Reads,
  { terminalId, kind }: { readonly terminalId: string; readonly kind: CommandKind | undefined },
  paging: Paging,
): Promise<Page<CommandRow>> {
  const t = q.t.commands;
  const { where, order, take, page } = newestFirst(t.queuedAt, t.id, paging);
  const ofKind = kind === undefined ? undefined : eq(t.kind, kind);
  const found = await q
    .select()
    .from(t)
    .where(and(eq(t.terminalId, terminalId), isNotNull(t.queuedAt), ofKind, where))
    .orderBy(...order)
    .limit(take);
  return page(
    found,
    ({ queuedAt }) => queuedAt ?? instant(0),
    (row) => row,
  );
}

/** Commands of a terminal that neither ended nor passed their time. */
export async function countWaiting(q: Reads, terminalId: string, now: InstantMs): Promise<number> {
  const t = q.t.commands;
  const [row] = await q
    .select({ n: count() })
    .from(t)
    .where(and(eq(t.terminalId, terminalId), gt(t.expiresAt, now), inArray(t.state, [...waitingStates])));
  return row?.n ?? 0;
}

export async function countOfKind(q: Reads, terminalId: string, kind: CommandKind, since: InstantMs): Promise<number> {
  const t = q.t.commands;
  const [row] = await q
    .select({ n: count() })
    .from(t)
    .where(and(eq(t.terminalId, terminalId), gt(t.queuedAt, since), eq(t.kind, kind)));
  return row?.n ?? 0;
}

/** A resident's commands that end after `endingAfter`. */
export async function countResidentCommands(q: Reads, residentId: string, endingAfter: InstantMs): Promise<number> {
  const t = q.t.commands;
  const [row] = await q
    .select({ n: count() })
    .from(t)
    .where(and(eq(t.residentId, residentId), gt(t.expiresAt, endingAfter)));
  return row?.n ?? 0;
}

/** Those of the commands that residents asked for, with who did. */
export async function residentsOfCommands(
  q: Reads,
  terminalId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const t = q.t.commands;
  const found = await q
    .select({ id: t.id, residentId: t.residentId })
    .from(t)
    .where(and(inArray(t.id, [...ids]), eq(t.terminalId, terminalId), isNotNull(t.residentId)));
  return new Map(found.map(({ id, residentId }) => [id, residentId ?? '']));
}

/** Commands that nobody has heard of: unanswered since `unheardBefore`, or received and not ended since `unendedBefore`. */
export async function overdueCommands(
  q: Reads,
  { unheardBefore, unendedBefore }: { readonly unheardBefore: InstantMs; readonly unendedBefore: InstantMs },
  limit: number,
): Promise<readonly Pick<CommandRow, 'id' | 'state'>[]> {
  const t = q.t.commands;
  const unheard = and(inArray(t.state, ['QUEUED', 'SENT']), lt(t.expiresAt, unheardBefore));
  const unended = and(eq(t.state, 'RECEIVED'), lt(t.expiresAt, unendedBefore));
  return q.select({ id: t.id, state: t.state }).from(t).where(or(unheard, unended)).limit(limit);
}

/** Forgets commands that ended before; true if there may be more. */
export async function forgetCommands(q: Tx, endedBefore: InstantMs, limit: number): Promise<boolean> {
  const t = q.t.commands;
  const old = await q.select({ id: t.id }).from(t).where(lt(t.expiresAt, endedBefore)).limit(limit);
  if (old.length > 0)
    await q.delete(t).where(
      inArray(
        t.id,
        old.map(({ id }) => id),
      ),
    );
  return old.length === limit;
}

/** Files of these commands that are kept now. */
export async function fileNotes(
  q: Reads,
  commandIds: readonly string[],
  now: InstantMs,
): Promise<ReadonlyMap<string, CommandFileNote>> {
  if (commandIds.length === 0) return new Map();
  const t = q.t.commandFiles;
  const found = await q
    .select({ commandId: t.commandId, kind: t.kind, size: t.size, keptUntil: t.keptUntil })
    .from(t)
    .where(and(inArray(t.commandId, [...commandIds]), gt(t.keptUntil, now)));
  return new Map(found.map(({ commandId, ...note }) => [commandId, note]));
}

export async function findFile(q: Reads, commandId: string): Promise<CommandFileRow | undefined> {
  const [row] = await q.select().from(q.t.commandFiles).where(eq(q.t.commandFiles.commandId, commandId));
  return row;
}

/** Keeps a file and, of the same kind and terminal, the newest `keptMax` with it. */
export async function keepFile(q: Tx, file: CommandFileRow, keptMax: number): Promise<void> {
  const t = q.t.commandFiles;
  await q.insert(t).values(file);
  const others = await q
    .select({ id: t.commandId })
    .from(t)
    .where(and(eq(t.terminalId, file.terminalId), eq(t.kind, file.kind)))
    .orderBy(desc(t.at), asc(t.commandId));
  const over = others.filter(({ id }) => id !== file.commandId).slice(keptMax - 1);
  if (over.length > 0)
    await q.delete(t).where(
      inArray(
        t.commandId,
        over.map(({ id }) => id),
      ),
    );
}

export async function deleteFiles(q: Tx, endedBy: InstantMs): Promise<void> {
  await q.delete(q.t.commandFiles).where(lte(q.t.commandFiles.keptUntil, endedBy));
}
