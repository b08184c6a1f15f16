import { localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { Plan, Segment } from '@gatecast/firmware-protocol/messages';

/** What part of the people at the door belongs to each segment, in parts per million; `all` is everybody. */
export type AudienceShares = Readonly<Partial<Record<Segment, number>>>;

/**
 * The audience of the half-hour that holds `at`, from the counts in the plan.
 * Nobody's own segment is known: a touch belongs to a segment as an expected fraction.
 */
export function audienceShares(plan: Pick<Plan, 'audience' | 'zone'>, at: InstantMs): AudienceShares {
  const halfHour = Math.floor(localTime(at, plan.zone).minute / 30);
  const counts = plan.audience.find((a) => a.halfHour === halfHour)?.milliTouches ?? {};
  const known = Object.entries(counts).filter(([segment]) => segment !== 'all');
  const sum = known.reduce((total, [, count]) => total + count, 0);
  const shares = known.map(([segment, count]) => [segment, sum > 0 ? Math.floor((count * 1_000_000) / sum) : 0]);
  return { ...Object.fromEntries(shares), all: 1_000_000 };
}
