import type { PayloadFault, PayloadReader } from './payload.ts';
import { PayloadWriter, TENTH_MS, asciiBytes, asciiText, within } from './payload.ts';

/** `tone`: 0 or 1 off, 2 default. `count` 0 repeats until told otherwise. Times are rounded up to multiples of 100 ms, at most 25,500. */
export interface BuzzerControl {
  readonly reader: number;
  readonly tone: number;
  readonly onMs: number;
  readonly offMs: number;
  readonly count: number;
}

/** `command`: 1/2 permanent without/with wrap, 3/4 the same for `seconds`. Row and column count from 1. Text is printable ASCII. */
export interface TextControl {
  readonly reader: number;
  readonly command: number;
  readonly seconds: number;
  readonly row: number;
  readonly column: number;
  readonly text: string;
}

export interface BuzCommand extends BuzzerControl {
  readonly kind: 'buz';
}

export interface TextCommand extends TextControl {
  readonly kind: 'text';
}

const BUZZER_BYTES = 5;
const TEXT_HEADER_BYTES = 6;
const TONE_MAX = 2;
const TEXT_COMMAND_MAX = 4;

/** Spec 6.13. */
export function encodeBuzzer({ reader, tone, onMs, offMs, count }: BuzzerControl): Uint8Array {
  const writer = new PayloadWriter(BUZZER_BYTES);
  writer.u8('reader', reader).u8('tone', within('tone', tone, TONE_MAX));
  return writer.tenths8('buzzer on time', onMs).tenths8('buzzer off time', offMs).u8('count', count).data;
}

export function readBuzzer(reader: PayloadReader): BuzCommand | PayloadFault {
  const command: BuzCommand = {
    kind: 'buz',
    reader: reader.u8(),
    tone: reader.u8(),
    onMs: reader.u8() * TENTH_MS,
    offMs: reader.u8() * TENTH_MS,
    count: reader.u8(),
  };
  if (!reader.isExact) {
    return 'length';
  }
  return command.tone > TONE_MAX ? 'value' : command;
}

/** Spec 6.14. */
export function encodeText({ reader, command, seconds, row, column, text }: TextControl): Uint8Array {
  const characters = asciiBytes('text', text);
  const writer = new PayloadWriter(TEXT_HEADER_BYTES + characters.length);
  writer.u8('reader', reader).u8('text command', within('text command', command, TEXT_COMMAND_MAX, 1));
  writer
    .u8('seconds', seconds)
    .u8('row', within('row', row, 0xff, 1))
    .u8('column', within('column', column, 0xff, 1));
  return writer.u8('length of text', characters.length).bytes(characters).data;
}

export function readText(reader: PayloadReader): TextCommand | PayloadFault {
  const command: TextCommand = {
    kind: 'text',
    reader: reader.u8(),
    command: reader.u8(),
    seconds: reader.u8(),
    row: reader.u8(),
    column: reader.u8(),
    text: asciiText(reader.bytes(reader.u8())),
  };
  if (!reader.isExact) {
    return 'length';
  }
  const isKnown = command.command >= 1 && command.command <= TEXT_COMMAND_MAX;
  return isKnown && command.row > 0 && command.column > 0 ? command : 'value';
}
