import { unitOf } from '../inventory/products.ts';
import { cellsOfReport, noteDelivered, type ReportedCell } from '../campaigns/cells.ts';
import type { ReportRow } from '../exposure/service.ts';
import type { Tx } from '../platform/db/store.ts';

export interface AttributedCell {
  readonly plannedMilli: number;
}

/**
 * Divides what a campaign got in one half-hour of a community among the cells that it had there, as much to each as was planned of it, in whole milli-touches
 * that add up; evenly where nothing was planned any more.
 */
export function attribute(verifiedMilli: number, cells: readonly AttributedCell[]): number[] {
  const planned = cells.map(({ plannedMilli }) => plannedMilli);
  const weights = planned.some((milli) => milli > 0) ? planned : cells.map(() => 1);
  const sum = weights.reduce((a, b) => a + b, 0);
  let left = verifiedMilli;
  return weights.map((weight, n) => {
    const part = n === weights.length - 1 ? left : Math.min(left, Math.round((verifiedMilli * weight) / sum));
    left -= part;
    return part;
  });
}

type Reported = Pick<ReportRow, 'campaignId' | 'communityId' | 'at' | 'verifiedMilliTouches'> &
  Partial<Pick<ReportRow, 'people'>>;

/** What each cell gets of a report: one of a line item that counts people thousandths of those that it reached, the others their part of the touches. */
export function partsOf(
  { verifiedMilliTouches, people }: Pick<Reported, 'verifiedMilliTouches' | 'people'>,
  cells: readonly Pick<ReportedCell, 'bookingId' | 'product' | 'plannedMilli'>[],
): number[] {
  const ofTouches = cells.filter(({ product }) => unitOf(product) === 'touches');
  const touches = new Map(attribute(verifiedMilliTouches, ofTouches).map((milli, n) => [ofTouches[n], milli]));
  return cells.map((cell) => touches.get(cell) ?? (people?.[cell.bookingId] ?? 0) * 1_000);
}

/** What a report says goes to the cells that it is of; one that restates another takes its place. */
export async function noteReport(q: Tx, report: Reported): Promise<void> {
  const cells = await cellsOfReport(q, report);
  const parts = partsOf(report, cells);
  for (const [n, cell] of cells.entries())
    if (cell.deliveredMilli !== parts[n]) await noteDelivered(q, cell, parts[n] ?? 0);
}
