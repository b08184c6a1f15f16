import type { InstantMs } from '@gatecast/firmware-protocol';
import { sql } from 'drizzle-orm';
import { localDateOf } from '../audience/local-day.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { peopleIn } from './rules.ts';
import { placementOrder, type PlacementCounts } from './placements.ts';
import type { ReportRow } from './store.ts';

export type DayRow = Reads['t']['exposureDays']['$inferSelect'];
/** What adds up over days and communities. */
export type DaySums = Omit<DayRow, 'campaignId' | 'communityId' | 'day'>;

export const summed = [
  'halfHours',
  'silentHalfHours',
  'rendered',
  'viewable',
  'completed',
  'verifiedMilliTouches',
  'people',
  'panelOn',
  'ambient',
  'filtered',
] as const satisfies readonly (keyof DaySums)[];

export const noSums: DaySums = {
  halfHours: 0,
  silentHalfHours: 0,
  rendered: 0,
  viewable: 0,
  completed: 0,
  verifiedMilliTouches: 0,
  people: 0,
  panelOn: 0,
  ambient: 0,
  filtered: 0,
};

export const placementSummed = [
  'rendered',
  'viewable',
  'completed',
  'touches',
  'wholeTouches',
  'verifiedMilliTouches',
] as const satisfies readonly (keyof PlacementCounts)[];
const nothing: PlacementCounts = {
  rendered: 0,
  viewable: 0,
  completed: 0,
  touches: 0,
  wholeTouches: 0,
  verifiedMilliTouches: 0,
};

/** What the newest report of a half-hour is in the sums of its day. */
export const sumsOfReport = (row: Omit<ReportRow, 'day'>): DaySums => ({
  halfHours: 1,
  silentHalfHours: row.missing > 0 ? 1 : 0,
  rendered: row.rendered,
  viewable: row.viewable,
  completed: row.completed,
  verifiedMilliTouches: row.verifiedMilliTouches,
  people: peopleIn(row.people ?? {}),
  panelOn: row.panelOn,
  ambient: row.ambient,
  filtered: Object.values(row.filtered).reduce((sum, plays) => sum + plays, 0),
});

/** The version of a half-hour's reports that is in the sums: the newest of a program that keeps them. */
const summedOf = (versions: readonly ReportRow[]): ReportRow | undefined =>
  versions.findLast(({ day }) => day !== null);

/** A half-hour stays in the day that it was first summed in, also where a community's zone was set anew since. */
export const dayOf = (versions: readonly ReportRow[], at: InstantMs, zone: string): string =>
  summedOf(versions)?.day ?? localDateOf(at, zone);

/** Puts a new report into the sums in place of the version before. `versions`: those before, the oldest first. */
export async function addToDay(
  q: Tx,
  versions: readonly ReportRow[],
  report: ReportRow & { readonly day: string },
): Promise<void> {
  const before = summedOf(versions);
  const [then, now] = [before ? sumsOfReport(before) : noSums, sumsOfReport(report)];
  const t = q.t.exposureDays;
  const { campaignId, communityId, day } = report;
  const more = Object.fromEntries(summed.map((name) => [name, now[name] - then[name]])) as Record<
    keyof DaySums,
    number
  >;
  const set = Object.fromEntries(summed.map((name) => [name, sql`${t[name]} + ${more[name]}`]));
  await q
    .insert(t)
    .values({ campaignId, communityId, day, ...more })
    .onConflictDoUpdate({ target: [t.campaignId, t.day, t.communityId], set });
  await addPlacements(q, before, report);
}

async function addPlacements(
  q: Tx,
  before: ReportRow | undefined,
  { campaignId, communityId, day, placements }: ReportRow & { readonly day: string },
): Promise<void> {
  const t = q.t.exposureDayPlacements;
  for (const placement of placementOrder) {
    const [then, now] = [before?.placements?.[placement] ?? nothing, placements?.[placement] ?? nothing];
    const more = Object.fromEntries(
      placementSummed.map((name) => [name, now[name] - then[name]]),
    ) as unknown as PlacementCounts;
    if (placementSummed.every((name) => more[name] === 0)) continue;
    const set = Object.fromEntries(placementSummed.map((name) => [name, sql`${t[name]} + ${more[name]}`]));
    await q
      .insert(t)
      .values({ campaignId, communityId, day, placement, ...more })
      .onConflictDoUpdate({ target: [t.campaignId, t.day, t.communityId, t.placement], set });
  }
}
