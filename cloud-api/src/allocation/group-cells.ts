import { plannable, supplyCounted, type Demand, type Inventory } from './instance.ts';
import { hasHalfHour } from './half-hours.ts';

/** A demand's part in one community: which of its places are there. */
export interface Target {
  readonly demand: Demand;
  /** Range of `demand.places`. */
  readonly firstPlace: number;
  readonly endPlace: number;
}

/**
 * The cells of one community, merged without loss: cells that the same targets may have are one group, because nobody can tell them apart but by their sum.
 * Where a target has a cap by day or segment, only cells of one day and one segment are merged.
 */
export interface CellGroups {
  /** Class of each place and half-hour of the community; 0: nobody wants it. */
  readonly slotClass: Int32Array;
  /** Group of each class and segment; -1: none. */
  readonly classGroup: Int32Array;
  /** Plannable milli-touches of each group, all above 0. */
  readonly supply: Int32Array;
  /** Local day and segment of each group that has a capped target; -1 for the others. */
  readonly day: Int32Array;
  readonly segment: Int32Array;
  /** Targets of group g: `members` from `memberFirst[g]` to `memberFirst[g + 1]`, ascending. */
  readonly memberFirst: Int32Array;
  readonly members: Int32Array;
}

export const isCapped = ({ caps }: Demand): boolean =>
  caps.dayMilliTouches !== null || caps.segmentDayMilliTouches !== null;

export const groupOf = (groups: CellGroups, segments: number, slot: number, segment: number): number =>
  groups.classGroup[(groups.slotClass[slot] ?? 0) * segments + segment] ?? -1;

/** How the first of the targets divide the cells already. */
export interface KnownGroups {
  readonly slotClass: Int32Array;
  readonly targets: number;
}

/** Groups the cells of a community. `firstPlace` and `endPlace` are its places in the inventory. What is known of the first targets is not found out again. */
export function groupCells(
  inventory: Inventory,
  firstPlace: number,
  endPlace: number,
  targets: readonly Target[],
  known?: KnownGroups,
): CellGroups {
  const days = inventory.localDays[inventory.communityZone[inventory.placeCommunity[firstPlace] ?? 0] ?? 0];
  const place = { inventory, firstPlace, endPlace, days: days ?? new Int32Array(inventory.halfHours) };
  const { slotClass, sampleSlot } = classifySlots(place, targets, known);
  const found = new FoundGroups();
  const classGroup = new Int32Array(sampleSlot.length * inventory.segments).fill(-1);
  const wanting = new Int32Array(targets.length);
  for (let kind = 1; kind < sampleSlot.length; kind += 1) {
    const slot = sampleSlot[kind] ?? 0;
    const count = targetsAt(place, targets, slot, wanting);
    for (let segment = 0; segment < inventory.segments; segment += 1)
      classGroup[kind * inventory.segments + segment] = found.add(
        targets,
        wanting.subarray(0, count),
        segment,
        place.days[slot % inventory.halfHours] ?? 0,
      );
  }
  return withSupply(place, slotClass, classGroup, found);
}

interface Community {
  readonly inventory: Inventory;
  readonly firstPlace: number;
  readonly endPlace: number;
  readonly days: Int32Array;
}

/**
 * Splits places and half-hours by one target after the other (partition refinement): exact, and linear in what the targets cover. Returns the class of each
 * slot, numbered in the order of first appearance from 1, and one slot of each class.
 */
function classifySlots(
  { inventory, firstPlace, endPlace, days }: Community,
  targets: readonly Target[],
  known: KnownGroups | undefined,
) {
  const { halfHours } = inventory;
  const slots = (endPlace - firstPlace) * halfHours;
  const kinds = known ? known.slotClass.slice() : new Int32Array(slots);
  let next = kinds.reduce((most, kind) => Math.max(most, kind), 0) + 1;
  const splitBy = Array.from({ length: next }, () => 0);
  const splitTo = Array.from({ length: next }, () => 0);
  let turn = 0;
  for (const { demand, firstPlace: from, endPlace: to } of targets.slice(known?.targets ?? 0)) {
    const byDay = isCapped(demand);
    turn += 1;
    let day = -1;
    for (let n = from; n < to; n += 1) {
      const base = ((demand.places[n] ?? 0) - firstPlace) * halfHours;
      const schedule = demand.schedules[demand.scheduleOf[n] ?? 0] ?? new Uint32Array(0);
      for (let word = 0; word < schedule.length; word += 1)
        for (let left = schedule[word] ?? 0; left !== 0; left &= left - 1) {
          const halfHour = word * 32 + 31 - Math.clz32(left & -left);
          if (byDay && days[halfHour] !== day) {
            day = days[halfHour] ?? 0;
            turn += 1;
          }
          const kind = kinds[base + halfHour] ?? 0;
          if (splitBy[kind] !== turn) {
            splitBy[kind] = turn;
            splitTo[kind] = next;
            splitBy[next] = 0;
            next += 1;
          }
          kinds[base + halfHour] = splitTo[kind] ?? 0;
        }
    }
  }
  return numbered(kinds, next);
}

function numbered(kinds: Int32Array, count: number) {
  const sampleSlot: number[] = [0];
  const number = new Int32Array(count);
  for (let slot = 0; slot < kinds.length; slot += 1) {
    const kind = kinds[slot] ?? 0;
    if (kind === 0) continue;
    if (number[kind] === 0) {
      number[kind] = sampleSlot.length;
      sampleSlot.push(slot);
    }
    kinds[slot] = number[kind] ?? 0;
  }
  return { slotClass: kinds, sampleSlot };
}

/** Writes the targets that want a slot to `into`, ascending, and returns how many they are. */
function targetsAt(
  { inventory, firstPlace }: Community,
  targets: readonly Target[],
  slot: number,
  into: Int32Array,
): number {
  const place = firstPlace + Math.floor(slot / inventory.halfHours);
  const halfHour = slot % inventory.halfHours;
  let count = 0;
  targets.forEach(({ demand, firstPlace: first, endPlace: end }, t) => {
    for (let n = first; n < end; n += 1) {
      if (demand.places[n] !== place) continue;
      const schedule = demand.schedules[demand.scheduleOf[n] ?? 0];
      if (schedule && hasHalfHour(schedule, halfHour)) into[count++] = t;
    }
  });
  return count;
}

/** The different sets of targets, found by a hash and then compared, so that two sets are never taken for one. */
class FoundGroups {
  readonly memberFirst: number[] = [0];
  readonly members: number[] = [];
  readonly day: number[] = [];
  readonly segment: number[] = [];
  readonly #byHash = new Map<number, number>();

  /** The group of those of `wanting` who want the segment; -1 if nobody does. */
  add(targets: readonly Target[], wanting: Int32Array, segment: number, day: number): number {
    const first = this.members.length;
    let hash = 17;
    let capped = false;
    for (const t of wanting) {
      const demand = targets[t]?.demand;
      if (!demand || ((demand.segments >>> segment) & 1) === 0) continue;
      this.members.push(t);
      hash = (Math.imul(hash, 0x01000193) ^ (t + 1)) >>> 0;
      capped ||= isCapped(demand);
    }
    if (this.members.length === first) return -1;
    const [ofDay, ofSegment] = capped ? [day, segment] : [-1, -1];
    hash = (hash ^ Math.imul(ofDay + 1, 0x9e3779b1) ^ Math.imul(ofSegment + 1, 0x85ebca6b)) >>> 0;
    for (let at = this.#byHash.get(hash); at !== undefined; at = this.#byHash.get(++hash))
      if (this.day[at] === ofDay && this.segment[at] === ofSegment && this.#hasMembersFrom(at, first)) {
        this.members.length = first;
        return at;
      }
    this.#byHash.set(hash, this.day.length);
    this.day.push(ofDay);
    this.segment.push(ofSegment);
    this.memberFirst.push(this.members.length);
    return this.day.length - 1;
  }

  #hasMembersFrom(group: number, first: number): boolean {
    const from = this.memberFirst[group] ?? 0;
    const count = this.members.length - first;
    if ((this.memberFirst[group + 1] ?? 0) - from !== count) return false;
    for (let n = 0; n < count; n += 1) if (this.members[from + n] !== this.members[first + n]) return false;
    return true;
  }
}

/** Adds the supply up and leaves groups without any out. */
function withSupply(
  { inventory, firstPlace }: Community,
  slotClass: Int32Array,
  classGroup: Int32Array,
  found: FoundGroups,
): CellGroups {
  const { segments, halfHours, supplyMilliTouches, offlinePpm } = inventory;
  const sums = new Float64Array(found.day.length);
  for (let slot = 0; slot < slotClass.length; slot += 1) {
    const kind = slotClass[slot] ?? 0;
    if (kind === 0) continue;
    const offline = offlinePpm[firstPlace + Math.floor(slot / halfHours)] ?? 0;
    for (let segment = 0; segment < segments; segment += 1) {
      const group = classGroup[kind * segments + segment] ?? -1;
      const milli = supplyMilliTouches[(firstPlace * halfHours + slot) * segments + segment] ?? 0;
      if (group >= 0 && milli > 0) sums[group] = (sums[group] ?? 0) + plannable(milli, offline);
    }
  }
  const renumbered = new Int32Array(sums.length).fill(-1);
  const kept: number[] = [];
  for (let group = 0; group < sums.length; group += 1)
    if ((sums[group] ?? 0) > 0) renumbered[group] = kept.push(group) - 1;
  for (let n = 0; n < classGroup.length; n += 1) classGroup[n] = renumbered[classGroup[n] ?? -1] ?? -1;
  return { slotClass, classGroup, ...keptGroups(found, kept, sums) };
}

function keptGroups(found: FoundGroups, kept: readonly number[], sums: Float64Array) {
  const memberFirst = new Int32Array(kept.length + 1);
  const members: number[] = [];
  kept.forEach((group, n) => {
    for (let m = found.memberFirst[group] ?? 0; m < (found.memberFirst[group + 1] ?? 0); m += 1)
      members.push(found.members[m] ?? 0);
    memberFirst[n + 1] = members.length;
  });
  return {
    supply: Int32Array.from(kept, (group) => supplyCounted(sums[group] ?? 0)),
    day: Int32Array.from(kept, (group) => found.day[group] ?? -1),
    segment: Int32Array.from(kept, (group) => found.segment[group] ?? -1),
    memberFirst,
    members: Int32Array.from(members),
  };
}
