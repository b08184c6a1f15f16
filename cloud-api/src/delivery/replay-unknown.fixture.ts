import { noCaps, type Demand, type Inventory } from '../allocation/instance.ts';
import { LineAllocation, type SoldLines, type Wanted, type Worths } from '../allocation/sold-lines.ts';
import { planCells } from './plan-cells.ts';
import { fieldFlows, type Flows, type Planned, type Policy, type PolicyName } from './replay-policies.fixture.ts';
import { sharesOf, type Contender, type Worth } from './replay.fixture.ts';
import type { Week } from './replay-week.fixture.ts';

/** A market in which nobody's segment is known: the product's own. */
export interface UnknownMarket {
  readonly inventory: Inventory;
  readonly sold: readonly Demand[];
  readonly policies: Readonly<Record<PolicyName, Policy>>;
  readonly worth: Worth;
  /** The touches of a week, whoever they are. */
  readonly weekOf: (week: Week) => Week;
  /** What could be delivered of each, had everybody known how many come. */
  readonly hindsight: (week: Week) => (id: string) => number;
}

const allPpm = 1_000_000;

/**
 * The same communities, half-hours and campaigns, with one lane a place: a touch counts for a campaign as the part of the half-hour's audience that is expected of
 * its segments. Lists of ten people are another product, and are left out. Sold is what customers who come one after the other can have, and of that `soldPart`.
 */
export function unknownMarket(inventory: Inventory, demands: readonly Demand[], soldPart: number): UnknownMarket {
  const everybody = 2 ** inventory.segments - 1;
  const people = 1 << (inventory.segments - 1);
  const wishes = demands.filter(({ segments }) => segments !== people);
  const masks = [...new Set(wishes.map(({ segments }) => segments))].filter((mask) => mask !== everybody);
  const worths = worthsOf(inventory, masks);
  const one = joined(inventory);
  const segmentOf = new Map(
    wishes.map(({ id, segments }) => [id, segments === everybody ? null : masks.indexOf(segments)]),
  );
  const lines = new Map<string, SoldLines | null>();
  const wantedOf = (demand: Demand): Wanted => ({
    demand,
    segment: segmentOf.get(demand.id) ?? null,
    sold: lines.get(demand.id) ?? null,
  });
  const sold = sell(new LineAllocation(one, worths, []), wishes, { wantedOf, lines, soldPart });
  const worth: Worth = (id, cell) => {
    const segment = segmentOf.get(id) ?? null;
    return segment === null ? allPpm : (worths.ppm[(worths.setOf[cell] ?? 0) * worths.segments + segment] ?? 0);
  };
  const byLines =
    (flows: Flows): Policy['plan'] =>
    (coming, open) =>
      linesPlanned(new LineAllocation(coming, worths, open.map(wantedOf)), open, flows);
  return {
    inventory: one,
    sold,
    worth,
    weekOf: (week) => weekOf(week, one),
    hindsight(week) {
      const supplyMilliTouches = Int32Array.from(week.touches, (touches) => touches * 1_000);
      const known = new LineAllocation({ ...one, supplyMilliTouches }, worths, sold.map(wantedOf));
      return (id) => known.deliverable(id);
    },
    policies: {
      ours: {
        matched: true,
        hedged: true,
        plan: (coming, open, end) => cellsPlanned(coming, worths, open.map(wantedOf), end),
      },
      equalLoop: { matched: false, hedged: false, plan: null },
      proportionalHourly: { matched: true, hedged: false, plan: byLines(fieldFlows.proportionalHourly) },
      highWaterMark: { matched: true, hedged: false, plan: byLines(fieldFlows.highWaterMark) },
    },
  };
}

interface Selling {
  readonly wantedOf: (demand: Demand) => Wanted;
  readonly lines: Map<string, SoldLines | null>;
  readonly soldPart: number;
}

/** One customer after the other, each as much as there is for them; then a part of all that. */
function sell(all: LineAllocation, wishes: readonly Demand[], { wantedOf, lines, soldPart }: Selling): Demand[] {
  return wishes.flatMap((wish) => {
    const demand: Demand = { ...wish, segments: 1, caps: noCaps };
    const { availableMilliTouches } = all.quote(wantedOf(demand));
    const milliTouches = Math.floor(availableMilliTouches);
    if (milliTouches < 1_000) return [];
    const bought = { ...demand, milliTouches };
    lines.set(wish.id, all.quote(wantedOf(bought)).sold);
    all.put([wantedOf(bought)], []);
    const part = Math.floor((milliTouches * soldPart) / 1_000) * 1_000;
    return part > 0 ? [{ ...bought, milliTouches: part }] : [];
  });
}

/** The product's plan, as the hourly job makes it. */
function cellsPlanned(inventory: Inventory, worths: Worths, wanted: readonly Wanted[], halfHours: number): Planned {
  const doorOf = Int32Array.from(inventory.placeCommunity, (_, place) => place);
  const plan = planCells({ inventory, worths, wanted, doorOf, halfHours });
  const byPlace = new Map<number, Map<number, Contender[]>>();
  plan.demand.forEach((demand, n) => {
    const place = plan.door[n] ?? 0;
    const cell = place * inventory.halfHours + (plan.halfHour[n] ?? 0);
    const own = byPlace.get(place) ?? new Map<number, Contender[]>();
    byPlace.set(place, own);
    const entries = own.get(cell) ?? [];
    own.set(cell, entries);
    const weight = plan.sharePpm[n] ?? 0;
    if (weight > 0) entries.push({ key: wanted[demand]?.demand.id ?? '', weight });
  });
  return ({ place, from, end }) => {
    const first = place * inventory.halfHours;
    const own = [...(byPlace.get(place) ?? [])].filter(([cell]) => cell >= first + from && cell < first + end);
    return new Map(own);
  };
}

/** A rule of the field, over the same lines. */
function linesPlanned(lines: LineAllocation, open: readonly Demand[], flows: Flows): Planned {
  const names = new Map(open.flatMap(({ id }) => lines.linesOf(id).map((line) => [line.id, id])));
  const found = flows(lines.allocation);
  return (asked) => sharesOf(lines.allocation, found, asked, (id) => names.get(id) ?? id);
}

/** Everybody in one segment. */
const joined = (inventory: Inventory): Inventory => ({
  ...inventory,
  segments: 1,
  supplyMilliTouches: sums(inventory.supplyMilliTouches, inventory.segments, (count) => new Int32Array(count)),
});

const weekOf = (week: Week, inventory: Inventory): Week => ({
  ...week,
  inventory,
  touches: sums(week.touches, week.inventory.segments, (count) => new Uint16Array(count)),
});

function sums<A extends Int32Array | Uint16Array>(of: A, segments: number, make: (count: number) => A): A {
  const all = make(of.length / segments);
  for (const [cell, each] of of.entries()) {
    const own = Math.floor(cell / segments);
    all[own] = (all[own] ?? 0) + each;
  }
  return all;
}

/** Of each cell its own shares, as the forecast has them. */
function worthsOf({ segments, supplyMilliTouches }: Inventory, masks: readonly number[]): Worths {
  const cells = supplyMilliTouches.length / segments;
  const ppm = new Int32Array(cells * masks.length);
  for (let cell = 0; cell < cells; cell += 1) {
    const own = supplyMilliTouches.subarray(cell * segments, (cell + 1) * segments);
    const all = own.reduce((sum, milli) => sum + milli, 0);
    if (all === 0) continue;
    for (const [n, mask] of masks.entries()) {
      const part = own.reduce((sum, milli, segment) => sum + (((mask >>> segment) & 1) === 1 ? milli : 0), 0);
      ppm[cell * masks.length + n] = Math.floor((part * allPpm) / all);
    }
  }
  return { setOf: Int32Array.from({ length: cells }, (_, cell) => cell), ppm, segments: masks.length };
}
