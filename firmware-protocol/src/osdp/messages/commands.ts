import { COMMAND_CODE } from './codes.ts';
import { NO_DATA } from '../frame/frame.ts';
import type { LedControl } from './led.ts';
import { encodeLed, readLed } from './led.ts';
import type { PayloadFault } from './payload.ts';
import { PayloadReader, asciiBytes, asciiText, u16Bytes, u32Bytes } from './payload.ts';

/**
 * What an output is told (spec 6.11, control codes 0..6). The `permanent…` pair stops a running timer, the `…AfterTimer`
 * pair takes effect when it has run out. `pulseOn` and `pulseOff` are timed by the device itself and then fall back to
 * the permanent state: a door pulse stays safe when the panel dies.
 */
export type OutputAction =
  | 'none'
  | 'permanentOff'
  | 'permanentOn'
  | 'offAfterTimer'
  | 'onAfterTimer'
  | 'pulseOn'
  | 'pulseOff';

const OUTPUT_ACTIONS: readonly OutputAction[] = [
  'none',
  'permanentOff',
  'permanentOn',
  'offAfterTimer',
  'onAfterTimer',
  'pulseOn',
  'pulseOff',
];

/** `durationMs` is only for the two pulses: a multiple of 100, at most {@link PULSE_MS_MAX}. */
export interface OutputControl {
  readonly output: number;
  readonly action: OutputAction;
  readonly durationMs: number;
}

/** 65,535 units of 100 ms. */
export const PULSE_MS_MAX = 6_553_500;

/** `tone`: 1 off, 2 default. `count` 0 repeats until told otherwise. Times are multiples of 100 ms. */
export interface BuzzerControl {
  readonly reader: number;
  readonly tone: number;
  readonly onMs: number;
  readonly offMs: number;
  readonly count: number;
}

/** `command`: 1/2 permanent without/with wrap, 3/4 the same for `seconds`. Row and column count from 1. */
export interface TextControl {
  readonly reader: number;
  readonly command: number;
  readonly seconds: number;
  readonly row: number;
  readonly column: number;
  readonly text: string;
}

export type Command =
  | { readonly kind: 'poll' | 'id' | 'cap' | 'lstat' | 'istat' | 'ostat' | 'rstat' }
  | { readonly kind: 'out'; readonly outputs: readonly OutputControl[] }
  | { readonly kind: 'led'; readonly leds: readonly LedControl[] }
  | ({ readonly kind: 'buz' } & BuzzerControl)
  | ({ readonly kind: 'text' } & TextControl)
  | { readonly kind: 'comset'; readonly address: number; readonly baud: number };

export type CommandKind = Command['kind'];

/** Code and data of a message, as they stand in a frame. */
export interface Payload {
  readonly code: number;
  readonly data: Uint8Array;
}

const TENTH_MS = 100;
const OUTPUT_BYTES = 4;
const LED_BYTES = 14;
/** ID and CAP ask for the standard report: one zero byte (spec 6.3, 6.4). */
const STANDARD_REPORT = Uint8Array.of(0);

/** Data of a command. Values beyond a field's width are cut to it; times are rounded up to 100 ms. */
export function encodeCommand(command: Command): Payload {
  return { code: COMMAND_CODE[command.kind], data: commandData(command) };
}

function commandData(command: Command): Uint8Array {
  switch (command.kind) {
    case 'id':
    case 'cap':
      return STANDARD_REPORT;
    case 'poll':
    case 'lstat':
    case 'istat':
    case 'ostat':
    case 'rstat':
      return NO_DATA;
    case 'out':
      return Uint8Array.from(command.outputs.flatMap(encodeOutput));
    case 'led':
      return Uint8Array.from(command.leds.flatMap(encodeLed));
    case 'buz':
      return Uint8Array.of(command.reader, command.tone, tenths(command.onMs), tenths(command.offMs), command.count);
    case 'text':
      return encodeText(command);
    case 'comset':
      return Uint8Array.of(command.address, ...u32Bytes(command.baud));
  }
}

/** The command in a frame, or why there is none. */
export function decodeCommand(code: number, data: Uint8Array): Command | PayloadFault {
  const reader = new PayloadReader(data);
  switch (code) {
    case COMMAND_CODE.poll:
      return data.length === 0 ? { kind: 'poll' } : 'length';
    case COMMAND_CODE.id:
      return data.length === 1 ? { kind: 'id' } : 'length';
    case COMMAND_CODE.cap:
      return data.length === 1 ? { kind: 'cap' } : 'length';
    case COMMAND_CODE.lstat:
      return data.length === 0 ? { kind: 'lstat' } : 'length';
    case COMMAND_CODE.istat:
      return data.length === 0 ? { kind: 'istat' } : 'length';
    case COMMAND_CODE.ostat:
      return data.length === 0 ? { kind: 'ostat' } : 'length';
    case COMMAND_CODE.rstat:
      return data.length === 0 ? { kind: 'rstat' } : 'length';
    case COMMAND_CODE.out:
      return readOutputs(reader);
    case COMMAND_CODE.led:
      return readLeds(reader);
    case COMMAND_CODE.buz:
      return readBuzzer(reader);
    case COMMAND_CODE.text:
      return readText(reader);
    case COMMAND_CODE.comset:
      return readComset(reader);
    default:
      return 'unknown-code';
  }
}

function encodeOutput({ output, action, durationMs }: OutputControl): number[] {
  return [output, OUTPUT_ACTIONS.indexOf(action), ...u16Bytes(Math.ceil(durationMs / TENTH_MS))];
}

function encodeText(text: TextControl): Uint8Array {
  const characters = asciiBytes(text.text).subarray(0, 0xff);
  return Uint8Array.of(
    text.reader,
    text.command,
    text.seconds,
    text.row,
    text.column,
    characters.length,
    ...characters,
  );
}

function readOutputs(reader: PayloadReader): Command | PayloadFault {
  if (reader.remaining === 0 || reader.remaining % OUTPUT_BYTES !== 0) {
    return 'length';
  }
  const outputs: OutputControl[] = [];
  while (reader.remaining > 0) {
    const output = reader.u8();
    const action = OUTPUT_ACTIONS[reader.u8()];
    const durationMs = reader.u16() * TENTH_MS;
    if (action === undefined) {
      return 'value';
    }
    outputs.push({ output, action, durationMs });
  }
  return { kind: 'out', outputs };
}

function readLeds(reader: PayloadReader): Command | PayloadFault {
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

function readBuzzer(reader: PayloadReader): Command | PayloadFault {
  const command: Command = {
    kind: 'buz',
    reader: reader.u8(),
    tone: reader.u8(),
    onMs: reader.u8() * TENTH_MS,
    offMs: reader.u8() * TENTH_MS,
    count: reader.u8(),
  };
  return reader.isExact ? command : 'length';
}

function readText(reader: PayloadReader): Command | PayloadFault {
  const place = {
    reader: reader.u8(),
    command: reader.u8(),
    seconds: reader.u8(),
    row: reader.u8(),
    column: reader.u8(),
  };
  const text = asciiText(reader.bytes(reader.u8()));
  return reader.isExact ? { kind: 'text', ...place, text } : 'length';
}

function readComset(reader: PayloadReader): Command | PayloadFault {
  const command: Command = { kind: 'comset', address: reader.u8(), baud: reader.u32() };
  return reader.isExact ? command : 'length';
}

function tenths(durationMs: number): number {
  return Math.min(0xff, Math.ceil(durationMs / TENTH_MS));
}
