import { NO_DATA } from '../frame/frame.ts';
import { COMMAND_CODE } from './codes.ts';
import type { FileTransferCommand } from './file-transfer.ts';
import { encodeFileTransfer, readFileTransfer } from './file-transfer.ts';
import type { LedCommand } from './led.ts';
import { encodeLeds, readLeds } from './led.ts';
import type { AcuRxSizeCommand, ComsetCommand, KeepActiveCommand } from './line-settings.ts';
import { encodeLineSettings, encodeU16, readAcuRxSize, readComset, readKeepActive } from './line-settings.ts';
import type { OutCommand } from './outputs.ts';
import { encodeOutputs, readOutputs } from './outputs.ts';
import type { Payload, PayloadFault } from './payload.ts';
import { PayloadReader } from './payload.ts';
import type { BuzCommand, TextCommand } from './reader-signals.ts';
import { encodeBuzzer, encodeText, readBuzzer, readText } from './reader-signals.ts';
import type { ChlngCommand, KeysetCommand, ScryptCommand } from './secure-messages.ts';
import { encodeChlng, encodeKeyset, encodeScrypt, readChlng, readKeyset, readScrypt } from './secure-messages.ts';
import type { MfgCommand } from './vendor.ts';
import { encodeVendorMessage, readVendorMessage } from './vendor.ts';

export type { FileTransferCommand } from './file-transfer.ts';
export type { LineSettings } from './line-settings.ts';
export { PULSE_MS_MAX } from './outputs.ts';
export type { OutputAction, OutputControl } from './outputs.ts';
export type { Payload } from './payload.ts';
export type { BuzzerControl, TextControl } from './reader-signals.ts';
export { KEY_TYPE_SCBK } from './secure-messages.ts';

/** A command that is nothing but its code; ID and CAP always ask for the standard report. */
export type BareCommand = { readonly [Kind in BareKind]: { readonly kind: Kind } }[BareKind];
type BareKind = 'poll' | 'id' | 'cap' | 'lstat' | 'istat' | 'ostat' | 'rstat' | 'abort';

/** Smart cards and biometrics: known by name, their data is left as it is. */
export type OpaqueCommand = {
  readonly [Kind in OpaqueKind]: { readonly kind: Kind; readonly data: Uint8Array };
}[OpaqueKind];
type OpaqueKind = 'bioread' | 'biomatch' | 'xwr' | 'pivdata' | 'genauth' | 'crauth';

/** Whatever a control panel can say (spec 6). */
export type Command =
  | BareCommand
  | OutCommand
  | LedCommand
  | BuzCommand
  | TextCommand
  | ComsetCommand
  | KeysetCommand
  | ChlngCommand
  | ScryptCommand
  | AcuRxSizeCommand
  | FileTransferCommand
  | MfgCommand
  | KeepActiveCommand
  | OpaqueCommand;

export type CommandKind = Command['kind'];

/** ID and CAP ask for the standard report: one zero byte (spec 6.3, 6.4). */
const STANDARD_REPORT = Uint8Array.of(0);

/** What is sent and heard most often is made once: a poll costs no allocation here. */
const POLL: Command = { kind: 'poll' };
const POLL_PAYLOAD: Payload = { code: COMMAND_CODE.poll, data: NO_DATA };

/**
 * Code and data of a command. Times are rounded up to 100 ms. Throws RangeError, which names the field, for a value that the
 * wire cannot carry or that the specification forbids.
 */
export function encodeCommand(command: Command): Payload {
  return command.kind === 'poll' ? POLL_PAYLOAD : { code: COMMAND_CODE[command.kind], data: commandData(command) };
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
    case 'abort':
      return NO_DATA;
    case 'out':
      return encodeOutputs(command.outputs);
    case 'led':
      return encodeLeds(command.leds);
    case 'buz':
      return encodeBuzzer(command);
    case 'text':
      return encodeText(command);
    case 'comset':
      return encodeLineSettings(command);
    case 'keyset':
      return encodeKeyset(command);
    case 'chlng':
      return encodeChlng(command);
    case 'scrypt':
      return encodeScrypt(command);
    case 'acurxsize':
      return encodeU16('receive size', command.bytes);
    case 'keepactive':
      return encodeU16('time to keep the card active', command.durationMs);
    case 'filetransfer':
      return encodeFileTransfer(command);
    case 'mfg':
      return encodeVendorMessage(command);
    default:
      return command.data;
  }
}

/**
 * The command in a frame, or why there is none: a device answers `unknown-code` with NAK 03, `length` with NAK 02, and
 * `value` (a code of the specification that does not exist) with NAK 09.
 */
export function decodeCommand(code: number, data: Uint8Array): Command | PayloadFault {
  switch (code) {
    case COMMAND_CODE.poll:
      return data.length === 0 ? POLL : 'length';
    case COMMAND_CODE.id:
      return bare('id', data, STANDARD_REPORT.length);
    case COMMAND_CODE.cap:
      return bare('cap', data, STANDARD_REPORT.length);
    case COMMAND_CODE.lstat:
      return bare('lstat', data);
    case COMMAND_CODE.istat:
      return bare('istat', data);
    case COMMAND_CODE.ostat:
      return bare('ostat', data);
    case COMMAND_CODE.rstat:
      return bare('rstat', data);
    case COMMAND_CODE.abort:
      return bare('abort', data);
    default:
      return readCommand(code, new PayloadReader(data));
  }
}

function bare(kind: BareKind, data: Uint8Array, length = 0): BareCommand | PayloadFault {
  return data.length === length ? { kind } : 'length';
}

function readCommand(code: number, reader: PayloadReader): Command | PayloadFault {
  switch (code) {
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
    case COMMAND_CODE.keyset:
      return readKeyset(reader);
    case COMMAND_CODE.chlng:
      return readChlng(reader);
    case COMMAND_CODE.scrypt:
      return readScrypt(reader);
    case COMMAND_CODE.acurxsize:
      return readAcuRxSize(reader);
    case COMMAND_CODE.keepactive:
      return readKeepActive(reader);
    case COMMAND_CODE.filetransfer:
      return readFileTransfer(reader);
    case COMMAND_CODE.mfg:
      return readVendorMessage('mfg', reader);
    default:
      return readOpaque(code, reader);
  }
}

const OPAQUE: ReadonlyMap<number, OpaqueKind> = new Map(
  (['bioread', 'biomatch', 'xwr', 'pivdata', 'genauth', 'crauth'] as const).map((kind) => [COMMAND_CODE[kind], kind]),
);

function readOpaque(code: number, reader: PayloadReader): OpaqueCommand | PayloadFault {
  const kind = OPAQUE.get(code);
  return kind === undefined ? 'unknown-code' : { kind, data: reader.rest() };
}
