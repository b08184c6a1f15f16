import { hours, seconds } from '@gatecast/firmware-protocol';
import type { DoorStanding } from '@gatecast/firmware-protocol/messages';

/** Nobody has been at the doors for so long. */
export const quietMs = seconds(20);
/** A door that stands open for so long is not about to be walked through. */
const patienceMs = hours(1);

/**
 * Whether the agent may be restarted for an update: never while the fire line is on, in a lockdown or while a lock is released, and not while somebody may be
 * passing. A door that is wedged open does not keep a release away for ever. `stillMs`: how long no door has changed.
 */
export function mayRestart(doors: readonly DoorStanding[], stillMs: number): boolean {
  return doors.every(({ state, mode }) => {
    if (mode === 'lockdown') return false;
    switch (state) {
      case 'fire-released':
      case 'released':
        return false;
      case 'open':
      case 'held-open':
      case 'forced':
        return stillMs >= patienceMs;
      case 'closed':
      case 'fault':
        return stillMs >= quietMs;
    }
  });
}
