import type { FleetCounts, FleetState } from '@gatecast/cloud-api/client';

const names: Readonly<Record<FleetState, keyof FleetCounts>> = {
  online: 'online',
  offline: 'offline',
  issue: 'withIssues',
  'door-fault': 'doorFault',
  unclaimed: 'unclaimed',
  revoked: 'revoked',
};
const always: readonly FleetState[] = ['online', 'offline', 'issue'];

export const countOf = (counts: FleetCounts, state: FleetState): number => counts[names[state]];

/** What is always to be seen, and what there is any of. */
export const shownStates = (counts: FleetCounts): readonly FleetState[] =>
  (Object.keys(names) as FleetState[]).filter((state) => always.includes(state) || countOf(counts, state) > 0);

/** Whether somebody has to look at a place. */
export const isTroubled = ({ offline, doorFault, withIssues }: FleetCounts): boolean =>
  offline + doorFault + withIssues > 0;

/** Those that are in service or will be. */
export const totalOf = ({ online, offline, unclaimed }: FleetCounts): number => online + offline + unclaimed;
