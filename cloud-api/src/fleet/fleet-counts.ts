import { setImmediate as nextTurn } from 'node:timers/promises';
import { seconds, type InstantMs } from '@gatecast/firmware-protocol';
import { healthIssue, type HealthIssue } from '@gatecast/firmware-protocol/messages';
import type { Communities } from '../communities/service.ts';
import type { Platform } from '../platform/platform.ts';
import type { FleetCounts, FleetState, FleetSummary } from './contract.ts';
import * as rows from './count-store.ts';
import { addCounts, countsOf, noCounts } from './count-rules.ts';
import type { FleetFilter } from './list-store.ts';

/** A count serves everybody who asks within a second; one that took long, for longer, so that a large fleet costs a twentieth of a core at most. */
const freshLeastMs = seconds(1);
const freshMostMs = seconds(10);
const restFactor = 20;
/** Communities counted in one turn of the loop: about a thousand terminals. */
const communitiesAtOnce = 100;

/** One community of the fleet as it was counted. */
export interface CountedCommunity extends rows.PlacedCommunity {
  readonly companyName: string;
  readonly counts: FleetCounts;
  readonly versions: ReadonlyMap<string, number>;
  readonly issues: ReadonlyMap<HealthIssue, number>;
}

/** The whole fleet, by the name of the community. */
export interface CountedFleet {
  readonly at: InstantMs;
  readonly communities: readonly CountedCommunity[];
}

export interface FleetCounter {
  /** Ten seconds old at most. */
  now(): Promise<CountedFleet>;
}

/** Counts the fleet in pieces, so that no turn of the loop takes long, and once for all who ask at the same time. */
export function createFleetCounter({ store, clock }: Platform, communities: Communities): FleetCounter {
  let counted: { until: number; readonly fleet: Promise<CountedFleet> } | undefined;

  const count = async (): Promise<CountedFleet> => {
    const q = store.read;
    const at = clock.now();
    const places = await rows.placedCommunities(q);
    const names = await communities.companyNames(q, [...new Set(places.map(({ companyId }) => companyId))]);
    const all: CountedCommunity[] = [];
    for (let from = 0; from < places.length; from += communitiesAtOnce) {
      const batch = places.slice(from, from + communitiesAtOnce);
      const ids = batch.map(({ id }) => id);
      const standings = Map.groupBy(await rows.standingsIn(q, ids), ({ communityId }) => communityId);
      const issues = Map.groupBy(await rows.issuesIn(q, ids), ({ communityId }) => communityId);
      for (const place of batch) {
        const own = standings.get(place.id) ?? [];
        all.push({
          ...place,
          companyName: names.get(place.companyId) ?? '',
          counts: countsOf(own),
          versions: sums(
            own.flatMap(({ status, version, n }) => (status === 'active' && version ? [[version, n]] : [])),
          ),
          issues: sums((issues.get(place.id) ?? []).map(({ issue, n }) => [issue, n])),
        });
      }
      await nextTurn();
    }
    return { at, communities: all };
  };

  return {
    now() {
      if (counted && clock.mono() < counted.until) return counted.fleet;
      const began = clock.mono();
      const mine = { until: Infinity, fleet: count() };
      counted = mine;
      mine.fleet.then(
        () => {
          const tookMs = clock.mono() - began;
          mine.until = clock.mono() + Math.min(Math.max(restFactor * tookMs, freshLeastMs), freshMostMs);
        },
        // A count that failed serves nobody else.
        () => void (mine.until = 0),
      );
      return mine.fleet;
    },
  };
}

/** The sums of what somebody may see. */
export function summaryOf({ at, communities }: CountedFleet): FleetSummary {
  const companies = Map.groupBy(communities, ({ companyId }) => companyId);
  const versions = sums(communities.flatMap((one) => [...one.versions]));
  const issues = sums(communities.flatMap((one) => [...one.issues]));
  return {
    at,
    counts: total(communities),
    versions: [...versions]
      .map(([version, terminals]) => ({ version, terminals }))
      .toSorted((a, b) => b.terminals - a.terminals),
    issues: healthIssue.options.flatMap((issue) => {
      const terminals = issues.get(issue);
      return terminals === undefined ? [] : [{ issue, terminals }];
    }),
    companies: [...companies]
      .map(([id, own]) => ({
        id,
        name: own[0]?.companyName ?? '',
        communities: own.length,
        counts: total(own),
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name, 'zh') || (a.id < b.id ? -1 : 1)),
  };
}

/** More communities than these are no help in finding a terminal. */
const narrowMax = 500;

/** The communities in which terminals that fit can be; undefined: so many that looking through all finds some soon. */
export function communitiesWith({ communities }: CountedFleet, filter: FleetFilter): readonly string[] | undefined {
  const { companyId, communityId, state, issue, version } = filter;
  const fitting = communities.filter(
    (one) =>
      (companyId === undefined || one.companyId === companyId) &&
      (communityId === undefined || one.id === communityId) &&
      (state === undefined || one.counts[countOf[state]] > 0) &&
      (issue === undefined || one.issues.has(issue)) &&
      (version === undefined || one.versions.has(version)),
  );
  return fitting.length > narrowMax ? undefined : fitting.map(({ id }) => id);
}

const countOf: Readonly<Record<FleetState, keyof FleetCounts>> = {
  online: 'online',
  offline: 'offline',
  unclaimed: 'unclaimed',
  revoked: 'revoked',
  'door-fault': 'doorFault',
  issue: 'withIssues',
};

const total = (communities: readonly CountedCommunity[]): FleetCounts =>
  communities.reduce((sum, { counts }) => addCounts(sum, counts), noCounts);

function sums<K>(pairs: readonly (readonly [K, number])[]): ReadonlyMap<K, number> {
  const all = new Map<K, number>();
  for (const [key, n] of pairs) all.set(key, (all.get(key) ?? 0) + n);
  return all;
}
