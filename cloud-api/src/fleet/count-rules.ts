import type { FleetCounts } from './contract.ts';

/** Terminals that stand alike. */
export interface Standing {
  readonly status: 'unclaimed' | 'active' | 'revoked';
  /** Null: it never said anything. */
  readonly online: boolean | null;
  readonly doorOnline: boolean | null;
  readonly hasIssues: boolean;
  readonly n: number;
}

export const noCounts: FleetCounts = {
  online: 0,
  offline: 0,
  unclaimed: 0,
  doorFault: 0,
  withIssues: 0,
  revoked: 0,
};

export const addCounts = (a: FleetCounts, b: FleetCounts): FleetCounts => ({
  online: a.online + b.online,
  offline: a.offline + b.offline,
  unclaimed: a.unclaimed + b.unclaimed,
  doorFault: a.doorFault + b.doorFault,
  withIssues: a.withIssues + b.withIssues,
  revoked: a.revoked + b.revoked,
});

export const countsOf = (standings: readonly Standing[]): FleetCounts =>
  standings.reduce((sum, one) => addCounts(sum, countsOfOne(one)), noCounts);

function countsOfOne({ status, online, doorOnline, hasIssues, n }: Standing): FleetCounts {
  if (status !== 'active') return { ...noCounts, [status]: n };
  return {
    ...noCounts,
    [online ? 'online' : 'offline']: n,
    doorFault: online && !doorOnline ? n : 0,
    withIssues: hasIssues ? n : 0,
  };
}
