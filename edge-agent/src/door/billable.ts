import type { PersonClass, Unbillable, Via } from '@gatecast/firmware-protocol/messages';

/** A credential that comes again within this time brings no new touch to sell. */
export const repeatWithinMs = 30_000;

export interface Passage {
  readonly via: Via;
  /** Null where no credential was used. */
  readonly person: PersonClass | null;
  /** Who leaves by a reader is told from who comes home. */
  readonly side: 'entry' | 'exit';
  /** Since this credential last opened anything on this terminal; null for the first time. */
  readonly sinceLastMs: number | null;
  /** The fire line holds the doors open. */
  readonly fire: boolean;
  /** The door stands free for everybody. */
  readonly isFree: boolean;
}

/** Why nobody pays for this touch, or null: only a resident's or a visitor's own coming in is sold. */
export function unbillableReason({ via, person, side, sinceLastMs, fire, isFree }: Passage): Unbillable | null {
  if (fire || via === 'fire') return 'fire';
  if (via === 'exit' || side === 'exit') return 'exit-button';
  if (via === 'remote') return 'remote-opening';
  if (isFree) return 'free-passage';
  if (person !== null && person !== 'resident' && person !== 'visitor') return person;
  return sinceLastMs !== null && sinceLastMs < repeatWithinMs ? 'repeat' : null;
}
