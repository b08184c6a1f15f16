/** A device that has not answered within this, from the end of the command on the wire, has not heard it (spec 5.7). */
export const REPLY_WINDOW_MS = 200;
/** All that a dead device may cost the others. Live devices answer in 0.2 to 20 ms. */
export const PROBE_WINDOW_MS = 40;
/** A device that has missed this many answers in a row only gets the probe window. */
export const MISSES_BEFORE_PROBE_WINDOW = 2;
/** How long such a device is left in peace before the same bytes go out again. */
export const SILENT_REPEAT_MS = 200;
/** Silence after which a device is offline (spec 5.7). */
export const OFFLINE_AFTER_MS = 8_000;
/** How often an offline device is asked whether it is back. */
export const PROBE_INTERVAL_MS = 1_000;
/** Between two probes of different offline devices, so that the live ones have the bus for most of the time. */
export const PROBE_SPACING_MS = 100;
/** How long a probe waits for a gap between two polls that it fits into, before it makes one. */
export const PROBE_PATIENCE_MS = 500;
/**
 * After a key or a card somebody stands at the door: for so long its device is polled as fast as the wire allows, and no offline
 * device is probed.
 */
export const DOOR_BUSY_MS = 5_000;
/** Between two polls of an idle device. */
export const IDLE_POLL_MS = 50;
/** Before a command is repeated to a device that said BUSY. */
export const BUSY_REPEAT_MS = 40;
/** A device may be busy with one command so many times before the panel gives that command up. */
export const BUSY_REPEATS_MAX = 50;
/**
 * Longest pause inside one frame. The specification says 20 ms (5.8), but USB adapters deliver in clumps with gaps of up to 110 ms
 * as measured by OSDP-Embedded, and cutting a good frame costs more than waiting.
 */
export const INTER_CHARACTER_MS = 150;
/**
 * The soonest that a question may be repeated: a receiver that has taken a damaged length for true waits for the rest of that frame, and
 * repeats without a pause longer than {@link INTER_CHARACTER_MS} between them are the rest to it.
 */
export const REPEAT_MS_MIN = INTER_CHARACTER_MS + 10;
/** Ordinary commands that may wait for one device. */
export const COMMAND_QUEUE_MAX = 32;
/** Urgent commands that may wait for one device. */
export const URGENT_QUEUE_MAX = 8;

const BITS_PER_CHARACTER = 10;

/** How long `bytes` characters of 8N1 take at `baud`. */
export function wireTimeMs(bytes: number, baud: number): number {
  return (bytes * BITS_PER_CHARACTER * 1000) / baud;
}

/** Idle characters that the specification wants between two messages (5.9.1). */
const IDLE_CHARACTERS = 2;
/** Shorter pauses than this are lost in the delivery time of any serial driver, and a timer could not keep them anyway. */
const TIMER_STEP_MS = 1;

/** How long the line must have been silent before the next command. */
export function idleBeforeCommandMs(baud: number): number {
  const idleMs = wireTimeMs(IDLE_CHARACTERS, baud);
  return idleMs < TIMER_STEP_MS ? 0 : idleMs;
}
