import { invariant, InvariantError } from '@gatecast/firmware-protocol';
import { allocate, type Allocation } from './allocation.ts';
import { isCapped } from './group-cells.ts';
import type { Demand, Inventory } from './instance.ts';
import { widened, type Quote } from './quote.ts';
import {
  bandsOf,
  cappedLine,
  lineOf,
  rehearsed,
  segmentTrial,
  spreadOver,
  touchesFor,
  wholeTrial,
  worthOf,
  type Band,
  type Part,
  type SegmentLine,
  type Trial,
  type WorthPpm,
} from './segment-lines.ts';

/** Whole touches in the cells of one band of worth (`bandOf`). */
export interface SoldLine {
  readonly band: number;
  readonly milliTouches: number;
}

/** What was sold of a segment, in the whole touches that it takes. */
export interface SoldLines {
  /** Milli-touches of the segment that were asked for. */
  readonly ofMilliTouches: number;
  readonly lines: readonly SoldLine[];
}

/** What a touch of each cell is worth to each segment that is only a share, in flat arrays that travel to a thread. */
export interface Worths {
  /** At `place × halfHours + halfHour`: which set of shares holds there. */
  readonly setOf: Int32Array;
  /** Parts per million at `set × segments + segment`. */
  readonly ppm: Int32Array;
  readonly segments: number;
}

/** A line item as the allocation of shares takes it. */
export interface Wanted {
  /** In touches of its segment. */
  readonly demand: Demand;
  /** Which of the segments that are shares; null: everybody, and each touch counts. */
  readonly segment: number | null;
  /** What was sold of it before; null: nothing yet. */
  readonly sold: SoldLines | null;
}

export interface WantedQuote extends Quote {
  /** Whole touches that it takes. */
  readonly takenMilliTouches: number;
  /** Null: each touch counts. */
  readonly sold: SoldLines | null;
}

/** What a line item of a plan is made of: the demands in the allocation, and what each of their touches is worth. */
export interface HeldLine {
  readonly id: string;
  readonly worthPpm: number;
}

const allPpm = 1_000_000;

/**
 * An allocation in which line items of a segment stand as lines of whole touches. Nobody's segment is known, so what is promised of a segment is what its
 * touches are worth at least, and no touch is in two lines: of any cell, no more touches are promised than it has, whatever they count for.
 */
export class LineAllocation {
  readonly allocation: Allocation;
  readonly #worths: Worths;
  readonly #halfHours: number;
  readonly #held = new Map<string, { readonly wanted: Wanted; readonly lines: readonly HeldLine[] }>();

  /** All that is sold, each as it was sold as far as that can still be had, the dearest first where it cannot. */
  constructor(inventory: Inventory, worths: Worths, wanted: readonly Wanted[]) {
    this.#worths = worths;
    this.#halfHours = inventory.halfHours;
    const placed = wanted.map((one) => ({ one, lines: this.#soldLines(inventory, one) }));
    this.allocation = allocate(
      inventory,
      placed.flatMap(({ lines }) => lines.map(({ demand }) => demand)),
    );
    for (const { one, lines } of placed) this.#hold(one, lines);
    this.#mend(wanted);
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  /** The demands of a line item in the allocation. */
  linesOf(id: string): readonly HeldLine[] {
    return this.#get(id).lines;
  }

  /** What a line item gets together with all others, in milli-touches of its segment; never more than it wants. */
  deliverable(id: string): number {
    const { wanted, lines } = this.#get(id);
    const worth = lines.reduce((sum, line) => sum + worthOf(this.allocation.deliverable(line.id), line.worthPpm), 0);
    return Math.min(wantedOf(wanted), worth);
  }

  /** Adds what was sold since, as it was sold; and takes out what claims nothing any more, or something else now. */
  put(wanted: readonly Wanted[], gone: readonly string[]): void {
    for (const id of [...gone, ...wanted.map(({ demand }) => demand.id)]) if (this.has(id)) this.#remove(id);
    const placed = wanted.map((one) => ({ one, lines: this.#soldLines(this.allocation.inventory, one) }));
    this.allocation.addAll(placed.flatMap(({ lines }) => lines.map(({ demand }) => demand)));
    for (const { one, lines } of placed) this.#hold(one, lines);
    this.#mend(wanted);
  }

  /** What one more line item could have, or one of these in its own place were it another one. Changes nothing. */
  quote(wanted: Wanted): WantedQuote {
    const held = this.#held.get(wanted.demand.id);
    if (!held) return this.#quote(wanted);
    const demands = held.lines.map(({ id }) => this.allocation.demand(id));
    for (const { id } of demands) this.allocation.remove(id);
    try {
      return this.#quote(wanted);
    } finally {
      this.allocation.addAll(demands);
    }
  }

  /** What each of some line items for everybody could have, were it the only one more; all at once. */
  spareOfEach(wanted: readonly Wanted[]): number[] {
    return this.allocation.spareOfEach(wanted.map(({ demand }) => demand));
  }

  /**
   * Of each way to ask for more the smallest step that is enough, or the widest if it gives more than `before` milli-touches. The cells of all of them are told
   * apart once.
   */
  alternatives<Kind extends string>(
    before: number,
    ways: readonly { readonly kind: Kind; readonly steps: readonly Wanted[] }[],
  ): (WantedQuote & { readonly kind: Kind; readonly step: number })[] {
    const tried = ways.map(({ kind, steps }) => ({
      kind,
      steps: steps.map((step, n) => this.#trial(step, `${step.demand.id}?${kind}${n}`)),
    }));
    const demands = tried.flatMap(({ steps }) => steps.flatMap((step) => step.demands));
    return this.allocation.rehearse(() => {
      this.allocation.addAll(demands);
      return widened(before, tried, (step) => step.ask()).map(({ asked: _asked, ...found }) => found);
    });
  }

  #quote(wanted: Wanted): WantedQuote {
    return rehearsed(this.allocation, this.#trial(wanted, wanted.demand.id));
  }

  #trial({ demand, segment }: Wanted, name: string): Trial<WantedQuote> {
    const askedMilliTouches = demand.milliTouches;
    if (segment === null) {
      const trial = wholeTrial(this.allocation, demand, name);
      const ask = (): WantedQuote => {
        const found = trial.ask();
        const fits = found === askedMilliTouches;
        return { askedMilliTouches, availableMilliTouches: found, fits, takenMilliTouches: found, sold: null };
      };
      return { demands: trial.demands, ask };
    }
    const trial = segmentTrial(this.allocation, demand, this.#worthOf(segment), name);
    const ask = (): WantedQuote => {
      const { lines, ...found } = trial.ask();
      const sold = lines.map(({ band, demand: { milliTouches } }) => ({ band, milliTouches }));
      return { ...found, sold: { ofMilliTouches: askedMilliTouches, lines: sold } };
    };
    return { demands: trial.demands, ask };
  }

  /** What was sold, in the cells that there still are, as much of it as is still wanted. */
  #soldLines(inventory: Inventory, { demand, segment, sold }: Wanted): SegmentLine[] {
    if (segment === null) return [{ demand, band: 0, worthPpm: allPpm }];
    if (!sold) return [];
    const worth = this.#worthOf(segment);
    if (isCapped(demand)) {
      const [line] = sold.lines;
      const band = line && cappedLine(inventory, demand, worth, line.band);
      return band ? [lineOf(demand, band, stillWanted(demand, sold, line.milliTouches))] : [];
    }
    const amounts = new Map(sold.lines.map(({ band, milliTouches }) => [band, milliTouches]));
    return bandsOf(inventory, demand, worth, (band) => (amounts.has(band) ? band : null)).map((band) =>
      lineOf(demand, band, stillWanted(demand, sold, amounts.get(band.band) ?? 0)),
    );
  }

  /**
   * Hours that are over, a forecast that has changed or a hedge on top leave some of a line item without a line. That is found anew, for all such together and in
   * their own right: first evenly in its best bands, then one band after the other, to the last. Each round tells the cells of its communities apart anew.
   */
  #mend(all: readonly Wanted[]): void {
    const bands = new Map<string, Band[]>();
    for (let round = 0; ; round += 1) {
      const coming: SegmentLine[] = [];
      for (const wanted of all) {
        const { demand, segment } = wanted;
        const missing = wanted.demand.milliTouches - this.deliverable(demand.id);
        if (segment === null || isCapped(demand) || missing < this.#mendMin(demand.id)) continue;
        const own = bands.get(demand.id) ?? bandsOf(this.allocation.inventory, demand, this.#worthOf(segment));
        bands.set(demand.id, own);
        const parts = round === 0 ? spreadOver(own, missing) : bandOfRound(own, round, missing);
        if (parts.length === 0) continue;
        const lines = parts.map(({ band, milliTouches }) => lineOf(demand, band, milliTouches));
        const added = lines.map((line) => ({ ...line, demand: { ...line.demand, id: `${line.demand.id}+${round}` } }));
        coming.push(...added);
        this.#extend(wanted, added);
      }
      if (coming.length === 0) return;
      this.allocation.addAll(coming.map(({ demand }) => demand));
    }
  }

  /** What does not fit in a line is wanted by the other lines now. */
  #extend(wanted: Wanted, added: readonly SegmentLine[]): void {
    const { id } = wanted.demand;
    const { lines } = this.#get(id);
    const { allocation } = this;
    for (const line of lines) allocation.change(line.id, allocation.deliverable(line.id));
    this.#held.set(id, { wanted, lines: [...lines, ...added.map(heldLine)] });
  }

  /** Less than a touch is no line of its own where there are some: amounts were rounded. */
  #mendMin(id: string): number {
    return this.#get(id).lines.length === 0 ? 1 : 1_000;
  }

  #hold(wanted: Wanted, lines: readonly SegmentLine[]): void {
    const { id } = wanted.demand;
    invariant(!this.has(id), `${id}: a line item is held once`);
    this.#held.set(id, { wanted, lines: lines.map(heldLine) });
  }

  #remove(id: string): void {
    for (const line of this.#get(id).lines) this.allocation.remove(line.id);
    this.#held.delete(id);
  }

  #worthOf(segment: number): WorthPpm {
    const { setOf, ppm, segments } = this.#worths;
    return (place, halfHour) => ppm[(setOf[place * this.#halfHours + halfHour] ?? 0) * segments + segment] ?? 0;
  }

  #get(id: string) {
    const held = this.#held.get(id);
    if (!held) throw new InvariantError(`there is no line item ${id}`);
    return held;
  }
}

const wantedOf = ({ demand }: Wanted): number => demand.milliTouches;
const heldLine = ({ demand, worthPpm }: SegmentLine): HeldLine => ({ id: demand.id, worthPpm });
const bandOfRound = (bands: readonly Band[], round: number, missing: number): Part[] =>
  bands.slice(round - 1, round).map((band) => ({ band, milliTouches: touchesFor(missing, band.leastPpm) }));

/** A part of a line as what is wanted now is of what was when it was sold: exactly the line as long as that is the same. */
const stillWanted = ({ milliTouches }: Demand, sold: SoldLines, lineMilli: number): number =>
  milliTouches === sold.ofMilliTouches
    ? lineMilli
    : Math.ceil(lineMilli * (milliTouches / Math.max(1, sold.ofMilliTouches)));
