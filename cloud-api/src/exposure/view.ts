import type { ReportedCell } from '../campaigns/cells.ts';
import type { BoughtHalfHour } from '../campaigns/service.ts';
import { unitOf } from '../inventory/products.ts';
import type { Exposure, LineItemExposure, PlacementExposure } from './contract.ts';
import { expectedPartPpm, milliOfLineItems, wholePpm } from './line-parts.ts';
import { placementOrder, type PlacementCounts, type Placements } from './placements.ts';
import { countsOf } from './reports.ts';
import { averageViewableMs, dropRatePpm, peopleIn } from './rules.ts';
import type { ReportRow } from './store.ts';

/** Earlier versions that are shown; all of them are kept. */
const earlierMax = 10;

export interface Shown {
  readonly bought: BoughtHalfHour;
  readonly communityName: string;
  /** The oldest first. */
  readonly reports: readonly ReportRow[];
  /** Of the half-hour, by line item in order. */
  readonly cells: readonly ReportedCell[];
}

/** What was bought, with the newest of its reports; without one it is open and no number is told. */
export function showReport({ bought, communityName, reports, cells }: Shown): Exposure {
  const { campaignId, communityId, at, touches, priceFen } = bought;
  const about = { campaignId, communityId, communityName, at, bookedTouches: touches, priceFen };
  const last = reports.at(-1);
  const lineItems = lineItemsOf(cells, last);
  if (!last) return { ...about, ...notYet, lineItems, filtered: [], earlier: [] };
  const counts = countsOf(last);
  return {
    ...about,
    state: 'closed',
    rendered: counts.rendered,
    viewable: counts.viewable,
    completed: counts.completed,
    verified: whole(last),
    verifiedMilliTouches: counts.verifiedMilliTouches,
    people: peopleIn(counts.people),
    ambient: counts.ambient,
    panelOn: counts.panelOn,
    averageViewableMs: averageViewableMs(counts),
    dropRatePpm: dropRatePpm(counts),
    placements: counts.placements && shownPlacements(counts.placements),
    lineItems,
    filtered: Object.entries(counts.filtered).map(([reason, plays]) => ({ reason, plays })),
    missingScreens: last.missing,
    version: last.version,
    restatedAt: last.version === 1 ? null : last.madeAt,
    earlier: reports
      .slice(0, -1)
      .slice(-earlierMax)
      .map((row) => ({ version: row.version, madeAt: row.madeAt, viewable: row.viewable, verified: whole(row) })),
  };
}

/** Rounded down, once a line. */
const whole = ({ verifiedMilliTouches }: Pick<ReportRow, 'verifiedMilliTouches'>): number =>
  Math.floor(verifiedMilliTouches / 1_000);

const shownPlacements = (placements: Placements): PlacementExposure[] =>
  placementOrder.flatMap((placement) => {
    const counts = placements[placement];
    return counts ? [shownPlacement(placement, counts)] : [];
  });

export const shownPlacement = (
  placement: PlacementExposure['placement'],
  counts: PlacementCounts,
): PlacementExposure => ({
  placement,
  rendered: counts.rendered,
  viewable: counts.viewable,
  completed: counts.completed,
  verified: whole(counts),
  verifiedMilliTouches: counts.verifiedMilliTouches,
});

function lineItemsOf(cells: readonly ReportedCell[], report: ReportRow | undefined): LineItemExposure[] {
  const byLineItem = [...Map.groupBy(cells, ({ bookingId }) => bookingId)];
  const milli =
    report &&
    milliOfLineItems(
      report,
      byLineItem.map(([, own]) => own),
    );
  return byLineItem.flatMap(([bookingId, [first]], n): LineItemExposure[] => {
    if (!first) return [];
    const { product, segment } = first;
    const about = { bookingId, segment };
    const got = milli?.[n] ?? 0;
    if (!report) return [{ ...about, ...noFigures }];
    if (unitOf(product) === 'people')
      return [{ ...about, expectedPartPpm: wholePpm, verifiedMilliTouches: 0, people: got / 1_000 }];
    return [{ ...about, expectedPartPpm: expectedPartPpm(report, segment), verifiedMilliTouches: got, people: null }];
  });
}

const noFigures = { expectedPartPpm: null, verifiedMilliTouches: null, people: null };

const notYet = {
  state: 'open',
  rendered: null,
  viewable: null,
  completed: null,
  verified: null,
  verifiedMilliTouches: null,
  people: null,
  ambient: null,
  panelOn: null,
  averageViewableMs: null,
  dropRatePpm: null,
  placements: null,
  missingScreens: null,
  version: null,
  restatedAt: null,
} as const satisfies Partial<Record<keyof Exposure, unknown>>;
