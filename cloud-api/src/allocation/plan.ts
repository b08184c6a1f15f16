import { invariant } from '@gatecast/firmware-protocol';
import { type Allocation, allocate } from './allocation.ts';
import { apportion } from './apportion.ts';
import { evenOut } from './even-out.ts';
import { groupOf, type CellGroups } from './group-cells.ts';
import { plannable, type Demand, type Inventory } from './instance.ts';
import { layFlow } from './repair.ts';
import { shaleDuals } from './shale.ts';
import { spreadOf } from './spread.ts';

/** Rounds of prices: more are smoother, and each costs one more walk over all edges. */
const roundsUsual = 10;

/** What `spreadOf` may be after the prices. Above it what can be moved still is: that takes longer than all else, and is of use only where much is contended. */
const evenEnoughUsual = 0.3;

export interface PlanOptions {
  readonly rounds?: number;
  readonly evenEnough?: number;
  /** Of `evenOut`. */
  readonly steps?: number;
}

export interface PlannedEntry {
  readonly id: string;
  /** Of the cell's touches, in parts per million; those of a cell add up to at most 1,000,000. */
  readonly sharePpm: number;
  /** What the demand is to get in this cell; those of a cell add up to no more than can be planned of it. */
  readonly milliTouches: number;
}

export interface PlannedCell {
  readonly place: number;
  readonly halfHour: number;
  readonly segment: number;
  readonly entries: readonly PlannedEntry[];
}

/** Who gets what and where. Reads the allocation as it stands: read what you need before you change it. */
export class ExposurePlan {
  readonly #allocation: Allocation;
  /** The last community that was asked for: its places are usually read one after the other. */
  #last: { readonly community: number; readonly cells: readonly PlannedCell[] } | undefined;

  constructor(allocation: Allocation) {
    this.#allocation = allocation;
  }

  /** Milli-touches that each demand gets. */
  get deliverable(): ReadonlyMap<string, number> {
    return new Map(this.#allocation.ids().map((id) => [id, this.#allocation.deliverable(id)]));
  }

  /** The cells of a place in which somebody plays, in order. */
  cellsOf(place: number): PlannedCell[] {
    const community = this.#allocation.inventory.placeCommunity[place] ?? -1;
    if (this.#last?.community !== community)
      this.#last = { community, cells: plannedCells(this.#allocation, community) };
    return this.#last.cells.filter((cell) => cell.place === place);
  }
}

/** The plan of these demands: exactly as much as there can be, spread as evenly over places and hours as that allows. */
export function makePlan(inventory: Inventory, demands: readonly Demand[], options: PlanOptions = {}): ExposurePlan {
  return smooth(allocate(inventory, demands), options);
}

/** Spreads what the demands of an allocation get, each keeping its amount to the milli-touch. */
export function smooth(
  allocation: Allocation,
  { rounds = roundsUsual, evenEnough = evenEnoughUsual, steps }: PlanOptions = {},
): ExposurePlan {
  const { network } = allocation;
  const roots = allocation.roots();
  const groups = allocation.groups();
  const duals = shaleDuals(network, groups, roots, rounds);
  const amounts = roots.map((root) => network.nodeFlow[root] ?? 0);
  const asked = roots.map((root) => network.nodeCap[root] ?? 0);
  roots.forEach((root, n) => (network.nodeCap[root] = amounts[n] ?? 0));
  layFlow(network, groups, duals);
  allocation.refill();
  if (spreadOf(allocation) > evenEnough) evenOut(allocation, steps);
  roots.forEach((root, n) => {
    invariant(network.nodeFlow[root] === amounts[n], 'what was deliverable is so after smoothing');
    network.nodeCap[root] = asked[n] ?? 0;
  });
  return new ExposurePlan(allocation);
}

/** Divides what the groups of a community give among their cells, in whole milli-touches that fit both. */
function plannedCells(allocation: Allocation, community: number): PlannedCell[] {
  const block = allocation.block(community);
  if (!block) return [];
  const { network } = allocation;
  const cells = cellsOfGroups(allocation.inventory, allocation.firstPlace(community), block.groups);
  const planned: PlannedCell[] = [];
  for (const [n, columns] of cells) {
    const group = block.firstGroup + n;
    // Of a group that is larger than it counts, all of it.
    const supply = columns.reduce((sum, { milliTouches }) => sum + milliTouches, 0);
    const entries: { id: string; flow: number }[] = [];
    for (let m = network.groupFirst[group] ?? 0; m < (network.groupEnd[group] ?? 0); m += 1) {
      const edge = network.groupEdges[m] ?? 0;
      const flow = network.edgeFlow[edge] ?? 0;
      if (flow > 0) entries.push({ id: allocation.demandOf(network.edgeNode[edge] ?? 0).id, flow });
    }
    if (entries.length === 0) continue;
    const spare = supply - (network.groupUsed[group] ?? 0);
    const shares = apportion(
      [...entries.map(({ flow }) => flow), spare],
      columns.map(({ milliTouches }) => milliTouches),
    );
    columns.forEach(({ place, halfHour, segment }, column) =>
      planned.push({
        place,
        halfHour,
        segment,
        entries: entries.map(({ id, flow }, row) => ({
          id,
          sharePpm: Math.floor((flow / supply) * 1_000_000),
          milliTouches: shares[row * columns.length + column] ?? 0,
        })),
      }),
    );
  }
  return planned.sort((a, b) => a.place - b.place || a.halfHour - b.halfHour || a.segment - b.segment);
}

interface Cell {
  readonly place: number;
  readonly halfHour: number;
  readonly segment: number;
  readonly milliTouches: number;
}

function cellsOfGroups(inventory: Inventory, firstPlace: number, groups: CellGroups): Map<number, Cell[]> {
  const { halfHours, segments, supplyMilliTouches, offlinePpm } = inventory;
  const found = new Map<number, Cell[]>();
  for (let slot = 0; slot < groups.slotClass.length; slot += 1) {
    if (groups.slotClass[slot] === 0) continue;
    const place = firstPlace + Math.floor(slot / halfHours);
    for (let segment = 0; segment < segments; segment += 1) {
      const group = groupOf(groups, segments, slot, segment);
      const expected = supplyMilliTouches[(firstPlace * halfHours + slot) * segments + segment] ?? 0;
      const milliTouches = plannable(expected, offlinePpm[place] ?? 0);
      if (group < 0 || milliTouches === 0) continue;
      const cells = found.get(group) ?? [];
      cells.push({ place, halfHour: slot % halfHours, segment, milliTouches });
      found.set(group, cells);
    }
  }
  return found;
}
