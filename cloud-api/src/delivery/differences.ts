import { halfHourOf } from '@gatecast/firmware-protocol';
import { localDateOf } from '../audience/local-day.ts';
import { cellsFrom, type CellRow } from '../campaigns/cells.ts';
import { segmentMilliOf } from '../campaigns/demand.ts';
import { sharePpm, startOf } from '../campaigns/supply.ts';
import type { Reads } from '../platform/db/store.ts';
import { doorKey, keptMilli, keptPpmOf } from './doors.ts';
import { outlookBy, type MadePlan, type OpenLine } from './made-plan.ts';
import type { Outlook } from './outlook.ts';
import { dueMilli } from './pacing.ts';
import { worthWriting, type Change, type DayCap } from './worth-writing.ts';

/** What a plan changes of one line item, or a part of it. Travels between threads. */
export interface Difference {
  readonly line: Pick<OpenLine['row'], 'id' | 'merchantId' | 'inventoryVersion'>;
  readonly outlook: Outlook;
  readonly put: readonly CellRow[];
  readonly drop: readonly CellRow[];
}

/** Cells that one transaction writes, and line items whose outlook it does: others wait some tens of milliseconds at most. */
const cellsPerTx = 200;
const linesPerTx = 20;

/** What is worth writing of what differs from the plan before (`worthWriting`), as much at a time as one transaction writes. `q` sees the last commit. */
export async function* differencesOf(q: Reads, made: MadePlan): AsyncGenerator<Difference[]> {
  let waiting: Difference[] = [];
  let cells = 0;
  const planOf = plannedRows(made);
  for (const [n, line] of made.lines.entries()) {
    const known = await cellsFrom(q, [line.row.id], halfHourOf(made.now));
    const { id, merchantId, inventoryVersion } = line.row;
    const outlook = outlookBy(line, made.answer.deliverable[n] ?? 0);
    const found = differences(made, line, known, planOf(n));
    for (const part of inParts({ line: { id, merchantId, inventoryVersion }, outlook, ...found })) {
      waiting.push(part);
      cells += part.put.length + part.drop.length;
      if (cells < cellsPerTx && waiting.length < linesPerTx) continue;
      yield waiting;
      [waiting, cells] = [[], 0];
    }
  }
  if (waiting.length > 0) yield waiting;
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
  const worth = worthWriting(changes, made.now, capOf(made, line));
  return {
    put: worth.flatMap(({ next }) => next ?? []),
    drop: worth.flatMap(({ old, next }) => (next || !old ? [] : [old])),
  };
}

/** Of today only what the plan has: some of it is used. */
function capOf({ supply, now }: MadePlan, { claim: { dayCapMilli } }: OpenLine): DayCap | undefined {
  if (dayCapMilli === null || !supply) return undefined;
  const zoneOf = (communityId: string) => supply.places[supply.placesOf.get(communityId)?.[0] ?? -1]?.zone ?? 'UTC';
  const dayOf = ({ communityId, at }: Pick<CellRow, 'communityId' | 'at'>) =>
    `${communityId} ${localDateOf(at, zoneOf(communityId))}`;
  const isToday = (day: string) => day === dayOf({ communityId: day.split(' ')[0] ?? '', at: now });
  return { dayOf, mostOf: (day) => (isToday(day) ? 0 : dayCapMilli) };
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
