import { after, halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import type { Campaigns } from '../campaigns/service.ts';
import type { Community } from '../communities/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Closing, Plays } from '../plays/service.ts';
import { addToDay, dayOf } from './day-sums.ts';
import type { Traffic } from './filter.ts';
import { countExposure, isClosed, saysTheSame } from './rules.ts';
import * as rows from './store.ts';

export interface ReportParts {
  readonly campaigns: Pick<Campaigns, 'buyersOf'>;
  readonly communities: Zones;
  readonly plays: PlaysOf;
  /** Runs in the transaction that writes a report, or restates one. */
  readonly onReport: ReportHook;
}

/** Whose calendar the days of a community are. */
export interface Zones {
  get(q: Reads, communityId: string): Promise<Pick<Community, 'zone'>>;
}

interface PlaysOf extends Pick<Plays, 'of' | 'touches' | 'keptSince'> {
  readonly names: Pick<Plays['names'], 'of'>;
}

/** The newest report of one campaign in one half-hour of a community. */
export type ReportHook = (q: Tx, report: rows.ReportRow) => Promise<void>;

/** Whether a half-hour is to be reported now. */
export const isDue = (closing: Closing, at: InstantMs, now: InstantMs): boolean =>
  isClosed(after(at, halfHourMs), now, closing.inService(at), closing.closedBy(at));

/**
 * Writes what is known now of a half-hour that is due, a report for each campaign that bought it: the first version, or, if a report said otherwise, the next.
 * Merchants are told of each. Of a half-hour whose plays are no longer kept, what was told is the last word: whatever a screen still sends then is no whole.
 */
export async function report(
  q: Tx,
  { clock, events }: Pick<Platform, 'clock' | 'events'>,
  parts: ReportParts,
  { communityId, at, closing }: { readonly communityId: string; readonly at: InstantMs; readonly closing: Closing },
): Promise<void> {
  if (at < parts.plays.keptSince()) return;
  await lockReports(q, communityId);
  const buyers = await parts.campaigns.buyersOf(q, communityId, at);
  const merchants = new Map(buyers.map((b) => [b.campaignId, b.merchantId]));
  if (merchants.size === 0) return;
  const keys = [...merchants.keys()].map((campaignId) => ({ campaignId, communityId, at }));
  const known = await rows.reportsOf(q, keys);
  const plays = await parts.plays.of(
    q,
    keys.map((key) => ({ ...key, halfHour: at })),
  );
  const traffic = await trafficOf(q, parts.plays, communityId, at, plays);
  const closedBy = closing.closedBy(at);
  const missing = closing.inService(at).filter((terminal) => !closedBy.has(terminal)).length;
  const { zone } = await parts.communities.get(q, communityId);
  for (const key of keys) {
    const own = plays.filter(
      (p) => p.campaignId === key.campaignId && p.communityId === communityId && p.halfHour === at,
    );
    const counts = countExposure(own, traffic);
    const versions = known.get(rows.nameOf(key)) ?? [];
    const last = versions.at(-1);
    if (last && last.missing === missing && saysTheSame(countsOf(last), counts)) continue;
    const version = (last?.version ?? 0) + 1;
    const row = { ...key, version, madeAt: clock.now(), missing, ...counts, day: dayOf(versions, at, zone) };
    await rows.addReport(q, row);
    await addToDay(q, versions, row);
    await parts.onReport(q, row);
    const facts = { at, communityId, version };
    const merchantId = merchants.get(key.campaignId);
    await events.emit(q, { type: 'half-hour', subject: key.campaignId, facts, ...(merchantId && { merchantId }) });
  }
}

/** Serialises whatever is reported of a community, and the sums of it. */
export const lockReports = (q: Tx, communityId: string): Promise<void> => q.lock(`exposure-report|${communityId}`);

/** The counts of a report, without what it is a report of. */
export function countsOf(row: rows.ReportRow) {
  const {
    campaignId: _c,
    communityId: _p,
    at: _at,
    version: _v,
    madeAt: _m,
    missing: _missing,
    day: _day,
    people,
    ...counts
  } = row;
  return { ...counts, people: people ?? {} };
}

async function trafficOf(
  q: Reads,
  plays: PlaysOf,
  communityId: string,
  at: InstantMs,
  played: readonly { readonly clip: string }[],
): Promise<Traffic> {
  const names = await plays.names.of(
    q,
    played.map(({ clip }) => clip),
  );
  return { touches: await plays.touches(q, communityId, at), knownClips: new Set(names.keys()) };
}
