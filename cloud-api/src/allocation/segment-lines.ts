import type { Allocation } from './allocation.ts';
import { addHalfHour, eachHalfHour } from './half-hours.ts';
import { isCapped } from './group-cells.ts';
import { plannable, weightMin, wordsOf, type Demand, type Inventory } from './instance.ts';

/** What a touch in a cell is worth to a segment: the share of it among those whose segment nobody knows, in parts per million. */
export type WorthPpm = (place: number, halfHour: number) => number;

/** A part of a segment's line item in whole touches, each of them worth at least `worthPpm` of one. */
export interface SegmentLine {
  readonly demand: Demand;
  readonly band: number;
  readonly worthPpm: number;
}

export interface SegmentQuote {
  /** In touches of the segment, as the worth of whole touches adds up to. */
  readonly askedMilliTouches: number;
  readonly availableMilliTouches: number;
  readonly fits: boolean;
  /** Whole touches that it takes. */
  readonly takenMilliTouches: number;
  /** What to add to the allocation to book it. */
  readonly lines: readonly SegmentLine[];
}

/** Cells of a band are worth at least 19/20 of its best, and count as its least one: what is promised is met in any of them. */
const bandStep = Math.log(20 / 19);
const allPpm = 1_000_000;

/** Which band a worth belongs to: 0 for a whole touch, and each next one 5 % poorer. */
export const bandOf = (worthPpm: number): number => Math.floor(Math.log(allPpm / worthPpm) / bandStep + 1e-9);

/** The cells of a demand that are about equally worth. */
export interface Band {
  readonly band: number;
  readonly leastPpm: number;
  readonly bestPpm: number;
  /** Milli-touches that can be planned in all of them. */
  readonly audience: number;
  /** The demand over these cells only. */
  readonly demand: Demand;
}

/**
 * So many times the touches that it takes is the audience of the best bands that a line item is put in while there is room, evenly: the best alone would put
 * all of it in one hour of one community.
 */
const roomTimes = 2;
/** It is not spread over what is worth less than that part of the best: there it would take twice the touches from everybody else. */
const spreadWorth = 1 / 2;

/**
 * Availability of touches of a segment that is no more than a share of the audience. A play there takes a whole touch and is worth the share, so the best cells
 * are taken, those of about equal worth together: evenly from as many as leave it room, and where that is not enough one band after the other on top of all
 * others: the most worth that there can be, but for the width of a band. Each band becomes a line of whole touches, which the plan then moves freely among cells
 * that are worth the same. Changes nothing.
 *
 * `demand.milliTouches` is in touches of the segment, its weight is that of one; its id is followed by `/` and the band in the lines.
 */
export function quoteSegment(allocation: Allocation, demand: Demand, worthPpm: WorthPpm): SegmentQuote {
  return rehearsed(allocation, segmentTrial(allocation, demand, worthPpm));
}

/** A question to an allocation that can be asked again and again in one rehearsal, once its demands, all of nothing yet, were added in it. */
export interface Trial<Answer> {
  readonly demands: readonly Demand[];
  /** Leaves the rehearsal as it was. */
  ask(): Answer;
}

/** Asks one question alone. */
export const rehearsed = <Answer>(allocation: Allocation, trial: Trial<Answer>): Answer =>
  allocation.rehearse(() => {
    allocation.addAll(trial.demands);
    return trial.ask();
  });

const ofNothing = (demand: Demand, id: string): Demand => ({ ...demand, id, milliTouches: 0, weight: weightMin });

/** `name` tells it from other trials of the same rehearsal. */
export function segmentTrial(
  allocation: Allocation,
  demand: Demand,
  worthPpm: WorthPpm,
  name = demand.id,
): Trial<SegmentQuote> {
  const bands = bandsOf(allocation.inventory, demand, worthPpm);
  if (isCapped(demand)) return cappedTrial(allocation, demand, worthPpm, { bands, name });
  return {
    demands: bands.map((band) => ofNothing(band.demand, `${name}?${band.band}`)),
    ask() {
      const found = new BandsTaken(allocation, demand, bands, name);
      for (const { band, milliTouches } of spreadOver(bands, demand.milliTouches)) found.ask(band, milliTouches);
      found.askBest();
      const evenly = found.quoted();
      found.giveBack();
      if (evenly.fits) return evenly;
      found.askBest();
      const best = found.quoted();
      found.giveBack();
      return best.availableMilliTouches > evenly.availableMilliTouches ? best : evenly;
    },
  };
}

/** What a rehearsal has found in the bands of one demand so far. */
class BandsTaken {
  readonly #allocation: Allocation;
  readonly #demand: Demand;
  readonly #bands: readonly Band[];
  readonly #name: string;
  readonly #taken = new Map<Band, number>();

  constructor(allocation: Allocation, demand: Demand, bands: readonly Band[], name: string) {
    this.#allocation = allocation;
    this.#demand = demand;
    this.#bands = bands;
    this.#name = name;
  }

  /** So many whole touches more of a band, as far as they are there. */
  ask(band: Band, more: number): void {
    const asked = (this.#taken.get(band) ?? 0) + more;
    this.#taken.set(band, this.#allocation.rehearseAmount(`${this.#name}?${band.band}`, asked));
  }

  /** What is still wanted from the best band on. */
  askBest(): void {
    for (const band of this.#bands) {
      const missing = this.#demand.milliTouches - this.#worth();
      if (missing <= 0) return;
      this.ask(band, touchesFor(missing, band.leastPpm));
    }
  }

  giveBack(): void {
    for (const band of this.#taken.keys()) this.#allocation.rehearseAmount(`${this.#name}?${band.band}`, 0);
    this.#taken.clear();
  }

  quoted(): SegmentQuote {
    return quoted(this.#demand, this.#taken);
  }

  #worth(): number {
    let sum = 0;
    for (const [{ leastPpm }, milli] of this.#taken) sum += worthOf(milli, leastPpm);
    return sum;
  }
}

/** What a whole touch in a line weighs beside those of others. */
export const lineWeight = ({ weight }: Demand, worthPpm: number): number =>
  Math.max(weightMin, Math.round((weight * worthPpm) / allPpm));

/** So many whole touches of a band. */
export interface Part {
  readonly band: Band;
  readonly milliTouches: number;
}

/** The same part of the touches of each of the best bands that have room for all. */
export function spreadOver(bands: readonly Band[], milliTouches: number): Part[] {
  const chosen: Band[] = [];
  let worth = 0;
  let audience = 0;
  for (const band of bands) {
    const isPoor = band.leastPpm < spreadWorth * (chosen[0]?.bestPpm ?? 0);
    if (worth >= roomTimes * milliTouches || isPoor) break;
    chosen.push(band);
    audience += band.audience;
    worth += (band.audience / allPpm) * band.leastPpm;
  }
  const level = worth === 0 ? 0 : Math.min(1, milliTouches / worth);
  return chosen.map((band) => ({ band, milliTouches: Math.ceil(level * band.audience) }));
}

/**
 * A line item that takes only so much of a day is one line, as the touches of a day count together: of the best cells, as many as it needs, each counted as the
 * least of them, and a day as if all of them were the best.
 */
function cappedTrial(
  allocation: Allocation,
  demand: Demand,
  worthPpm: WorthPpm,
  { bands, name }: { readonly bands: readonly Band[]; readonly name: string },
): Trial<SegmentQuote> {
  const lines = bands.flatMap(({ band }) => cappedLine(allocation.inventory, demand, worthPpm, band) ?? []);
  const idOf = ({ band }: Band) => `${name}?${band}`;
  return {
    demands: lines.map((line) => ofNothing(line.demand, idOf(line))),
    ask() {
      let best = quoted(demand, new Map());
      for (const line of lines) {
        const got = allocation.rehearseAmount(idOf(line), touchesFor(demand.milliTouches, line.leastPpm));
        allocation.rehearseAmount(idOf(line), 0);
        const tried = quoted(demand, new Map([[line, got]]));
        if (tried.availableMilliTouches > best.availableMilliTouches) best = tried;
        if (best.fits) break;
      }
      return best;
    },
  };
}

/** What one more demand for everybody could have. */
export const wholeTrial = (allocation: Allocation, demand: Demand, name = demand.id): Trial<number> => ({
  demands: [ofNothing(demand, `${name}?`)],
  ask() {
    const got = allocation.rehearseAmount(`${name}?`, demand.milliTouches);
    allocation.rehearseAmount(`${name}?`, 0);
    return got;
  },
});

/** The cells from the best band to one, with the caps of a day in whole touches. Its band is the last. Undefined where it has none. */
export function cappedLine(inventory: Inventory, demand: Demand, worthPpm: WorthPpm, last: number): Band | undefined {
  const reached = bandsOf(inventory, demand, worthPpm, (band) => (band <= last ? last : null));
  const [line] = reached;
  if (!line) return undefined;
  const inTouches = (cap: number | null) => (cap === null ? null : Math.floor((cap / line.bestPpm) * allPpm));
  const { dayMilliTouches, segmentDayMilliTouches, usedFirstDay } = demand.caps;
  const caps = {
    dayMilliTouches: inTouches(dayMilliTouches),
    segmentDayMilliTouches: inTouches(segmentDayMilliTouches),
    ...(usedFirstDay && { usedFirstDay: mapped(usedFirstDay, (used) => Math.ceil((used / line.bestPpm) * allPpm)) }),
  };
  return { ...line, demand: { ...line.demand, caps } };
}

const mapped = <K>(of: ReadonlyMap<K, number>, to: (value: number) => number): ReadonlyMap<K, number> =>
  new Map([...of].map(([key, value]) => [key, to(value)]));

function quoted(demand: Demand, taken: ReadonlyMap<Band, number>): SegmentQuote {
  const lines = [...taken]
    .filter(([, milliTouches]) => milliTouches > 0)
    .sort(([a], [b]) => a.band - b.band)
    .map(([band, milliTouches]) => lineOf(demand, band, milliTouches));
  const worth = lines.reduce((sum, line) => sum + worthOf(line.demand.milliTouches, line.worthPpm), 0);
  const availableMilliTouches = Math.min(demand.milliTouches, worth);
  return {
    askedMilliTouches: demand.milliTouches,
    availableMilliTouches,
    fits: availableMilliTouches === demand.milliTouches,
    takenMilliTouches: lines.reduce((sum, line) => sum + line.demand.milliTouches, 0),
    lines,
  };
}

/** So many whole touches of a band as a demand of their own. */
export const lineOf = (demand: Demand, { band, leastPpm, demand: cells }: Band, milliTouches: number): SegmentLine => ({
  band,
  worthPpm: leastPpm,
  demand: { ...cells, id: `${demand.id}/${band}`, milliTouches, weight: lineWeight(demand, leastPpm) },
});

/** What whole touches are worth at least, in milli-touches of the segment. */
export const worthOf = (milliTouches: number, worthPpm: number): number =>
  Math.floor((milliTouches * worthPpm) / allPpm);

/** The fewest whole touches that are worth so much. */
export function touchesFor(milliTouches: number, worthPpm: number): number {
  const touches = Math.ceil((milliTouches * allPpm) / worthPpm);
  // Beyond 2^53 the product was rounded.
  return worthOf(touches, worthPpm) < milliTouches ? touches + 1 : touches;
}

/** The demand's cells by worth, the best band first. Cells that are worth nothing, or whose band `as` makes null, are in none. */
export function bandsOf(
  inventory: Inventory,
  demand: Demand,
  worthPpm: WorthPpm,
  as: (band: number) => number | null = (band) => band,
): Band[] {
  const found = new Map<number, OpenBand>();
  const { halfHours, supplyMilliTouches, offlinePpm } = inventory;
  const bandOfWorth = new Map<number, number | null>();
  demand.places.forEach((place, n) =>
    eachHalfHour(demand.schedules[demand.scheduleOf[n] ?? 0] ?? new Uint32Array(0), (halfHour) => {
      const worth = worthPpm(place, halfHour);
      if (worth <= 0) return;
      let band = bandOfWorth.get(worth);
      if (band === undefined) bandOfWorth.set(worth, (band = as(bandOf(worth))));
      if (band === null) return;
      const own = found.get(band) ?? { least: worth, best: worth, audience: 0, schedules: new Map() };
      found.set(band, own);
      own.least = Math.min(own.least, worth);
      own.best = Math.max(own.best, worth);
      own.audience += plannable(supplyMilliTouches[place * halfHours + halfHour] ?? 0, offlinePpm[place] ?? 0);
      let schedule = own.schedules.get(place);
      if (!schedule) own.schedules.set(place, (schedule = new Uint32Array(wordsOf(halfHours))));
      addHalfHour(schedule, halfHour);
    }),
  );
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([band, { least, best, audience, schedules }]) => ({
      band,
      leastPpm: least,
      bestPpm: best,
      audience,
      demand: { ...demand, ...cellsOf(schedules) },
    }));
}

interface OpenBand {
  least: number;
  best: number;
  audience: number;
  readonly schedules: Map<number, Uint32Array>;
}

/** Places in order, those of the same half-hours with one schedule. */
function cellsOf(byPlace: ReadonlyMap<number, Uint32Array>): Pick<Demand, 'places' | 'scheduleOf' | 'schedules'> {
  const places = Int32Array.from(byPlace.keys()).sort();
  const schedules: Uint32Array[] = [];
  const known = new Map<string, number>();
  const scheduleOf = Int32Array.from(places, (place) => {
    const schedule = byPlace.get(place) ?? new Uint32Array(0);
    const key = schedule.join(',');
    const index = known.get(key) ?? schedules.push(schedule) - 1;
    known.set(key, index);
    return index;
  });
  return { places, scheduleOf, schedules };
}
