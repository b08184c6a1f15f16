import type { PlayBody } from '@gatecast/firmware-protocol/messages';

/** What the reports keep of a play. The counter of a contract is `viewable`. */
export type CountedPlay = Pick<PlayBody, 'touch' | 'billable' | 'rendered' | 'viewable' | 'completed' | 'milliTouches'>;

export interface ExposureCounts {
  readonly rendered: number;
  readonly viewable: number;
  readonly completed: number;
  /** Whole verified touches: milli-touches added up, then rounded down. */
  readonly verified: number;
  readonly verifiedMilliTouches: number;
  /** Plays with nobody there. */
  readonly ambient: number;
}

/**
 * Counts the plays of one campaign in one half-hour of a community. A verified exposure is a billable touch that saw the clip:
 * each touch counts once, however often it saw it. Plays outside a touch are ambient and fill nothing.
 */
export function countExposure(plays: readonly CountedPlay[]): ExposureCounts {
  const atATouch = plays.filter((p) => p.touch !== null && p.billable);
  const worth = new Map<string, number>();
  for (const { touch, viewable, milliTouches } of atATouch) {
    if (touch !== null && viewable) worth.set(touch, Math.max(worth.get(touch) ?? 0, milliTouches));
  }
  const verifiedMilliTouches = [...worth.values()].reduce((a, b) => a + b, 0);
  return {
    rendered: atATouch.filter((p) => p.rendered).length,
    viewable: atATouch.filter((p) => p.viewable).length,
    completed: atATouch.filter((p) => p.completed).length,
    verified: Math.floor(verifiedMilliTouches / 1_000),
    verifiedMilliTouches,
    ambient: plays.filter((p) => p.touch === null).length,
  };
}

/**
 * True once a half-hour is final: it is over, and each terminal that was in service has closed it, so that no row of it can still come.
 * With nobody in service nothing can come either.
 */
export function isClosed(
  halfHourEnds: number,
  now: number,
  inService: readonly string[],
  closedBy: ReadonlySet<string>,
): boolean {
  return now >= halfHourEnds && inService.every((terminal) => closedBy.has(terminal));
}
