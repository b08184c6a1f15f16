import { plannable, type Inventory } from '../allocation/instance.ts';
import { smooth } from '../allocation/plan.ts';
import { LineAllocation, type Wanted, type Worths } from '../allocation/sold-lines.ts';
import { spreadOf } from '../allocation/spread.ts';

/** What is to be planned. All of it travels to a thread as it is. */
export interface PlanQuestion {
  /** Of one segment: nobody's is known. */
  readonly inventory: Inventory;
  readonly worths: Worths;
  /** What each line item is still to get, in touches of its segment. */
  readonly wanted: readonly Wanted[];
  /** Which door each place belongs to: all places of one kind in one community are one. */
  readonly doorOf: Int32Array;
  /** Half-hours from the first on whose cells are wanted. */
  readonly halfHours: number;
}

/** Cells of a plan as columns, ordered by line item, door and half-hour; all of whole touches. */
export interface PlanAnswer {
  readonly demand: Int32Array;
  readonly door: Int32Array;
  readonly halfHour: Int32Array;
  readonly milliTouches: Int32Array;
  /** Part of the touches at the door, in parts per million. */
  readonly sharePpm: Int32Array;
  /** What each line item gets over the whole horizon, in milli-touches of its segment. */
  readonly deliverable: Float64Array;
  /** 0 to 1 (`spreadOf`). */
  readonly spread: number;
}

/** For evening out, every hour: a third of what a plan may take usually, so that the whole of it takes little longer. */
const stepsHourly = 100_000_000;

/** The exact and even plan of all line items, added up over the entrances of each door. Deterministic. */
export function planCells({ inventory, worths, wanted, doorOf, halfHours }: PlanQuestion): PlanAnswer {
  const lines = new LineAllocation(inventory, worths, wanted);
  const { allocation } = lines;
  const plan = smooth(allocation, { steps: stepsHourly });
  const ids = wanted.map(({ demand }) => demand.id);
  const numberOf = new Map(ids.flatMap((id, n) => lines.linesOf(id).map((line) => [line.id, n])));
  const cells = new Columns();
  for (const [door, places] of placesByDoor(doorOf).entries()) {
    const found = new Map<number, number>();
    for (const place of places)
      for (const { halfHour, entries } of plan.cellsOf(place)) {
        if (halfHour >= halfHours) continue;
        for (const { id, milliTouches } of entries) {
          const key = halfHour * ids.length + (numberOf.get(id) ?? 0);
          found.set(key, (found.get(key) ?? 0) + milliTouches);
        }
      }
    for (const key of [...found.keys()].sort((a, b) => a - b)) {
      const [demand, halfHour, milliTouches] = [key % ids.length, Math.floor(key / ids.length), found.get(key) ?? 0];
      const share = partOf(inventory, places, { halfHour, milliTouches });
      if (milliTouches > 0) cells.push([demand, door, halfHour, milliTouches, share]);
    }
  }
  return {
    ...cells.byDemand(ids.length),
    deliverable: Float64Array.from(ids, (id) => lines.deliverable(id)),
    spread: spreadOf(allocation),
  };
}

/** Line item, door, half-hour, milli-touches and share of a cell. A plan has millions, and as objects they would take gigabytes. */
type Row = readonly [number, number, number, number, number];
const columnsOfRow = 5;
const rowsAtFirst = 1_024;

class Columns {
  #rows = new Int32Array(rowsAtFirst * columnsOfRow);
  #count = 0;

  push(row: Row): void {
    if ((this.#count + 1) * columnsOfRow > this.#rows.length) {
      const grown = new Int32Array(this.#rows.length * 2);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#rows.set(row, this.#count * columnsOfRow);
    this.#count += 1;
  }

  /** By line item, those of each in the order in which they came. */
  byDemand(demands: number): Omit<PlanAnswer, 'deliverable' | 'spread'> {
    const next = new Int32Array(demands + 1);
    for (let n = 0; n < this.#count; n += 1) {
      const after = (this.#rows[n * columnsOfRow] ?? 0) + 1;
      next[after] = (next[after] ?? 0) + 1;
    }
    for (let n = 1; n <= demands; n += 1) next[n] = (next[n] ?? 0) + (next[n - 1] ?? 0);
    const order = new Int32Array(this.#count);
    for (let n = 0; n < this.#count; n += 1) {
      const demand = this.#rows[n * columnsOfRow] ?? 0;
      const at = next[demand] ?? 0;
      order[at] = n;
      next[demand] = at + 1;
    }
    const column = (of: number) => order.map((n) => this.#rows[n * columnsOfRow + of] ?? 0);
    return { demand: column(0), door: column(1), halfHour: column(2), milliTouches: column(3), sharePpm: column(4) };
  }
}

function placesByDoor(doorOf: Int32Array): number[][] {
  const found: number[][] = [];
  doorOf.forEach((door, place) => (found[door] ??= []).push(place));
  return found;
}

/** Rounded down, so that the parts of a half-hour never add up to more than all of it. */
function partOf(
  { halfHours, supplyMilliTouches, offlinePpm }: Inventory,
  places: readonly number[],
  { halfHour, milliTouches }: { readonly halfHour: number; readonly milliTouches: number },
): number {
  let all = 0;
  for (const place of places)
    all += plannable(supplyMilliTouches[place * halfHours + halfHour] ?? 0, offlinePpm[place] ?? 0);
  return all === 0 ? 0 : Math.floor((milliTouches / all) * 1_000_000);
}
