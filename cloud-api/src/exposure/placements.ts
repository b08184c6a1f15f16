import type { Placement } from '@gatecast/firmware-protocol/messages';
import type { ReportedPlay, ReportedTouch } from './filter.ts';

/**
 * What counts at doors of one kind. Plays and touches add up to those of the report, people do not: whoever comes through the gate and then calls the lift is
 * a touch at each.
 */
export interface PlacementCounts {
  readonly rendered: number;
  readonly viewable: number;
  readonly completed: number;
  /** Verified, each one once, whatever part of it counts. */
  readonly touches: number;
  /** Of those, the ones that count wholly: sold to everybody, not to a segment. */
  readonly wholeTouches: number;
  readonly verifiedMilliTouches: number;
}

/** A placement without a play that counts is not in it. */
export type Placements = Readonly<Partial<Record<Placement, PlacementCounts>>>;

/** In the order in which somebody comes home. */
export const placementOrder = ['gate', 'unit-door', 'lift'] as const satisfies readonly Placement[];

/** What a whole touch is worth. */
const wholeMilli = 1_000;

/** What each verified touch counts, by its id: once, however often it saw the clip. Who was reached for a line item that counts people is no touch of another. */
export function worthOf(viewable: readonly ReportedPlay[]): ReadonlyMap<string, number> {
  const worth = new Map<string, number>();
  for (const { touch, milliTouches, reached = null } of viewable)
    if (touch !== null && reached === null) worth.set(touch, Math.max(worth.get(touch) ?? 0, milliTouches));
  return worth;
}

/** Counts plays where their touch was: the terminal says it of the touch, and a lift that was called is its lift. `counted`: plays at touches that are known. */
export function countPlacements(counted: readonly ReportedPlay[], touches: readonly ReportedTouch[]): Placements {
  const placementOf = new Map(touches.map(({ id, placement }) => [id, placement]));
  const byPlacement = Map.groupBy(counted, ({ touch }) => placementOf.get(touch ?? ''));
  const found: Partial<Record<Placement, PlacementCounts>> = {};
  for (const placement of placementOrder) {
    const plays = byPlacement.get(placement);
    if (plays) found[placement] = countThere(plays);
  }
  return found;
}

function countThere(plays: readonly ReportedPlay[]): PlacementCounts {
  const viewable = plays.filter((play) => play.viewable);
  const worth = [...worthOf(viewable).values()];
  return {
    rendered: plays.filter((play) => play.rendered).length,
    viewable: viewable.length,
    completed: plays.filter((play) => play.completed).length,
    touches: worth.length,
    wholeTouches: worth.filter((milli) => milli === wholeMilli).length,
    verifiedMilliTouches: worth.reduce((sum, milli) => sum + milli, 0),
  };
}
