import type { Allocation } from '../allocation/allocation.ts';
import { groupOf } from '../allocation/group-cells.ts';
import { hasHalfHour } from '../allocation/half-hours.ts';
import type { Demand, Inventory } from '../allocation/instance.ts';
import { seeded } from '../allocation/market.fixture.ts';
import { owedOfPlan } from '../campaigns/plan.ts';
import { residualMilli } from './pacing.ts';
import type { Policy } from './replay-policies.fixture.ts';
import type { Week } from './replay-week.fixture.ts';

export interface Contender {
  readonly key: string;
  readonly weight: number;
}
type Credits = Readonly<Record<string, number>>;
/** The terminals' rule: who plays next, and the debts after it. */
export type Diffuse = (
  credits: Credits,
  contenders: readonly Contender[],
) => { readonly chosen: string | undefined; readonly credits: Credits };

export interface Outcome {
  /** Of what was sold; what came on top of it counts nothing. */
  readonly deliveredPercent: number;
  readonly overPercent: number;
  readonly campaignsAt99Percent: number;
  readonly campaignsAt95Percent: number;
  readonly seconds: number;
}

/** Half-hours from one plan to the next. */
const perPlan = 2;
/** Half-hours between two words on how far it is. */
const sayEvery = 12;
const house = 'house';

/** An entry of a plan, with the milli-touches of its segment that its screen still owes in this half-hour. */
interface Entry extends Contender {
  left: number;
}

/** What one place plays in one half-hour to one segment. */
type Entries = readonly Entry[];

/** What a touch of a cell counts for a line item, in ppm: all of it, where it is known who comes. */
export type Worth = (id: string, cell: number) => number;
const whole: Worth = () => 1_000_000;

/** Plays a week through; says how far it is at the end of each day. */
export function replay(
  week: Week,
  sold: readonly Demand[],
  policy: Policy,
  {
    diffuse,
    say,
    worth = whole,
  }: { readonly diffuse: Diffuse; readonly say: (line: string) => void; readonly worth?: Worth },
): Outcome {
  const began = performance.now();
  const run = new Replay({ week, sold, policy, diffuse, worth });
  for (let halfHour = 0; halfHour < week.inventory.halfHours; halfHour += 1) {
    if (halfHour % perPlan === 0) run.plan(halfHour);
    run.play(halfHour);
    const played = halfHour + 1;
    if (played % sayEvery === 0)
      say(
        `  ${played} of ${week.inventory.halfHours} half-hours, ${Math.round((performance.now() - began) / 1_000)} s`,
      );
  }
  return run.outcome((performance.now() - began) / 1_000);
}

interface ReplayParts {
  readonly week: Week;
  readonly sold: readonly Demand[];
  readonly policy: Policy;
  readonly diffuse: Diffuse;
  readonly worth: Worth;
}

class Replay {
  readonly #week: Week;
  readonly #sold: readonly Demand[];
  readonly #policy: Policy;
  readonly #diffuse: Diffuse;
  readonly #worth: Worth;
  /** Milli-touches of their segments, by campaign. */
  readonly #delivered = new Map<string, number>();
  /** Delivered at places that are away: the cloud learns of it when they are back. */
  readonly #untold: Map<string, number>[];
  /** What a place that is away has of a plan: entries and what is planned, by half-hour and segment. */
  readonly #kept: (Map<number, Entries> | undefined)[];
  readonly #credits: Credits[];
  readonly #byId: ReadonlyMap<string, Demand>;
  readonly #random: () => number;
  #next = new Map<number, Entries>();
  /** What comes at each place, of what was forecast, as the days so far show. */
  #level: Float64Array;

  constructor({ week, sold, policy, diffuse, worth }: ReplayParts) {
    this.#worth = worth;
    this.#week = week;
    this.#sold = sold;
    this.#policy = policy;
    this.#diffuse = diffuse;
    this.#byId = new Map(sold.map((demand) => [demand.id, demand]));
    this.#random = seeded(week.count);
    const places = [...week.inventory.placeCommunity];
    this.#level = new Float64Array(places.length).fill(1);
    this.#untold = places.map(() => new Map());
    this.#kept = places.map(() => undefined);
    this.#credits = Array.from({ length: places.length * week.inventory.segments }, () => ({}));
  }

  /** The plan of the half-hours from `from` on, as the cloud knows it. */
  plan(from: number): void {
    this.#learn(from);
    const { inventory } = this.#week;
    const away = this.#awayAt(from);
    const committed = this.#committed(from);
    const demands = this.#sold.map((demand) => ({
      ...demand,
      milliTouches: this.#residual(demand, committed.get(demand.id) ?? 0),
    }));
    const open = demands.filter(({ milliTouches }) => milliTouches > 0);
    if (from % halfHoursOfDay === 0) this.#level = levels(this.#week, from);
    const coming = remaining(inventory, { from, away, level: this.#level });
    const { plan } = this.#policy;
    if (!plan) return void (this.#next = this.#loops(open, from));
    const { halfHours } = inventory;
    const places = inventory.placeCommunity.length;
    const leaving = new Set(Array.from({ length: places }, (_, place) => place).filter((n) => this.#leaves(n, from)));
    const planned = plan(coming, open, leaving.size > 0 ? halfHours : from + perPlan);
    this.#next = new Map();
    for (let place = 0; place < places; place += 1) {
      const isLast = leaving.has(place);
      for (const [cell, shares] of planned({ place, from, end: isLast ? halfHours : from + perPlan }))
        this.#next.set(
          cell,
          shares.map((share) => this.#entry(coming, cell, share)),
        );
      if (isLast) this.#kept[place] = new Map([...this.#next].filter(([cell]) => this.#placeOf(cell) === place));
    }
  }

  /** Whether this plan is the last that a place hears of. */
  #leaves(place: number, from: number): boolean {
    const leaves = (this.#week.awayFrom[place] ?? 0) - from;
    return (this.#week.awayTo[place] ?? 0) > 0 && leaves >= 0 && leaves < perPlan;
  }

  #entry({ supplyMilliTouches }: Inventory, cell: number, { key, weight }: Contender): Entry {
    const touches = (supplyMilliTouches[cell] ?? 0) / 1_000;
    const segmentTouches = (touches * weight * this.#worth(key, cell)) / 1e12;
    return { key, weight, left: owedOfPlan(segmentTouches, 1) * 1_000 };
  }

  /** What is owed of a campaign and not on its way. */
  #residual({ id, milliTouches: boughtMilli }: Demand, committedMilli: number): number {
    const deliveredMilli = this.#delivered.get(id) ?? 0;
    if (this.#policy.hedged) return residualMilli({ boughtMilli, deliveredMilli, committedMilli });
    return Math.max(0, boughtMilli - deliveredMilli - committedMilli);
  }

  /** Places that are back have told what they played. */
  #learn(from: number): void {
    this.#untold.forEach((untold, place) => {
      if (untold.size === 0 || from < (this.#week.awayTo[place] ?? 0)) return;
      for (const [id, milli] of untold) this.#delivered.set(id, (this.#delivered.get(id) ?? 0) + milli);
      untold.clear();
      this.#kept[place] = undefined;
    });
  }

  #awayAt(from: number): ReadonlySet<number> {
    const { awayFrom, awayTo, inventory } = this.#week;
    const away = new Set<number>();
    for (let place = 0; place < inventory.placeCommunity.length; place += 1)
      if (from >= (awayFrom[place] ?? 0) && from < (awayTo[place] ?? 0)) away.add(place);
    return away;
  }

  /** What is planned at places that are away, since they left and from now on. */
  #committed(from: number): ReadonlyMap<string, number> {
    const committed = new Map<string, number>();
    const { awayFrom, inventory } = this.#week;
    for (const place of this.#awayAt(from))
      for (const [cell, entries] of this.#kept[place] ?? []) {
        const halfHour = Math.floor(cell / inventory.segments) % inventory.halfHours;
        if (halfHour < (awayFrom[place] ?? 0)) continue;
        const expected = inventory.supplyMilliTouches[cell] ?? 0;
        for (const { key, weight } of entries)
          committed.set(
            key,
            (committed.get(key) ?? 0) + Math.floor((expected * weight * this.#worth(key, cell)) / 1e12),
          );
      }
    return committed;
  }

  #placeOf(cell: number): number {
    const { segments, halfHours } = this.#week.inventory;
    return Math.floor(cell / (segments * halfHours));
  }

  /** Everybody who is booked there and then has one part of the loop. */
  #loops(open: readonly Demand[], from: number): Map<number, Entries> {
    const { inventory } = this.#week;
    const found = new Map<number, Entry[]>();
    for (const { id, places, scheduleOf, schedules } of open)
      places.forEach((place, n) => {
        const schedule = schedules[scheduleOf[n] ?? 0] ?? new Uint32Array(0);
        for (let halfHour = from; halfHour < from + perPlan; halfHour += 1) {
          if (!hasHalfHour(schedule, halfHour)) continue;
          const cell = (place * inventory.halfHours + halfHour) * inventory.segments;
          const entries = found.get(cell) ?? [];
          entries.push({ key: id, weight: 1, left: Infinity });
          found.set(cell, entries);
        }
      });
    return found;
  }

  play(halfHour: number): void {
    const { inventory, touches } = this.#week;
    const { segments, halfHours } = inventory;
    const away = this.#awayAt(halfHour);
    for (let place = 0; place < inventory.placeCommunity.length; place += 1) {
      const first = (place * halfHours + halfHour) * segments;
      const order: number[] = [];
      for (let segment = 0; segment < segments; segment += 1)
        for (let n = touches[first + segment] ?? 0; n > 0; n -= 1) order.push(segment);
      shuffle(order, this.#random);
      const plan = away.has(place) ? (this.#kept[place] ?? this.#next) : this.#next;
      for (const segment of order) this.#touch(plan, { place, first, segment });
    }
  }

  #touch(
    plan: ReadonlyMap<number, Entries>,
    { place, first, segment }: { readonly place: number; readonly first: number; readonly segment: number },
  ): void {
    const { matched } = this.#policy;
    const lane = place * this.#week.inventory.segments + (matched ? segment : 0);
    const cell = first + (matched ? segment : 0);
    const entries = (plan.get(cell) ?? []).filter(({ left }) => left > 0);
    if (entries.length === 0) return;
    const sold = entries.reduce((sum, { weight }) => sum + weight, 0);
    const rest = matched ? Math.max(0, 1_000_000 - sold) : 0;
    const kept = this.#credits[lane] ?? {};
    const turn = this.#diffuse(kept, [...entries, { key: house, weight: rest }]);
    this.#credits[lane] = turn.credits;
    const entry = entries.find(({ key }) => key === turn.chosen);
    if (!entry || turn.chosen === undefined) return;
    const milli = Math.min(Math.round(this.#worth(entry.key, cell) / 1_000), entry.left);
    entry.left -= milli;
    const demand = this.#byId.get(turn.chosen);
    if (!demand || ((demand.segments >>> segment) & 1) === 0) return;
    const halfHour = Math.floor(first / this.#week.inventory.segments) % this.#week.inventory.halfHours;
    const isAway = (this.#week.awayTo[place] ?? 0) > halfHour && (this.#week.awayFrom[place] ?? 0) <= halfHour;
    const book = isAway ? this.#untold[place] : this.#delivered;
    book?.set(turn.chosen, (book.get(turn.chosen) ?? 0) + milli);
  }

  outcome(seconds: number): Outcome {
    this.#learn(Number.MAX_SAFE_INTEGER);
    let bought = 0;
    let filled = 0;
    let over = 0;
    const reached = { at99: 0, at95: 0 };
    for (const { id, milliTouches } of this.#sold) {
      const got = this.#delivered.get(id) ?? 0;
      bought += milliTouches;
      filled += Math.min(got, milliTouches);
      over += Math.max(0, got - milliTouches);
      if (got >= milliTouches * 0.99) reached.at99 += 1;
      if (got >= milliTouches * 0.95) reached.at95 += 1;
    }
    const percent = (part: number, whole: number) => Number(((part / whole) * 100).toFixed(3));
    return {
      deliveredPercent: percent(filled, bought),
      overPercent: percent(over, bought),
      campaignsAt99Percent: percent(reached.at99, this.#sold.length),
      campaignsAt95Percent: percent(reached.at95, this.#sold.length),
      seconds: Number(seconds.toFixed(1)),
    };
  }
}

const halfHoursOfDay = 48;
/** Days that a forecast stands for beside what is counted. */
const priorDays = 0.2;

/** The audience learns from each closed day how many really come to an entrance. */
function levels({ inventory, touches }: Week, until: number): Float64Array {
  const { halfHours, segments, supplyMilliTouches, placeCommunity } = inventory;
  return Float64Array.from(placeCommunity, (_, place) => {
    const first = place * halfHours * segments;
    let came = 0;
    let expected = 0;
    let week = 0;
    for (let cell = first; cell < first + halfHours * segments; cell += 1) {
      const milli = supplyMilliTouches[cell] ?? 0;
      week += milli;
      if (cell >= first + until * segments) continue;
      came += (touches[cell] ?? 0) * 1_000;
      expected += milli;
    }
    const prior = (week / 7) * priorDays;
    return (came + prior) / (expected + prior);
  });
}

/** Half-hours of a place, half-open. */
export interface Asked {
  readonly place: number;
  readonly from: number;
  readonly end: number;
}

interface Coming {
  readonly from: number;
  readonly away: ReadonlySet<number>;
  readonly level: Float64Array;
}

/** The forecast of what is still to come at places that can be reached. */
function remaining(inventory: Inventory, { from, away, level }: Coming): Inventory {
  const { halfHours, segments, placeCommunity } = inventory;
  const supplyMilliTouches = inventory.supplyMilliTouches.map((milli, cell) =>
    Math.floor(milli * (level[Math.floor(cell / (halfHours * segments))] ?? 1)),
  );
  for (let place = 0; place < placeCommunity.length; place += 1) {
    const first = place * halfHours * segments;
    supplyMilliTouches.fill(0, first, first + (away.has(place) ? halfHours : from) * segments);
  }
  return { ...inventory, supplyMilliTouches };
}

/** Fractions of the cells of one place in some half-hours, by cell; `nameOf` says whose a demand of the allocation is. */
export function sharesOf(
  allocation: Allocation,
  flows: ArrayLike<number>,
  { place, from, end }: Asked,
  nameOf: (demandId: string) => string = (id) => id,
): Map<number, Contender[]> {
  const { inventory, network } = allocation;
  const { halfHours, segments } = inventory;
  const community = inventory.placeCommunity[place] ?? 0;
  const block = allocation.block(community);
  const found = new Map<number, Contender[]>();
  if (!block) return found;
  const firstSlot = (place - allocation.firstPlace(community)) * halfHours;
  for (let halfHour = from; halfHour < Math.min(end, halfHours); halfHour += 1)
    for (let segment = 0; segment < segments; segment += 1) {
      const own = groupOf(block.groups, segments, firstSlot + halfHour, segment);
      if (own < 0) continue;
      const group = block.firstGroup + own;
      const supply = network.groupSupply[group] ?? 0;
      const cell = (place * halfHours + halfHour) * segments + segment;
      const weights = new Map<string, number>();
      for (let n = network.groupFirst[group] ?? 0; n < (network.groupEnd[group] ?? 0); n += 1) {
        const edge = network.groupEdges[n] ?? 0;
        const weight = Math.floor(((flows[edge] ?? 0) / supply) * 1_000_000);
        const key = nameOf(allocation.demandOf(network.edgeNode[edge] ?? 0).id);
        if (weight > 0) weights.set(key, (weights.get(key) ?? 0) + weight);
      }
      if (weights.size > 0)
        found.set(
          cell,
          [...weights].map(([key, weight]) => ({ key, weight })),
        );
    }
  return found;
}

function shuffle(order: number[], random: () => number): void {
  for (let n = order.length - 1; n > 0; n -= 1) {
    const other = Math.floor(random() * (n + 1));
    [order[n], order[other]] = [order[other] ?? 0, order[n] ?? 0];
  }
}
