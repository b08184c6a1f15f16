import { after, days, halfHourMs, instant, minutes, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import { cellsOfReports } from '../campaigns/cells.ts';
import type { BoughtHalfHour, Campaigns } from '../campaigns/service.ts';
import type { Communities } from '../communities/service.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { readPlayRows } from '../plays/rows-read.ts';
import type { Plays } from '../plays/service.ts';
import type { Exposure, PlacementExposure } from './contract.ts';
import * as dayRows from './day-store.ts';
import { sumOldReports } from './old-reports.ts';
import { isDue, report, type ReportHook } from './reports.ts';
import { reportAfterMs } from './rules.ts';
import * as rows from './store.ts';
import { showReport, shownPlacement } from './view.ts';

export type { DaySums } from './day-sums.ts';
export type { ReportRow } from './store.ts';

export interface Exposures {
  /** What campaigns got in the half-hours that they bought, the latest first. */
  list(
    who: As<'operator' | 'merchant'>,
    query: Paging & {
      readonly campaignId?: string | undefined;
      /** Of the half-hours, half-open. */
      readonly from?: InstantMs | undefined;
      readonly to?: InstantMs | undefined;
    },
  ): Promise<Page<Exposure>>;
  /** Runs in the transaction that writes a report, or restates one. */
  onReport(hook: ReportHook): void;
  /** All versions of reports, the oldest first. */
  reports: typeof rows.reportsOf;
  /** Plays of a campaign that do not count, by half-hour and community, as the newest reports say. */
  notCounted: typeof rows.notCountedOf;
  silent: typeof rows.silentIn;
  /** What a campaign got by day and community; and in sums of these, as the newest reports of each moment say. */
  days: typeof dayRows.daysOf;
  sums: typeof dayRows.sumsOf;
  sumsBy: typeof dayRows.sumsBy;
  /** The same by kind of door: plays and touches, not to be added up as people. */
  byPlacement(q: Reads, query: dayRows.DaysQuery): Promise<PlacementExposure[]>;
}

export interface ExposureParts {
  readonly campaigns: Campaigns;
  readonly communities: Communities;
  readonly plays: Plays;
}

interface Reporting extends ExposureParts {
  readonly onReport: ReportHook;
}

export function createExposures(platform: Platform, given: ExposureParts): Exposures {
  const { store } = platform;
  const hooks: ReportHook[] = [];
  const onReport: ReportHook = async (q, row) => {
    for (const hook of hooks) await hook(q, row);
  };
  const parts = { ...given, onReport };
  reportClosings(platform, parts);
  reportDaily(platform, parts);
  sumOldReports(platform, given.communities);
  return {
    onReport: (hook) => void hooks.push(hook),
    notCounted: rows.notCountedOf,
    silent: rows.silentIn,
    reports: rows.reportsOf,
    days: dayRows.daysOf,
    sums: dayRows.sumsOf,
    sumsBy: dayRows.sumsBy,
    async byPlacement(q, query) {
      const sums = await dayRows.placementSums(q, query);
      return sums.map(({ placement, ...counts }) => shownPlacement(placement, counts));
    },
    async list(who, { limit = pageSizeDefault, ...query }) {
      const merchantId = who.role === 'merchant' ? who.merchantId : undefined;
      const bought = await parts.campaigns.bought(store.read, { ...query, merchantId }, limit + 1);
      const page = pageOf(
        bought,
        limit,
        (b) => [b.at, b.campaignId, b.communityId],
        (b) => b,
      );
      return { ...page, items: await show(platform, parts, page.items) };
    },
  };
}

async function show(platform: Platform, parts: Reporting, bought: readonly BoughtHalfHour[]): Promise<Exposure[]> {
  const { read } = platform.store;
  await reportOverdue(platform, parts, bought);
  const reports = await rows.reportsOf(read, bought);
  const names = new Map<string, string>();
  for (const id of new Set(bought.map((b) => b.communityId)))
    names.set(id, (await parts.communities.get(read, id)).name);
  const cells = Map.groupBy(await cellsOfReports(read, bought), rows.nameOf);
  return bought.map((one) => {
    const name = rows.nameOf(one);
    const communityName = names.get(one.communityId) ?? '';
    return showReport({
      bought: one,
      communityName,
      reports: reports.get(name) ?? [],
      cells: cells.get(name) ?? [],
    });
  });
}

const sweepEveryMs = minutes(10);
/** So far back the first sweep of a process looks: what was due while none ran. */
const firstLookBackMs = days(7);

/**
 * A half-hour is reported when its last screen closes it. Where none does, because a screen is away or there is none any more, it is reported a day after: from
 * then on that is what was told, and whatever comes later restates it.
 */
function reportDaily(platform: Platform, parts: Reporting): void {
  const { store, clock, jobs } = platform;
  let swept: InstantMs | undefined;
  jobs.handle('exposure.overdue', {
    everyMs: sweepEveryMs,
    leaseMs: seconds(30),
    renewsLease: true,
    async run(_payload, { signal }) {
      const to = instant(clock.now() - halfHourMs - reportAfterMs + 1);
      const from = instant(swept === undefined ? to - firstLookBackMs : swept - halfHourMs);
      const bought = await parts.campaigns.boughtBetween(store.read, { from, to });
      for (let i = 0; i < bought.length && !signal.aborted; i += perLook)
        await reportOverdue(platform, parts, bought.slice(i, i + perLook));
      if (!signal.aborted) swept = to;
    },
  });
}
/** Bought half-hours that are looked at together. */
const perLook = 100;

/** Reports those of the half-hours that are due and that no report is known of. */
async function reportOverdue(platform: Platform, parts: Reporting, bought: readonly rows.ReportKey[]): Promise<void> {
  const { store, clock } = platform;
  const known = await rows.reportsOf(store.read, bought);
  const unknown = bought.filter((b) => after(b.at, halfHourMs) <= clock.now() && !known.has(rows.nameOf(b)));
  if (unknown.length === 0) return;
  for (const [communityId, own] of Map.groupBy(unknown, (b) => b.communityId)) {
    const closing = await parts.plays.closing(store.read, communityId, spanOf(own));
    const due = new Set(own.map(({ at }) => at).filter((at) => isDue(closing, at, clock.now())));
    for (const at of due) await store.tx((q) => report(q, platform, parts, { communityId, at, closing }));
  }
}

function spanOf(bought: readonly rows.ReportKey[]): { readonly from: InstantMs; readonly to: InstantMs } {
  const starts = bought.map((b) => b.at);
  return { from: instant(Math.min(...starts)), to: after(instant(Math.max(...starts)), halfHourMs) };
}

/** A terminal closes a half-hour after every play of it: that is when a report can be made, or has to be made again. */
function reportClosings(platform: Platform, parts: Reporting): void {
  const { journal, clock } = platform;
  journal.on('play', async (q, { communityId, rows: arrived }) => {
    const halfHours = readPlayRows(arrived).known.flatMap((row) => (row.kind === 'half-hour' ? [row.body.at] : []));
    for (const at of new Set(halfHours)) {
      const closing = await parts.plays.closing(q, communityId, { from: at, to: after(at, halfHourMs) });
      if (isDue(closing, at, clock.now())) await report(q, platform, parts, { communityId, at, closing });
    }
  });
}
