import { after, halfHourMs, halfHourOf, InvariantError } from '@gatecast/firmware-protocol';
import { setImmediate as breathe } from 'node:timers/promises';
import { cellsFrom, dropCells, putCells, type CellRow } from '../campaigns/cells.ts';
import { segmentMilliOf } from '../campaigns/demand.ts';
import { addPublishing } from '../campaigns/publish.ts';
import { sharePpm, startOf } from '../campaigns/supply.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { doorKey, keptMilli, keptPpmOf } from './doors.ts';
import { dueMilli } from './pacing.ts';
import { outlookBy, type MadePlan, type OpenLine } from './made-plan.ts';
import * as rows from './store.ts';
import { worthWriting, type Change } from './worth-writing.ts';

/** Cells that one transaction writes, and line items whose outlook it does: others wait some tens of milliseconds at most. */
const cellsPerTx = 200;
const linesPerTx = 20;
const communitiesPerTx = 200;
/** Far more than there are communities. */
const publishTurnsMax = 10_000;
/** Looks for what is left of line items that were stopped, so many of them each: more than ever run at once. */
const strayLooksMax = 10_000;

export interface Changed {
  readonly cellsChanged: number;
  readonly communitiesChanged: number;
}

interface Difference {
  readonly n: number;
  readonly line: OpenLine;
  put: CellRow[];
  drop: CellRow[];
}

/**
 * Writes what is worth it of what differs from the plan before (`worthWriting`), and has the communities published in which anything does. What is cut short by
 * a stop, or by a database that went away, is published by the plan after it.
 */
export async function writePlan(platform: Platform, made: MadePlan, signal: AbortSignal): Promise<Changed> {
  const { store } = platform;
  let cellsChanged = 0;
  let waiting: Difference[] = [];
  let cells = 0;
  const flush = async () => {
    signal.throwIfAborted();
    cellsChanged += await writeSome(platform, made, waiting);
    [waiting, cells] = [[], 0];
    await breathe();
  };
  const planOf = plannedRows(made);
  for (const [n, line] of made.lines.entries()) {
    const known = await cellsFrom(store.read, [line.row.id], halfHourOf(made.now));
    const found = differences(made, line, known, planOf(n));
    for (const part of inParts({ n, line, ...found })) {
      waiting.push(part);
      cells += part.put.length + part.drop.length;
      if (cells >= cellsPerTx || waiting.length >= linesPerTx) await flush();
    }
    await breathe();
  }
  await flush();
  cellsChanged += await dropStray(platform, made, signal);
  return { cellsChanged, communitiesChanged: await publishWritten(platform) };
}

/** One at least: its outlook is written whatever its cells do. */
function* inParts({ put, drop, ...whose }: Difference): Generator<Difference> {
  for (let i = 0; i === 0 || i < put.length + drop.length; i += cellsPerTx)
    yield {
      ...whose,
      put: put.slice(i, i + cellsPerTx),
      drop: drop.slice(Math.max(0, i - put.length), Math.max(0, i + cellsPerTx - put.length)),
    };
}

/** Publishes each community in which cells were written since it was published last. */
async function publishWritten(platform: Platform): Promise<number> {
  let published = 0;
  for (let turn = 0; turn < publishTurnsMax; turn += 1) {
    const some = await platform.store.tx(async (q) => {
      const concerned = await rows.takeUnpublished(q, communitiesPerTx);
      await addPublishing(platform, q, concerned);
      return concerned.length;
    });
    published += some;
    if (some < communitiesPerTx) return published;
    await breathe();
  }
  throw new InvariantError('communities that were published are gone from the list');
}

/** The answer's rows of each line item: they stand one after the other. */
function plannedRows({ answer, lines }: MadePlan): (line: number) => { readonly from: number; readonly to: number } {
  const starts = new Int32Array(lines.length + 1);
  for (const demand of answer.demand) starts[demand + 1] = (starts[demand + 1] ?? 0) + 1;
  for (let n = 0; n < lines.length; n += 1) starts[n + 1] = (starts[n + 1] ?? 0) + (starts[n] ?? 0);
  return (line) => ({ from: starts[line] ?? 0, to: starts[line + 1] ?? 0 });
}

/** One half-hour of one community is its own plan and stays as it was bought. */
function differences(
  made: MadePlan,
  line: OpenLine,
  known: readonly CellRow[],
  { from, to }: { readonly from: number; readonly to: number },
): Pick<Difference, 'put' | 'drop'> {
  if (line.row.toAt === null) return { put: [], drop: [] };
  const before = new Map(known.map((cell) => [cellKey(cell), cell]));
  const changes: Change[] = [];
  for (let n = from; n < to; n += 1) {
    const cell = rowOf(made, line, n);
    if (!cell) continue;
    const old = before.get(cellKey(cell)) ?? null;
    before.delete(cellKey(cell));
    changes.push({ old, next: withBefore(made, line, cell, old) });
  }
  for (const old of before.values()) {
    const door = made.doors.byKey.get(doorKey(old));
    if (door?.isFrozen) continue;
    // Where a screen may not hear of it, or has begun, what it plays is still to be counted.
    const isGone = door?.isHere && old.at > made.now;
    const none = { ...old, plannedMilli: 0, sharePpm: 0 };
    changes.push({ old, next: isGone ? null : withBefore(made, line, none, old) });
  }
  const worth = worthWriting(changes, made.now);
  return {
    put: worth.flatMap(({ next }) => next ?? []),
    drop: worth.flatMap(({ old, next }) => (next || !old ? [] : [old])),
  };
}

/** A cell of the plan with what of it is settled before: what is over of it, and what screens that are away play by what they have. */
function withBefore(
  { doors, supply, now }: MadePlan,
  { claim }: OpenLine,
  cell: CellRow,
  old: CellRow | null,
): CellRow {
  const door = doors.byKey.get(doorKey(cell));
  const dueBefore = old ? dueMilli(old.plannedMilli, old.at, now) : 0;
  if (!supply || !door || door.keeping.length === 0)
    return { ...cell, plannedMilli: cell.plannedMilli + dueBefore, keptPpm: null };
  const keptPpm = old ? keptPpmOf(old) : 0;
  const kept = keptMilli(supply, door, { ...cell, keptPpm }, claim.segment);
  return { ...cell, plannedMilli: cell.plannedMilli + dueBefore + kept, keptPpm };
}

const cellKey = ({ communityId, at, placement }: Pick<CellRow, 'communityId' | 'at' | 'placement'>): string =>
  `${communityId}|${at}|${placement}`;

function rowOf({ answer, doors, supply }: MadePlan, { row, claim }: OpenLine, n: number): CellRow | undefined {
  const door = doors.doors[answer.door[n] ?? -1];
  if (!door || !supply) return undefined;
  const halfHour = answer.halfHour[n] ?? 0;
  const worthPpm = sharePpm(supply, door.place, halfHour, claim.segment);
  return {
    bookingId: row.id,
    campaignId: row.campaignId,
    merchantId: row.merchantId,
    communityId: door.communityId,
    at: startOf(supply, halfHour),
    placement: door.placement,
    plannedMilli: segmentMilliOf(answer.milliTouches[n] ?? 0, worthPpm),
    sharePpm: answer.sharePpm[n] ?? 0,
    keptPpm: null,
    deliveredMilli: null,
  };
}

/** In one transaction; a line item that has changed meanwhile keeps what it has until the plan that it asked for. Gives how many cells were written. */
async function writeSome(platform: Platform, made: MadePlan, some: readonly Difference[]): Promise<number> {
  if (some.length === 0) return 0;
  return platform.store.tx(async (q) => {
    const same = await rows.unchanged(
      q,
      some.map(({ line }) => line.row),
    );
    const own = some.filter(({ line }) => same.has(line.row.id));
    const put = own.flatMap((each) => each.put);
    const drop = own.flatMap((each) => each.drop);
    await putCells(q, put);
    await dropCells(q, drop);
    await rows.noteUnpublished(
      q,
      [...put, ...drop].map(({ communityId }) => communityId),
    );
    await noteOutlooks(platform, q, made, own);
    return put.length + drop.length;
  });
}

async function noteOutlooks(platform: Platform, q: Tx, made: MadePlan, some: readonly Difference[]): Promise<void> {
  const lines = new Map(some.map(({ n, line }) => [n, line]));
  const known = await rows.outlooksOf(
    q,
    [...lines.values()].map(({ row }) => row.id),
  );
  const outlooks: rows.OutlookRow[] = [];
  for (const [n, line] of lines) {
    const { id, merchantId } = line.row;
    const { isBehind, ...bounds } = outlookBy(line, made.answer.deliverable[n] ?? 0);
    const before = known.get(id)?.behindSince ?? null;
    const behindSince = isBehind ? (before ?? made.now) : null;
    outlooks.push({ bookingId: id, merchantId, madeAt: made.now, ...bounds, behindSince });
    if ((before === null) === (behindSince === null)) continue;
    const facts = { behind: isBehind, expectedTouches: Math.floor(bounds.expectedMilli / 1_000) };
    await platform.events.emit(q, { type: 'delivery', subject: id, facts, merchantId });
  }
  await rows.putOutlooks(q, outlooks);
}

/** Of line items that are paused, cancelled or settled nothing is planned any more. */
async function dropStray(platform: Platform, { now }: MadePlan, signal: AbortSignal): Promise<number> {
  const from = after(halfHourOf(now), halfHourMs);
  let dropped = 0;
  for (let look = 0; look < strayLooksMax; look += 1) {
    const ids = await rows.strayLines(platform.store.read, from, linesPerTx);
    if (ids.length === 0) return dropped;
    for (const id of ids) {
      const cells = (await cellsFrom(platform.store.read, [id], from)).filter((cell) => cell.deliveredMilli === null);
      for (let i = 0; i < cells.length; i += cellsPerTx) {
        signal.throwIfAborted();
        await dropSome(platform, cells.slice(i, i + cellsPerTx));
        await breathe();
      }
      dropped += cells.length;
    }
  }
  throw new InvariantError('cells that were dropped are gone');
}

const dropSome = (platform: Platform, cells: readonly CellRow[]): Promise<void> =>
  platform.store.tx(async (q) => {
    await dropCells(q, cells);
    await rows.noteUnpublished(
      q,
      cells.map(({ communityId }) => communityId),
    );
  });
