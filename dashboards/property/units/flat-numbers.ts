/** A building as its plan tells it: floors from and to, so many flats on each. */
export interface FlatPlan {
  readonly fromFloor: number;
  readonly toFloor: number;
  readonly perFloor: number;
  /** What the first flat of each floor is called: 1 makes 101, 102; 3 makes 103, 104. */
  readonly firstFlat: number;
  /** Floors that the building does not have. */
  readonly skip: readonly number[];
}

/** The cloud takes so many at once. */
export const flatsMax = 2_000;

/** The numbers of all flats by the custom of floor and two digits: `101` … `3012`. */
export function flatNumbers({ fromFloor, toFloor, perFloor, firstFlat, skip }: FlatPlan): string[] {
  const numbers: string[] = [];
  for (let floor = fromFloor; floor <= toFloor; floor += 1)
    if (floor > 0 && !skip.includes(floor))
      for (let flat = firstFlat; flat < firstFlat + perFloor; flat += 1)
        numbers.push(`${floor}${String(flat).padStart(2, '0')}`);
  return numbers;
}

/** `4, 13，14` as people type it. */
export const floorsIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

/** The floor that a number tells: `302` is on 3, `1203` on 12. Null for numbers that follow no such custom. */
export function floorByNumber(number: string): number | null {
  const floor = Number(/^(\d{1,2})\d{2}$/.exec(number)?.[1] ?? 0);
  return floor > 0 ? floor : null;
}
