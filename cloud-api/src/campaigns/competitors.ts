import { halfHourMs, milliseconds, seconds, type DurationMs } from '@gatecast/firmware-protocol';
import type { PlanEntry } from '@gatecast/firmware-protocol/messages';
import type { Category } from '../content/categories.ts';

/** What somebody competes in, as far as anybody has said: the category of the clip. Nobody competes in what serves the public. */
export const tradeOf = (category: Category | null): string | null => (category === 'public-interest' ? null : category);

/** A campaign's part of one half-hour of one screen. */
export interface Claim {
  readonly advertiser: string;
  /** Null: it competes with nobody. */
  readonly trade: string | null;
  /** Touches that the screen owes it. */
  readonly owed: number;
}

export interface Spacing {
  /** Wished between competitors; 0: none. */
  readonly gapMs: DurationMs;
  /** Touches that the screen expects in the half-hour. */
  readonly expectedTouches: number;
}

/** Whether there is anybody to keep anybody away from. */
export function compete(claims: readonly Pick<Claim, 'advertiser' | 'trade'>[]): boolean {
  const first = new Map<string, string>();
  return claims.some(({ trade, advertiser }) => {
    if (trade === null) return false;
    const other = first.get(trade) ?? advertiser;
    first.set(trade, other);
    return other !== advertiser;
  });
}

/** What each of the claims on one half-hour of a screen has to keep away from. */
export function separations(claims: readonly Claim[], spacing: Spacing): PlanEntry['separation'][] {
  return claims.map(({ trade, advertiser }) => {
    if (trade === null) return null;
    const group = claims.filter((one) => one.trade === trade);
    if (!compete(group)) return null;
    const owed = group.reduce((sum, one) => sum + one.owed, 0);
    const ms = affordableGapMs(owed, spacing);
    return ms === 0 ? null : { group: trade, ms, advertiser };
  });
}

/** Steps of the gap, so that a forecast that has changed a little makes no new plan. */
const stepMs = seconds(5);

/**
 * As much of the wished gap as costs nobody what was paid for. At worst the group rests after each of its plays: n plays among T people who come at random
 * leave room for rests of `halfHour × (1/n − 1/T)` (throughput with a dead time). Half of that is taken, as neither the forecast nor people keep time.
 */
export function affordableGapMs(owed: number, { gapMs, expectedTouches }: Spacing): DurationMs {
  if (owed === 0) return gapMs;
  if (expectedTouches <= owed) return milliseconds(0);
  const room = (halfHourMs * (1 / owed - 1 / expectedTouches)) / 2;
  return milliseconds(Math.floor(Math.min(gapMs, room) / stepMs) * stepMs);
}
