/** Start, eight data bits, parity or a second stop bit, stop (Modbus over serial line V1.02, 2.5.1). */
const BITS_PER_CHARACTER = 11;

/** How long `bytes` characters take at `baud`. */
export function rtuWireTimeMs(bytes: number, baud: number): number {
  return (bytes * BITS_PER_CHARACTER * 1_000) / baud;
}

/** Above this speed the silence between frames is fixed (2.5.1.1). */
const FIXED_SILENCE_ABOVE_BAUD = 19_200;
const FIXED_SILENCE_MS = 1.75;

/** The silence t3.5 that ends a frame and must come before the next. */
export function silenceMs(baud: number): number {
  return baud > FIXED_SILENCE_ABOVE_BAUD ? FIXED_SILENCE_MS : rtuWireTimeMs(3.5, baud);
}

/** A unit whose answer has not begun within this, from the end of the request on the wire, has not heard it. Boards answer in 2 to 40 ms. */
export const ANSWER_WINDOW_MS = 300;
/** For a unit that was heard answering after its window. */
export const SLOW_ANSWER_WINDOW_MS = 1_000;
/** All that a silent unit may cost the others. */
export const PROBE_WINDOW_MS = 60;
/** A unit that has missed this many answers in a row only gets the probe window. */
export const MISSES_BEFORE_PROBE_WINDOW = 2;
/** How long such a unit is left in peace before it is asked again. */
export const SILENT_REPEAT_MS = 200;
/** Silence after which a unit is offline, as on the OSDP bus. */
export const UNIT_OFFLINE_AFTER_MS = 8_000;
/** How often an offline unit is asked whether it is back. */
export const PROBE_INTERVAL_MS = 1_000;
/** After a probe in vain, before that of another offline unit: the live ones have the line for most of the time. */
export const PROBE_SPACING_MS = 200;
/** Longest pause inside one answer: USB adapters deliver in clumps with gaps of up to 110 ms. */
export const INTER_CHARACTER_MS = 150;
/** Before an order is repeated to a unit that is busy (exception 06). */
export const BUSY_REPEAT_MS = 40;
export const BUSY_REPEATS_MAX = 50;
/** How often one order goes out at most while its answers are missing. */
export const TRIES_MAX = 8;
/** Orders that may wait for one unit: all floors of a lift at once, and what opens a door. */
export const UNIT_QUEUE_MAX = 80;
