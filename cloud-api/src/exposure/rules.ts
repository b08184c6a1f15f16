import { hours } from '@gatecast/firmware-protocol';
import { notCounted, type NotCounted, type ReportedPlay, type Traffic } from './filter.ts';
import { countPlacements, placementOrder, worthOf, type Placements } from './placements.ts';

/** What a report says of the plays of one campaign in one half-hour of a community. */
export interface ExposureCounts {
  /** Three counters of plays at a touch, never mixed. */
  readonly rendered: number;
  readonly viewable: number;
  readonly completed: number;
  /** Verified touches; a whole one is 1,000. The counter of a contract, unless it says otherwise. */
  readonly verifiedMilliTouches: number;
  /** By line item that stops at so many people: those reached at a verified touch, which then is no touch of any other. */
  readonly people: Readonly<Record<string, number>>;
  /** Of the viewable plays, those with evidence that the panel was lit. */
  readonly panelOn: number;
  /** Plays with nobody there. */
  readonly ambient: number;
  /** Of all viewable plays together. */
  readonly shownMs: number;
  readonly framesPresented: number;
  readonly framesDropped: number;
  /** Plays at a touch that do not count, by reason. */
  readonly filtered: Readonly<Partial<Record<NotCounted, number>>>;
  /** The same by kind of door. Null: of a report from before it was kept. */
  readonly placements: Placements | null;
}

/**
 * Counts the plays of one campaign in one half-hour of a community. A verified exposure is a billable touch that saw the clip:
 * each touch counts once, however often it saw it. Plays outside a touch are ambient and fill nothing; what is filtered is in no counter but its own.
 */
export function countExposure(plays: readonly ReportedPlay[], traffic: Traffic): ExposureCounts {
  const reasons = notCounted(plays, traffic);
  const counted = plays.filter(({ id, touch }) => touch !== null && !reasons.has(id));
  const viewable = counted.filter((play) => play.viewable);
  const filtered: Partial<Record<NotCounted, number>> = {};
  for (const reason of [...reasons.values()].sort()) filtered[reason] = (filtered[reason] ?? 0) + 1;
  return {
    rendered: counted.filter((play) => play.rendered).length,
    viewable: viewable.length,
    completed: counted.filter((play) => play.completed).length,
    verifiedMilliTouches: sum([...worthOf(viewable).values()]),
    people: peopleOf(viewable),
    panelOn: viewable.filter(({ panel }) => panel === 'on').length,
    ambient: plays.filter(({ touch }) => touch === null).length,
    shownMs: sum(viewable.map((play) => play.shownMs)),
    framesPresented: sum(viewable.map((play) => play.framesPresented)),
    framesDropped: sum(viewable.map((play) => play.framesDropped)),
    filtered,
    placements: countPlacements(counted, traffic.touches),
  };
}

/** A touch is of one person, however often it saw the clip. */
function peopleOf(viewable: readonly ReportedPlay[]): Record<string, number> {
  const touches = new Map<string, Set<string | null>>();
  for (const { touch, reached } of viewable)
    if (typeof reached === 'string') touches.set(reached, (touches.get(reached) ?? new Set()).add(touch));
  return Object.fromEntries([...touches].map(([lineItem, { size }]) => [lineItem, size]));
}

/** All that were reached for any line item. */
export const peopleIn = (people: ExposureCounts['people']): number => sum(Object.values(people));

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** How long a viewable play was seen on average; null without one. */
export const averageViewableMs = ({ viewable, shownMs }: ExposureCounts): number | null =>
  viewable === 0 ? null : Math.round(shownMs / viewable);

/** Of all frames that were due in viewable plays, those that the browser dropped, in parts per million; null without a frame. */
export function dropRatePpm({ framesPresented, framesDropped }: ExposureCounts): number | null {
  const due = framesPresented + framesDropped;
  return due === 0 ? null : Math.round((framesDropped * 1_000_000) / due);
}

/** Whether a new report says anything else than the last one. One that did not tell the placements yet is not made again for them. */
export const saysTheSame = (last: ExposureCounts, now: ExposureCounts): boolean =>
  JSON.stringify(inOrder(last)) === JSON.stringify(inOrder(now)) &&
  (last.placements === null || JSON.stringify(placed(last.placements)) === JSON.stringify(placed(now.placements)));

const placed = (placements: ExposureCounts['placements']) =>
  placementOrder.map((placement) => Object.entries(placements?.[placement] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));

const inOrder = ({ filtered, people, placements: _placements, ...counts }: ExposureCounts) => [
  ...Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)),
  ...Object.entries(people).sort(([a], [b]) => (a < b ? -1 : 1)),
  ...Object.entries(filtered).sort(([a], [b]) => (a < b ? -1 : 1)),
];

/** Nobody is kept waiting for a report by a screen without a line; what it tells later restates it. */
export const reportAfterMs = hours(24);

/**
 * True once a half-hour is reported: it is over, and each terminal that was in service has closed it, so that no row of it can still come; or a day has gone
 * by since. With nobody in service nothing can come either.
 */
export function isClosed(
  halfHourEnds: number,
  now: number,
  inService: readonly string[],
  closedBy: ReadonlySet<string>,
): boolean {
  if (now < halfHourEnds) return false;
  return now >= halfHourEnds + reportAfterMs || inService.every((terminal) => closedBy.has(terminal));
}
