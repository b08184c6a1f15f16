import { allocate, fen } from '@gatecast/firmware-protocol';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import type { ReportedCell } from '../campaigns/cells.ts';
import { unitOf } from '../inventory/products.ts';
import { peopleIn } from './rules.ts';
import type { ReportRow } from './store.ts';

type Reported = Pick<ReportRow, 'verifiedMilliTouches' | 'viewable' | 'people' | 'placements'>;

/**
 * What each line item has of a report, as delivery counted it, so that reports, bills and refunds say the same; until it has, as was planned. One that stops at
 * so many people has thousandths of those that it reached. `cells`: of each line item its own.
 */
export function milliOfLineItems(
  report: Pick<Reported, 'verifiedMilliTouches' | 'people'>,
  cells: readonly (readonly ReportedCell[])[],
): number[] {
  const ofTouches = cells.filter((own) => own.some(({ product }) => unitOf(product) === 'touches'));
  const touches = new Map(touchesOf(report, ofTouches).map((milli, n) => [ofTouches[n], milli]));
  return cells.map((own) => touches.get(own) ?? (report.people?.[own[0]?.bookingId ?? ''] ?? 0) * 1_000);
}

function touchesOf(
  { verifiedMilliTouches }: Pick<Reported, 'verifiedMilliTouches'>,
  cells: readonly (readonly ReportedCell[])[],
): number[] {
  const total = (of: readonly ReportedCell[], what: 'plannedMilli' | 'deliveredMilli') =>
    of.reduce((sum, cell) => sum + (cell[what] ?? 0), 0);
  const isCounted = cells.flat().every(({ deliveredMilli }) => deliveredMilli !== null);
  const counted = cells.map((of) => total(of, 'deliveredMilli'));
  const sum = counted.reduce((a, b) => a + b, 0);
  if (isCounted && sum === verifiedMilliTouches) return counted;
  return splitVerified(
    verifiedMilliTouches,
    cells.map((of) => total(of, 'plannedMilli')),
  );
}

/** What several line items of a campaign get of the touches of one half-hour: as they were planned. Whole milli-touches that add up. */
export function splitVerified(verifiedMilli: number, planned: readonly number[]): number[] {
  if (planned.length === 0) return [];
  const weights = planned.some((one) => one > 0) ? planned : planned.map(() => 1);
  return allocate(fen(verifiedMilli), weights);
}

/** Everybody: a touch counts wholly. */
export const wholePpm = 1_000_000;

/**
 * The part of a touch that is expected to be of a segment, on average over the touches that counted as a part: what counted wholly was sold to everybody. Of
 * two segments of one campaign in one half-hour it is the average of both. 0: no touch counted.
 */
export function expectedPartPpm(report: Reported, segment: Segment): number {
  if (segment === 'all') return wholePpm;
  if (report.placements === null) return partOfPlays(report);
  const there = Object.values(report.placements);
  const sum = (what: 'touches' | 'wholeTouches') => there.reduce((all, one) => all + one[what], 0);
  const touches = sum('touches');
  const parts = touches - sum('wholeTouches');
  // In a place where all are of the segment each touch is a whole one.
  if (parts === 0) return touches === 0 ? 0 : wholePpm;
  const milli = report.verifiedMilliTouches - sum('wholeTouches') * 1_000;
  return Math.round((milli * 1_000) / parts);
}

/** Of a report from before touches were counted: over the plays that counted. Those that reached people count no segment. */
function partOfPlays({ verifiedMilliTouches, viewable, people }: Reported): number {
  const touches = viewable - peopleIn(people ?? {});
  return touches <= 0 ? 0 : Math.min(wholePpm, Math.round((verifiedMilliTouches * 1_000) / touches));
}
