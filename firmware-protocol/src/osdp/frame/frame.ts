import { checksum8, crc16 } from './crc.ts';

/** 0xFF before a frame wakes the receivers; it counts neither in LEN nor in the check (spec 5.9.1). */
export const MARK = 0xff;
/** Start of message. */
export const SOM = 0x53;
/** Spec 5.6: no frame is longer, from SOM to its last check byte. */
export const FRAME_BYTES_MAX = 1440;
/** Every device listens to this address and answers it, so it is only for a bus with one device (spec 5.9.2). */
export const CONFIGURATION_ADDRESS = 0x7f;

const REPLY_FLAG = 0x80;
const SEQUENCE_MASK = 0x03;
const CONTROL_CRC = 0x04;
const CONTROL_SECURITY = 0x08;
const HEADER_BYTES = 5;
/** Of a security block: its own length and its type. */
const BLOCK_HEADER_BYTES = 2;
/** Bytes of the MAC that travel; the chain goes on with all sixteen. */
export const MAC_BYTES = 4;
/** Security blocks SCS_15 to SCS_18 are followed by a MAC before the check. */
const SCS_MAC_FIRST = 0x15;
const SCS_MAC_LAST = 0x18;

/** Shared by all frames without data, so that a poll costs no allocation for it. */
export const NO_DATA = new Uint8Array(0);

export type FrameDirection = 'command' | 'reply';
export type FrameCheck = 'crc' | 'checksum';
export type Sequence = 0 | 1 | 2 | 3;

/** Security control block. `type` is SCS_11..SCS_18 (0x11..0x18); `data` is what follows it, without length and type. */
export interface SecurityBlock {
  readonly type: number;
  readonly data: Uint8Array;
}

/** One OSDP message. `data` is what follows the code byte, without MAC and check. */
export interface FrameContent {
  readonly direction: FrameDirection;
  /** 0x00..0x7E, or {@link CONFIGURATION_ADDRESS}. */
  readonly address: number;
  readonly sequence: Sequence;
  readonly check: FrameCheck;
  readonly security: SecurityBlock | undefined;
  readonly code: number;
  readonly data: Uint8Array;
  /** First four of the sixteen MAC bytes; present exactly for SCS_15..SCS_18. */
  readonly mac: Uint8Array | undefined;
}

/** A received frame with the bytes it came in, from SOM to the last check byte; a MAC is computed over them. */
export interface OsdpFrame extends FrameContent {
  readonly raw: Uint8Array;
}

export type FrameFault = 'start' | 'length' | 'check' | 'security-block';

/** What the header at some place of a buffer promises. */
export type FrameExtent = number | 'incomplete' | 'length';

/**
 * Length of the frame whose SOM is at `from`: a byte count, `'incomplete'` while the LEN field has not arrived, or
 * `'length'` when LEN cannot belong to a frame.
 */
export function frameExtent(bytes: Uint8Array, from: number, to: number): FrameExtent {
  if (to - from < 4) {
    return 'incomplete';
  }
  const length = (bytes[from + 2] ?? 0) | ((bytes[from + 3] ?? 0) << 8);
  if (length > FRAME_BYTES_MAX || length < HEADER_BYTES + 2) {
    return 'length';
  }
  if (to - from < HEADER_BYTES) {
    return 'incomplete';
  }
  const control = bytes[from + 4] ?? 0;
  return length < HEADER_BYTES + 1 + checkBytes(control) ? 'length' : length;
}

/** Whether the check at the end of a whole frame (SOM first) fits its bytes. */
export function isCheckValid(raw: Uint8Array, from = 0, to = raw.length): boolean {
  if (((raw[from + 4] ?? 0) & CONTROL_CRC) === 0) {
    return checksum8(raw, from, to - 1) === raw[to - 1];
  }
  return crc16(raw, from, to - 2) === ((raw[to - 2] ?? 0) | ((raw[to - 1] ?? 0) << 8));
}

/**
 * The parts of one whole frame, with or without a mark in front. The check is *not* looked at (see {@link isCheckValid}),
 * so that a trace can show what a damaged frame tried to say. Without a mark `raw` is `bytes` itself.
 */
export function dissectFrame(bytes: Uint8Array): OsdpFrame | FrameFault {
  const raw = bytes[0] === MARK ? copyOf(bytes, 1, bytes.length) : bytes;
  if (raw[0] !== SOM) {
    return 'start';
  }
  if (frameExtent(raw, 0, raw.length) !== raw.length) {
    return 'length';
  }
  const control = raw[4] ?? 0;
  const bodyEnd = raw.length - checkBytes(control);
  const security = (control & CONTROL_SECURITY) === 0 ? undefined : securityBlockAt(raw, bodyEnd);
  if (security === 'security-block') {
    return security;
  }
  return composeFrame(raw, bodyEnd, security);
}

/** As {@link dissectFrame}, but a frame with a wrong check is a fault. */
export function decodeFrame(bytes: Uint8Array): OsdpFrame | FrameFault {
  const frame = dissectFrame(bytes);
  return typeof frame === 'string' || isCheckValid(frame.raw) ? frame : 'check';
}

/** Bytes of a frame, with the mark unless `mark` is false. Rejects with RangeError what does not fit into a frame. */
export function encodeFrame(content: FrameContent, { mark = true } = {}): Uint8Array {
  const { mac, check } = content;
  if (hasMac(content.security) !== (mac !== undefined)) {
    throw new RangeError('a MAC belongs into a frame with SCS_15 to SCS_18 and into no other');
  }
  const bytes = layOutFrame(content, mark, mac === undefined ? 0 : MAC_BYTES);
  if (mac !== undefined) {
    bytes.set(mac, bytes.length - checkSize(check) - MAC_BYTES);
  }
  writeCheck(bytes, mark ? 1 : 0, check);
  return bytes;
}

/**
 * A frame whose MAC (with `macSize` {@link MAC_BYTES}) and check are still zeros. LEN counts both already, because a MAC covers
 * it. {@link writeCheck} completes it. Rejects with RangeError what does not fit into a frame.
 */
export function layOutFrame(content: FrameContent, mark: boolean, macSize: number): Uint8Array {
  const { security, data, address } = content;
  const start = mark ? 1 : 0;
  const securitySize = security === undefined ? 0 : 2 + security.data.length;
  const length = HEADER_BYTES + securitySize + 1 + data.length + macSize + checkSize(content.check);
  if (length > FRAME_BYTES_MAX) {
    throw new RangeError(`OSDP frame of ${length} bytes; the most is ${FRAME_BYTES_MAX}`);
  }
  if (!Number.isInteger(address) || address < 0 || address > CONFIGURATION_ADDRESS) {
    throw new RangeError(`OSDP address ${address} is not in 0..127`);
  }
  const bytes = new Uint8Array(start + length);
  if (mark) {
    bytes[0] = MARK;
  }
  writeHeader(bytes, start, content, length);
  let at = start + HEADER_BYTES;
  if (security !== undefined) {
    bytes[at] = securitySize;
    bytes[at + 1] = security.type;
    bytes.set(security.data, at + 2);
    at += securitySize;
  }
  bytes[at] = content.code;
  if (data.length > 0) {
    bytes.set(data, at + 1);
  }
  return bytes;
}

function writeHeader(bytes: Uint8Array, at: number, content: FrameContent, length: number): void {
  bytes[at] = SOM;
  bytes[at + 1] = content.direction === 'reply' ? content.address | REPLY_FLAG : content.address;
  bytes[at + 2] = length & 0xff;
  bytes[at + 3] = length >> 8;
  bytes[at + 4] =
    content.sequence |
    (content.check === 'crc' ? CONTROL_CRC : 0) |
    (content.security === undefined ? 0 : CONTROL_SECURITY);
}

/** Writes the check at the end of a frame whose SOM is at `start`. */
export function writeCheck(bytes: Uint8Array, start: number, check: FrameCheck): void {
  if (check === 'checksum') {
    bytes[bytes.length - 1] = checksum8(bytes, start, bytes.length - 1);
    return;
  }
  const crc = crc16(bytes, start, bytes.length - 2);
  bytes[bytes.length - 2] = crc & 0xff;
  bytes[bytes.length - 1] = crc >> 8;
}

function checkBytes(control: number): number {
  return (control & CONTROL_CRC) === 0 ? 1 : 2;
}

/** Bytes that a check takes at the end of a frame. */
export function checkSize(check: FrameCheck): number {
  return check === 'crc' ? 2 : 1;
}

function hasMac(security: SecurityBlock | undefined): boolean {
  return security !== undefined && security.type >= SCS_MAC_FIRST && security.type <= SCS_MAC_LAST;
}

/** Blocks without data are shared by all frames that have them: in a secure channel that is every frame. */
const BARE_BLOCKS: readonly SecurityBlock[] = Array.from({ length: 0x100 }, (_, type) => ({ type, data: NO_DATA }));

function securityBlockAt(raw: Uint8Array, bodyEnd: number): SecurityBlock | 'security-block' {
  const size = raw[HEADER_BYTES] ?? 0;
  const type = raw[HEADER_BYTES + 1] ?? 0;
  const dataAt = HEADER_BYTES + BLOCK_HEADER_BYTES;
  const block =
    size === BLOCK_HEADER_BYTES ? BARE_BLOCKS[type] : { type, data: copyOf(raw, dataAt, HEADER_BYTES + size) };
  const needed = HEADER_BYTES + size + 1 + (hasMac(block) ? MAC_BYTES : 0);
  return block === undefined || size < BLOCK_HEADER_BYTES || needed > bodyEnd ? 'security-block' : block;
}

function composeFrame(raw: Uint8Array, bodyEnd: number, security: SecurityBlock | undefined): OsdpFrame {
  const address = raw[1] ?? 0;
  const control = raw[4] ?? 0;
  const codeAt = HEADER_BYTES + (security === undefined ? 0 : BLOCK_HEADER_BYTES + security.data.length);
  const dataEnd = hasMac(security) ? bodyEnd - MAC_BYTES : bodyEnd;
  return {
    direction: address >= REPLY_FLAG ? 'reply' : 'command',
    address: address & CONFIGURATION_ADDRESS,
    sequence: sequenceOf(control),
    check: (control & CONTROL_CRC) === 0 ? 'checksum' : 'crc',
    security,
    code: raw[codeAt] ?? 0,
    data: copyOf(raw, codeAt + 1, dataEnd),
    mac: dataEnd < bodyEnd ? copyOf(raw, dataEnd, bodyEnd) : undefined,
    raw,
  };
}

/** A part of a message. For so few bytes a loop is several times faster than `slice`, and `subarray` slower still. */
function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (to <= from) {
    return NO_DATA;
  }
  const part = new Uint8Array(to - from);
  for (let index = 0; index < part.length; index += 1) {
    part[index] = bytes[from + index] ?? 0;
  }
  return part;
}

/** Bits 0 and 1 of CTRL. */
export function sequenceOf(control: number): Sequence {
  const number = control & SEQUENCE_MASK;
  return number === 0 ? 0 : number === 1 ? 1 : number === 2 ? 2 : 3;
}

/** The number after `sequence` in 0, 1, 2, 3, 1, 2, 3, … (spec 5.9.4): 0 is only for a restart. */
export function nextSequence(sequence: Sequence): Sequence {
  return sequence === 3 ? 1 : sequence === 2 ? 3 : sequence === 1 ? 2 : 1;
}
