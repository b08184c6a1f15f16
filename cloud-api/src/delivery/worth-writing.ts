import { hours, type InstantMs } from '@gatecast/firmware-protocol';
import type { CellRow } from '../campaigns/cells.ts';

/** How much a cell may be off before it is written anew. */
interface Leeway {
  /** Of what is planned. */
  readonly part: number;
  /** However little is planned: so much of a touch is nothing beside what chance does to a half-hour. */
  readonly leastMilli: number;
  /** Of the sum of a line item's cells. */
  readonly sumPart: number;
}

/** Two more plans are made before these are over, and each finds them as they were written. */
const soonMs = hours(3);
const soon: Leeway = { part: 0.02, leastMilli: 100, sumPart: 0 };
/** Only screens that go away play by these as they are now; for all others they are written again when they are near. */
const later: Leeway = { part: 0.125, leastMilli: 250, sumPart: 0.125 };
const touchMilli = 1_000;

/** A cell before and after a plan; null: there is none. */
export interface Change {
  readonly old: CellRow | null;
  readonly next: CellRow | null;
}

/**
 * Which of one line item's cells are to be written. Each plan differs from the one before in almost every cell by a few thousandths of a touch, and to write all
 * of them is to write millions of rows an hour for nothing. So a cell stays as it is while it is off by little: in the next three hours by a fiftieth or a tenth
 * of a touch, later by an eighth or a quarter of a touch. Sums are kept: as soon as what stays would add up to a touch more or less than the plan in the next
 * three hours, or an eighth later, all of that span is written as the plan has it.
 *
 * Nothing that is owed rests on what is later: each plan begins with what was delivered and what was written of the hours that are over, to the milli-touch.
 *
 * What stays may not break a cap, which the plan keeps: of a day and community of which more would stand than `mostOf` allows, all is written.
 */
export function worthWriting(changes: readonly Change[], now: InstantMs, cap?: DayCap): Change[] {
  const isSoon = ({ old, next }: Change) => ((next ?? old)?.at ?? 0) < now + soonMs;
  const worth = [
    ...spanWorthWriting(changes.filter(isSoon), soon),
    ...spanWorthWriting(
      changes.filter((change) => !isSoon(change)),
      later,
    ),
  ];
  return cap ? withinCap(changes, worth, cap) : worth;
}

/** Of a line item with a cap. */
export interface DayCap {
  /** Names the day and community of a cell. */
  readonly dayOf: (cell: CellRow) => string;
  /** What may stand of such a day where the plan has less, in milli-touches. */
  readonly mostOf: (day: string) => number;
}

function withinCap(changes: readonly Change[], worth: readonly Change[], { dayOf, mostOf }: DayCap): Change[] {
  const written = new Set(worth);
  const days = Map.groupBy(changes, ({ old, next }) => {
    const cell = next ?? old;
    return cell ? dayOf(cell) : '';
  });
  for (const [day, own] of days) {
    let [stands, planned] = [0, 0];
    for (const change of own) {
      stands += (written.has(change) ? change.next : change.old)?.plannedMilli ?? 0;
      planned += change.next?.plannedMilli ?? 0;
    }
    if (stands <= Math.max(planned, mostOf(day))) continue;
    for (const change of own) if (!isSame(change.old, change.next)) written.add(change);
  }
  return [...written];
}

function spanWorthWriting(changes: readonly Change[], leeway: Leeway): Change[] {
  const different = changes.filter(({ old, next }) => !isSame(old, next));
  const off = different.filter((change) => isOff(change, leeway));
  let left = 0;
  let planned = 0;
  for (const { next } of changes) planned += next?.plannedMilli ?? 0;
  for (const change of different) left += differenceMilli(change);
  for (const change of off) left -= differenceMilli(change);
  return Math.abs(left) >= Math.max(touchMilli, planned * leeway.sumPart) ? different : off;
}

const differenceMilli = ({ old, next }: Change): number => (next?.plannedMilli ?? 0) - (old?.plannedMilli ?? 0);

const isSame = (old: CellRow | null, next: CellRow | null): boolean =>
  old?.plannedMilli === next?.plannedMilli && old?.sharePpm === next?.sharePpm && old?.keptPpm === next?.keptPpm;

function isOff(change: Change, { part, leastMilli }: Leeway): boolean {
  const { old, next } = change;
  // What screens that are away play is known once, when they leave; and what nobody is to play any more is none of a touch.
  if ((old?.keptPpm ?? null) !== (next?.keptPpm ?? null)) return true;
  if (old && (next === null || (next.sharePpm === 0 && old.sharePpm !== 0))) return true;
  const milli = next?.plannedMilli ?? 0;
  if (Math.abs(differenceMilli(change)) > Math.max(leastMilli, milli * part)) return true;
  // As much is planned as before, of fewer or more people.
  const shareMilli = old && next ? shareDifference(old, next) : 0;
  return shareMilli > Math.max(leastMilli, milli * part);
}

/** What the difference of two fractions makes of a cell, in milli-touches. */
function shareDifference(old: CellRow, next: CellRow): number {
  const [was, is] = [old.sharePpm ?? 0, next.sharePpm ?? 0];
  return was === 0 ? 0 : (Math.abs(is - was) / was) * old.plannedMilli;
}
