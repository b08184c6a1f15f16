/** What adds up over communities and days. */
export interface ResultFigures {
  /** At doors: thousandths of verified touches. */
  readonly verifiedMilliTouches: number;
  /** Reached by line items that stop at so many people. */
  readonly people: number;
  readonly viewable: number;
  readonly ambient: number;
  readonly scans: number;
  readonly orders: number;
  readonly pickedUp: number;
  /** What those orders are worth. */
  readonly orderFen: number;
  /** Billed so far. */
  readonly earnedFen: number;
}

export const noFigures: ResultFigures = {
  verifiedMilliTouches: 0,
  people: 0,
  viewable: 0,
  ambient: 0,
  scans: 0,
  orders: 0,
  pickedUp: 0,
  orderFen: 0,
  earnedFen: 0,
};
const names = Object.keys(noFigures) as (keyof ResultFigures)[];

export function addUp(all: Iterable<Partial<ResultFigures>>): ResultFigures {
  const sums = { ...noFigures } as Record<keyof ResultFigures, number>;
  for (const one of all) for (const name of names) sums[name] += one[name] ?? 0;
  return sums;
}

/** Parts of the same rows from several places, put together by their key. */
export function joinFigures(
  parts: Iterable<readonly [key: string, part: Partial<ResultFigures>]>,
): Map<string, ResultFigures> {
  const found = new Map<string, ResultFigures>();
  for (const [key, part] of parts) found.set(key, addUp([found.get(key) ?? noFigures, part]));
  return found;
}

const milli = 1_000;

/** Verified touches, rounded down as in bills: of two halves nobody is told one and a half. */
export const wholeTouches = (verifiedMilliTouches: number): number => Math.floor(verifiedMilliTouches / milli);

/** Fen a piece, rounded half up; null where there was none, which is neither free nor dear. */
export function costOf(fen: number, pieces: number): number | null {
  return pieces <= 0 ? null : Math.floor((2 * fen + pieces) / (2 * pieces));
}

/** What a touch cost: of the money for touches alone, as people are another thing bought. */
export function costOfTouch(fen: number, verifiedMilliTouches: number): number | null {
  return costOf(fen * milli, verifiedMilliTouches);
}
