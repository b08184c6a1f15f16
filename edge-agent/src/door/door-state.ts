import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import { emptyBuffer, type KeyBuffer } from './typed-code.ts';

/** How long after its release a door may start to move: people are slow. */
const graceMs = 3_000;

/** What the agent knows of one door between two events. Monotonic times in ms. */
export interface DoorState {
  config: DoorConfig;
  typed: KeyBuffer;
  /** Until then an opening leaf is no surprise. */
  releasedUntil: number;
  fire: boolean;
  typingTimer: NodeJS.Timeout | undefined;
  heldTimer: NodeJS.Timeout | undefined;
}

export const newDoorState = (config: DoorConfig): DoorState => ({
  config,
  typed: emptyBuffer,
  releasedUntil: 0,
  fire: false,
  typingTimer: undefined,
  heldTimer: undefined,
});

export function expectLeaf(door: DoorState, mono: number, pulseMs: number): void {
  door.releasedUntil = Math.max(door.releasedUntil, mono + pulseMs + graceMs);
}

/** True if a leaf that opens now was released by nobody. */
export const isForced = (door: DoorState, mono: number): boolean => !door.fire && mono > door.releasedUntil;

/** Other wires tell of other things: what they have not told yet is not known. */
export function forgetInputs(door: DoorState): void {
  clearTimeout(door.heldTimer);
  door.fire = false;
}

export function stopTimers(door: DoorState): void {
  clearTimeout(door.typingTimer);
  clearTimeout(door.heldTimer);
}
