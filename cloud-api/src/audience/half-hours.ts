import { after, halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import type { AudienceHalfHour } from './contract.ts';
import type { CountedHalfHour } from './counting.ts';
import type { AudienceCell } from './forecasting.ts';
import { countedMin } from './rules.ts';

type Told = Pick<AudienceHalfHour, 'counted' | 'countedTouches'>;

/** What may be told of the counts of a half-hour: a sum only of counts that were told each for itself. */
export function toldOf(at: InstantMs, told: readonly (number | null)[] | undefined, now: InstantMs): Told {
  if (after(at, halfHourMs) > now) return { counted: 'open', countedTouches: null };
  if (told === undefined) return { counted: 'unknown', countedTouches: null };
  const sum = told.reduce<number>((all, one) => all + (one ?? 0), 0);
  if (told.includes(null) || sum < countedMin) return { counted: 'withheld', countedTouches: null };
  return { counted: 'told', countedTouches: sum };
}

/** Each entrance by itself: for whoever runs them. */
export function byEntrance(
  cells: readonly AudienceCell[],
  counted: readonly CountedHalfHour[],
  names: ReadonlyMap<string, string>,
  now: InstantMs,
): AudienceHalfHour[] {
  const told = new Map(counted.map((one) => [`${one.entranceId} ${one.at}`, one.told]));
  return cells.map(({ communityId: _, entranceId, ...cell }) => ({
    ...cell,
    entranceId,
    entranceName: names.get(entranceId) ?? null,
    ...toldOf(cell.at, told.get(`${entranceId} ${cell.at}`), now),
  }));
}

/** All entrances of a placement together: for whoever buys. Placements are never summed, as one person passes several. */
export function byPlacement(
  cells: readonly AudienceCell[],
  counted: readonly CountedHalfHour[],
  now: InstantMs,
): AudienceHalfHour[] {
  const told = new Map(counted.map((one) => [`${one.entranceId} ${one.at}`, one.told]));
  const groups = Map.groupBy(cells, ({ placement, at }) => `${placement} ${at}`);
  return [...groups.values()].flatMap((here) => {
    const [first] = here;
    if (!first) return [];
    const counts = here.map(({ entranceId, at }) => told.get(`${entranceId} ${at}`));
    const known = counts.every((one) => one !== undefined) ? counts.flat() : undefined;
    const { at, placement, shares } = first;
    const madeAt = here.every((cell) => cell.madeAt !== null) ? first.madeAt : null;
    const common = { at, placement, shares, madeAt, entranceId: null, entranceName: null };
    return [{ ...common, ...together(here), ...toldOf(at, known, now) }];
  });
}

/** Of how much of the variance entrances of one community share: a rainy day is one at all of them, chance is each one's own. */
const shared = 0.5;

/** Several entrances in one half-hour: sums, and an interval between those of things that go together and things that do not. */
export function together(cells: readonly Pick<AudienceCell, 'expectedMilli' | 'lowMilli' | 'highMilli'>[]) {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const expectedMilli = sum(cells.map((cell) => cell.expectedMilli));
  const spread = (sides: readonly number[]) =>
    Math.sqrt(shared * sum(sides) ** 2 + (1 - shared) * sum(sides.map((side) => side ** 2)));
  const low = spread(cells.map((cell) => cell.expectedMilli - cell.lowMilli));
  const high = spread(cells.map((cell) => cell.highMilli - cell.expectedMilli));
  return {
    expectedMilli,
    lowMilli: Math.round(Math.max(0, expectedMilli - low)),
    highMilli: Math.round(expectedMilli + high),
  };
}
