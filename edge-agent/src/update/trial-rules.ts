import { seconds } from '@gatecast/firmware-protocol';
import type { UpdateFault } from '@gatecast/firmware-protocol/messages';
import type { Trial } from './boot-state.ts';

/** What works of the agent, as the trial of a release looks at it. That its store opened is said by its running at all. */
export interface Vitals {
  /** Entrances whose door hardware answers. */
  readonly doors: readonly string[];
  /** The page is served. */
  readonly screen: boolean;
  readonly uplink: boolean;
}

/** Everything has to hold for so long in one piece. */
export const steadyMs = seconds(15);

/**
 * What does not work that worked before the switch; undefined: nothing. What was dead before need not come to life. An uplink that was there has to
 * come back: a release that cannot reach the cloud could never be mended from there.
 */
export function lackOf(before: Trial['before'], now: Vitals): UpdateFault | undefined {
  if (before.doors.some((entrance) => !now.doors.includes(entrance))) return 'door-silent';
  if (before.screen && !now.screen) return 'screen-not-served';
  if (before.uplink && !now.uplink) return 'uplink-lost';
  return undefined;
}
