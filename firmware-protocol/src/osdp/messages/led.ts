import type { PayloadFault, PayloadReader } from './payload.ts';
import { u16Bytes } from './payload.ts';

/** In the order of their codes 0..7 (spec 6.12). */
export const LED_COLOURS = ['off', 'red', 'green', 'amber', 'blue', 'magenta', 'cyan', 'white'] as const;
export type LedColour = (typeof LED_COLOURS)[number];

/** Lit in `onColour` for `onMs`, then in `offColour` for `offMs`, and so on. Multiples of 100 ms, at most 25,500. */
export interface LedPattern {
  readonly onMs: number;
  readonly offMs: number;
  readonly onColour: LedColour;
  readonly offColour: LedColour;
}

/** A pattern for a while (`durationMs`, multiple of 100), or `'cancel'` to show the permanent pattern again. */
export type TemporaryLed = 'cancel' | (LedPattern & { readonly durationMs: number });

/** One record of an LED command; what is absent stays as it is. */
export interface LedControl {
  readonly reader: number;
  readonly led: number;
  readonly temporary?: TemporaryLed;
  readonly permanent?: LedPattern;
}

/** A pattern that simply shows `colour`. */
export function steady(colour: LedColour): LedPattern {
  return { onMs: 100, offMs: 0, onColour: colour, offColour: colour };
}

const TENTH_MS = 100;
const TEMPORARY = { none: 0, cancel: 1, set: 2 } as const;
const PERMANENT = { none: 0, set: 1 } as const;

/** The fourteen bytes of one record. */
export function encodeLed({ reader, led, temporary, permanent }: LedControl): number[] {
  return [reader, led, ...encodeTemporary(temporary), ...encodePermanent(permanent)];
}

function encodeTemporary(temporary: TemporaryLed | undefined): number[] {
  if (temporary === undefined || temporary === 'cancel') {
    return [temporary === undefined ? TEMPORARY.none : TEMPORARY.cancel, 0, 0, 0, 0, 0, 0];
  }
  const timer = Math.ceil(temporary.durationMs / TENTH_MS);
  return [TEMPORARY.set, ...encodePattern(temporary), ...u16Bytes(timer)];
}

function encodePermanent(permanent: LedPattern | undefined): number[] {
  return permanent === undefined ? [PERMANENT.none, 0, 0, 0, 0] : [PERMANENT.set, ...encodePattern(permanent)];
}

function encodePattern({ onMs, offMs, onColour, offColour }: LedPattern): number[] {
  const times = [onMs, offMs].map((duration) => Math.min(0xff, Math.ceil(duration / TENTH_MS)));
  return [...times, LED_COLOURS.indexOf(onColour), LED_COLOURS.indexOf(offColour)];
}

/** Reads one record; `'value'` for an unknown colour or control code, or a pattern that is neither on nor off. */
export function readLed(reader: PayloadReader): LedControl | Extract<PayloadFault, 'value'> {
  const place = { reader: reader.u8(), led: reader.u8() };
  const temporaryControl = reader.u8();
  const temporaryPattern = readPattern(reader);
  const durationMs = reader.u16() * TENTH_MS;
  const permanentControl = reader.u8();
  const permanentPattern = readPattern(reader);
  if (temporaryControl > TEMPORARY.set || permanentControl > PERMANENT.set) {
    return 'value';
  }
  if (temporaryControl === TEMPORARY.set && temporaryPattern === 'value') {
    return 'value';
  }
  if (permanentControl === PERMANENT.set && permanentPattern === 'value') {
    return 'value';
  }
  return {
    ...place,
    ...(temporaryControl === TEMPORARY.cancel && { temporary: 'cancel' as const }),
    ...(temporaryControl === TEMPORARY.set &&
      temporaryPattern !== 'value' && { temporary: { ...temporaryPattern, durationMs } }),
    ...(permanentControl === PERMANENT.set && permanentPattern !== 'value' && { permanent: permanentPattern }),
  };
}

function readPattern(reader: PayloadReader): LedPattern | 'value' {
  const onMs = reader.u8() * TENTH_MS;
  const offMs = reader.u8() * TENTH_MS;
  const onColour = LED_COLOURS[reader.u8()];
  const offColour = LED_COLOURS[reader.u8()];
  if (onColour === undefined || offColour === undefined || onMs + offMs === 0) {
    return 'value';
  }
  return { onMs, offMs, onColour, offColour };
}
