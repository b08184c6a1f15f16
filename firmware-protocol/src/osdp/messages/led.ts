import type { PayloadFault, PayloadReader } from './payload.ts';
import { PayloadWriter, TENTH_MS } from './payload.ts';

/** In the order of their codes 0..7 (spec 6.12). */
export const LED_COLOURS = ['off', 'red', 'green', 'amber', 'blue', 'magenta', 'cyan', 'white'] as const;
export type LedColour = (typeof LED_COLOURS)[number];

/**
 * Lit in `onColour` for `onMs`, then in `offColour` for `offMs`, and so on. Rounded up to multiples of 100 ms, at most 25,500,
 * and not both zero.
 */
export interface LedPattern {
  readonly onMs: number;
  readonly offMs: number;
  readonly onColour: LedColour;
  readonly offColour: LedColour;
}

/** A pattern for a while (`durationMs`, rounded up to a multiple of 100), or `'cancel'` to show the permanent pattern again. */
export type TemporaryLed = 'cancel' | (LedPattern & { readonly durationMs: number });

/** One record of an LED command; what is absent stays as it is. */
export interface LedControl {
  readonly reader: number;
  readonly led: number;
  readonly temporary?: TemporaryLed;
  readonly permanent?: LedPattern;
}

export interface LedCommand {
  readonly kind: 'led';
  readonly leds: readonly LedControl[];
}

/** A pattern that simply shows `colour`. */
export function steady(colour: LedColour): LedPattern {
  return { onMs: 100, offMs: 0, onColour: colour, offColour: colour };
}

const LED_BYTES = 14;
const TEMPORARY = { none: 0, cancel: 1, set: 2 } as const;
const PERMANENT = { none: 0, set: 1 } as const;
/** Stands in the fields that a control code of 0 or 1 leaves unread. */
const UNREAD: LedPattern = { onMs: 0, offMs: 0, onColour: 'off', offColour: 'off' };

/** Fourteen bytes a record. */
export function encodeLeds(leds: readonly LedControl[]): Uint8Array {
  if (leds.length === 0) {
    throw new RangeError('LED needs at least one record');
  }
  const writer = new PayloadWriter(leds.length * LED_BYTES);
  for (const { reader, led, temporary, permanent } of leds) {
    writer.u8('reader', reader).u8('LED', led);
    writeTemporary(writer, temporary);
    writer.u8('permanent control', permanent === undefined ? PERMANENT.none : PERMANENT.set);
    writePattern(writer, permanent);
  }
  return writer.data;
}

function writeTemporary(writer: PayloadWriter, temporary: TemporaryLed | undefined): void {
  if (temporary === undefined || temporary === 'cancel') {
    writer.u8('temporary control', temporary === undefined ? TEMPORARY.none : TEMPORARY.cancel);
    writePattern(writer, undefined);
    writer.tenths16('LED time', 0);
  } else {
    writer.u8('temporary control', TEMPORARY.set);
    writePattern(writer, temporary);
    writer.tenths16('LED time', temporary.durationMs);
  }
}

function writePattern(writer: PayloadWriter, pattern: LedPattern | undefined): void {
  const { onMs, offMs, onColour, offColour } = pattern ?? UNREAD;
  if (pattern !== undefined && onMs + offMs === 0) {
    throw new RangeError('an LED pattern is lit or dark for some time: both times are 0');
  }
  writer.tenths8('LED on time', onMs).tenths8('LED off time', offMs);
  writer.u8('LED colour', LED_COLOURS.indexOf(onColour)).u8('LED colour', LED_COLOURS.indexOf(offColour));
}

/** `'value'` for an unknown colour or control code, or a pattern that is neither on nor off. */
export function readLeds(reader: PayloadReader): LedCommand | PayloadFault {
  if (reader.remaining === 0 || reader.remaining % LED_BYTES !== 0) {
    return 'length';
  }
  const leds: LedControl[] = [];
  while (reader.remaining > 0) {
    const led = readLed(reader);
    if (led === 'value') {
      return led;
    }
    leds.push(led);
  }
  return { kind: 'led', leds };
}

function readLed(reader: PayloadReader): LedControl | 'value' {
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
