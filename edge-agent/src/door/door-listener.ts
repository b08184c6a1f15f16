import type { Id, InstantMs, DurationMs } from '@gatecast/firmware-protocol';
import type {
  DoorConfig,
  OwnGroup,
  Placement,
  Refusal,
  TouchEvent,
  Unbillable,
} from '@gatecast/firmware-protocol/messages';

/** What people do where they stop at the screen: a lift is called, a door is opened. */
export const eventAt = ({ lift }: Pick<DoorConfig, 'lift'>): TouchEvent => (lift ? 'lift-call' : 'opening');

/**
 * Somebody was let in: the start of a touch. It names no credential, so that the player cannot know who it was; only those who asked for it are known by
 * names at random, one a purpose, which never leave the terminal again.
 */
export interface Opening {
  readonly touch: Id<'touch'>;
  readonly entrance: string;
  readonly placement: Placement;
  readonly event: TouchEvent;
  /** Null: a billable touch. */
  readonly unbillable: Unbillable | null;
  /** Of an adult resident who opted in; null for everybody else. */
  readonly pseudonym: string | null;
  /** Of the same: to which group they said that they belong; null where they did not. */
  readonly group: OwnGroup | null;
  /** Of an adult resident who wants a word when something waits for them; null for everybody else. */
  readonly noticeName: string | null;
  readonly startedAt: InstantMs;
  readonly startedMono: DurationMs;
  /** A lift whose doors have a contact: what ends the wait will be told. */
  readonly tellsArrival: boolean;
}

/** What the screen may learn of the door. Called synchronously after the relay; must not throw and must not wait. */
export interface DoorListener {
  opened(opening: Opening): void;
  refused(entrance: string, reason: Refusal): void;
  /** Somebody at the door has called for help, and the property is told. */
  help(entrance: string): void;
  /** The door leaf moved. */
  contact(entrance: string, open: boolean): void;
  /** How many characters stand in the reader's buffer: dots on the screen, never digits. */
  typing(entrance: string, characters: number): void;
  /** A list is in force: these pseudonyms are all there are. Whatever is kept of others is to be forgotten. */
  optedIn(pseudonyms: ReadonlySet<string>): void;
}
