import { NO_DATA } from '../frame/frame.ts';
import { REPLY_CODE } from './codes.ts';
import type { InputState, LstatrReply, PdcapReply, PdidReply, ReaderState } from './device-report.ts';
import {
  INPUT_STATES,
  READER_STATES,
  encodeCapabilities,
  encodeIdentity,
  readCapabilities,
  readIdentity,
  readLocalStatus,
} from './device-report.ts';
import type { FileStatusReply } from './file-transfer.ts';
import { encodeFileStatus, readFileStatus } from './file-transfer.ts';
import type { ComReply } from './line-settings.ts';
import { encodeLineSettings, readCom } from './line-settings.ts';
import type { Payload, PayloadFault } from './payload.ts';
import { PayloadReader, PayloadWriter } from './payload.ts';
import type { FmtReply, KeypadReply, RawReply } from './reads.ts';
import { encodeCard, encodeFmt, encodeKeypad, readCard, readFmt, readKeypad } from './reads.ts';
import type { CcryptReply, RmacReply } from './secure-messages.ts';
import { encodeCcrypt, encodeRmac, readCcrypt, readRmac } from './secure-messages.ts';
import type { MfgRepReply } from './vendor.ts';
import { encodeVendorMessage, readVendorMessage } from './vendor.ts';

export { INPUT_STATES, READER_STATES } from './device-report.ts';
export type { Capability, DeviceIdentity, InputState, ReaderState } from './device-report.ts';
export { FILE_STATUS } from './file-transfer.ts';
export type { FileStatusReply } from './file-transfer.ts';
export type { CardData, KeypadData } from './reads.ts';

/** A reply that is nothing but its code. */
export type BareReply = { readonly kind: 'ack' } | { readonly kind: 'busy' };

/** Smart cards, biometrics and makers' own status: known by name, their data is left as it is. */
export type OpaqueReply = {
  readonly [Kind in OpaqueKind]: { readonly kind: Kind; readonly data: Uint8Array };
}[OpaqueKind];
type OpaqueKind = 'xrd' | 'bioreadr' | 'biomatchr' | 'pivdatar' | 'genauthr' | 'crauthr' | 'mfgstatr' | 'mfgerrr';

/** Whatever a device can say (spec 7). */
export type Reply =
  | BareReply
  | { readonly kind: 'nak'; readonly error: number; readonly details: Uint8Array }
  | PdidReply
  | PdcapReply
  | LstatrReply
  | { readonly kind: 'istatr'; readonly inputs: readonly InputState[] }
  | { readonly kind: 'ostatr'; readonly outputs: readonly boolean[] }
  | { readonly kind: 'rstatr'; readonly readers: readonly ReaderState[] }
  | RawReply
  | FmtReply
  | KeypadReply
  | ComReply
  | CcryptReply
  | RmacReply
  | FileStatusReply
  | MfgRepReply
  | OpaqueReply;

export type ReplyKind = Reply['kind'];

/** What is sent and heard most often is made once: an acknowledgement costs no allocation here. */
const ACK: BareReply = { kind: 'ack' };
const BUSY: BareReply = { kind: 'busy' };
const ACK_PAYLOAD: Payload = { code: REPLY_CODE.ack, data: NO_DATA };

/** Code and data of a reply. Throws RangeError, which names the field, for a value that the wire cannot carry. */
export function encodeReply(reply: Reply): Payload {
  return reply.kind === 'ack' ? ACK_PAYLOAD : { code: REPLY_CODE[reply.kind], data: replyData(reply) };
}

function replyData(reply: Reply): Uint8Array {
  switch (reply.kind) {
    case 'ack':
    case 'busy':
      return NO_DATA;
    case 'nak':
      return new PayloadWriter(1 + reply.details.length).u8('NAK code', reply.error).bytes(reply.details).data;
    case 'pdid':
      return encodeIdentity(reply.identity);
    case 'pdcap':
      return encodeCapabilities(reply.capabilities);
    case 'lstatr':
      return Uint8Array.of(Number(reply.tampered), Number(reply.powerFailed));
    case 'istatr':
      return Uint8Array.from(reply.inputs, (state) => INPUT_STATES.indexOf(state));
    case 'ostatr':
      return Uint8Array.from(reply.outputs, Number);
    case 'rstatr':
      return Uint8Array.from(reply.readers, (state) => READER_STATES.indexOf(state));
    case 'raw':
      return encodeCard(reply);
    case 'fmt':
      return encodeFmt(reply);
    case 'keypad':
      return encodeKeypad(reply);
    case 'com':
      return encodeLineSettings(reply);
    case 'ccrypt':
      return encodeCcrypt(reply);
    case 'rmac':
      return encodeRmac(reply);
    case 'ftstat':
      return encodeFileStatus(reply);
    case 'mfgrep':
      return encodeVendorMessage(reply);
    default:
      return reply.data;
  }
}

/**
 * The reply in a frame, or why there is none. A panel cannot answer a bad reply with anything useful, so all that can be
 * understood is: bytes after the last known field are ignored, unknown states are told as such.
 */
export function decodeReply(code: number, data: Uint8Array): Reply | PayloadFault {
  switch (code) {
    case REPLY_CODE.ack:
      return ACK;
    case REPLY_CODE.busy:
      return BUSY;
    case REPLY_CODE.istatr:
      return { kind: 'istatr', inputs: Array.from(data, (state) => INPUT_STATES[state] ?? 'unknown') };
    case REPLY_CODE.ostatr:
      return { kind: 'ostatr', outputs: Array.from(data, (state) => state !== 0) };
    case REPLY_CODE.rstatr:
      return { kind: 'rstatr', readers: Array.from(data, (state) => READER_STATES[state] ?? 'disconnected') };
    default:
      return readReply(code, new PayloadReader(data));
  }
}

function readReply(code: number, reader: PayloadReader): Reply | PayloadFault {
  switch (code) {
    case REPLY_CODE.nak:
      return readNak(reader);
    case REPLY_CODE.pdid:
      return readIdentity(reader);
    case REPLY_CODE.pdcap:
      return readCapabilities(reader);
    case REPLY_CODE.lstatr:
      return readLocalStatus(reader);
    case REPLY_CODE.raw:
      return readCard(reader);
    case REPLY_CODE.fmt:
      return readFmt(reader);
    case REPLY_CODE.keypad:
      return readKeypad(reader);
    case REPLY_CODE.com:
      return readCom(reader);
    case REPLY_CODE.ccrypt:
      return readCcrypt(reader);
    case REPLY_CODE.rmac:
      return readRmac(reader);
    case REPLY_CODE.ftstat:
      return readFileStatus(reader);
    case REPLY_CODE.mfgrep:
      return readVendorMessage('mfgrep', reader);
    default:
      return readOpaque(code, reader);
  }
}

function readNak(reader: PayloadReader): Reply | PayloadFault {
  const error = reader.u8();
  return reader.isEnough ? { kind: 'nak', error, details: reader.rest() } : 'length';
}

const OPAQUE: ReadonlyMap<number, OpaqueKind> = new Map(
  (['xrd', 'bioreadr', 'biomatchr', 'pivdatar', 'genauthr', 'crauthr', 'mfgstatr', 'mfgerrr'] as const).map((kind) => [
    REPLY_CODE[kind],
    kind,
  ]),
);

function readOpaque(code: number, reader: PayloadReader): OpaqueReply | PayloadFault {
  const kind = OPAQUE.get(code);
  return kind === undefined ? 'unknown-code' : { kind, data: reader.rest() };
}
