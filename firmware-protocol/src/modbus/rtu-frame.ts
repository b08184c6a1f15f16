import { word } from './bytes.ts';
import { UNIT_MAX, UNIT_MIN } from './codes.ts';
import { modbusCrc } from './crc16.ts';
import { decodeRequest, encodeRequest } from './requests.ts';
import type { HeardRequest, ModbusRequest } from './requests.ts';
import { decodeResponse, encodeResponse } from './responses.ts';
import type { ModbusResponse } from './responses.ts';

/** Longest frame: unit, PDU of 253 bytes, CRC (Modbus over serial line V1.02, 2.5.1). */
export const RTU_FRAME_BYTES_MAX = 256;
const CRC_BYTES = 2;
/** Unit, function code, CRC. */
const FRAME_BYTES_MIN = 4;

/** Which end of the line the bytes come from: the same bytes mean different things. */
export type RtuRole = 'request' | 'response';

/** Throws RangeError for a unit out of 1..247 and for a request that the specification does not allow. */
export function encodeRequestFrame(unit: number, request: ModbusRequest): Uint8Array {
  return frame(unit, encodeRequest(request));
}

/** Throws RangeError for a unit out of 1..247 and for a response that does not fit. */
export function encodeResponseFrame(unit: number, response: ModbusResponse): Uint8Array {
  return frame(unit, encodeResponse(response));
}

function frame(unit: number, pdu: Uint8Array): Uint8Array {
  if (!Number.isInteger(unit) || unit < UNIT_MIN || unit > UNIT_MAX) {
    throw new RangeError(`a Modbus unit is ${UNIT_MIN} to ${UNIT_MAX}, not ${unit}`);
  }
  const bytes = Uint8Array.of(unit, ...pdu, 0, 0);
  const [high, low] = word(modbusCrc(bytes, 0, bytes.length - CRC_BYTES));
  bytes.set([low, high], bytes.length - CRC_BYTES);
  return bytes;
}

/** `undefined` unless `bytes` is one whole request with a good CRC. Unit 0 (everybody) is heard as well. */
export function decodeRequestFrame(bytes: Uint8Array): { unit: number; request: HeardRequest } | undefined {
  const pdu = wholePdu(bytes, 'request');
  return pdu && { unit: bytes[0] ?? 0, request: decodeRequest(pdu) };
}

/** `undefined` unless `bytes` is one whole response with a good CRC and a known function. */
export function decodeResponseFrame(bytes: Uint8Array): { unit: number; response: ModbusResponse } | undefined {
  const pdu = wholePdu(bytes, 'response');
  const response = pdu && decodeResponse(pdu);
  return response && { unit: bytes[0] ?? 0, response };
}

function wholePdu(bytes: Uint8Array, role: RtuRole): Uint8Array | undefined {
  const isWhole = frameBytesAt(bytes, 0, role) === bytes.length && hasGoodCrc(bytes, 0, bytes.length);
  return isWhole ? bytes.subarray(1, bytes.length - CRC_BYTES) : undefined;
}

/**
 * The first whole frame with a good CRC in `bytes` from `from` on. Lengths follow from the function code, not from pauses: over a network or a
 * USB adapter the pauses of the wire do not survive. What begins like a frame and is none costs nothing: each byte may be the first.
 */
export function findFrame(
  bytes: Uint8Array,
  from: number,
  role: RtuRole,
): { readonly start: number; readonly end: number } | undefined {
  for (let start = from; start + FRAME_BYTES_MIN <= bytes.length; start += 1) {
    const length = frameBytesAt(bytes, start, role);
    const end = start + (length ?? Number.POSITIVE_INFINITY);
    if (end <= bytes.length && hasGoodCrc(bytes, start, end)) {
      return { start, end };
    }
  }
  return undefined;
}

/** How long a frame would be that begins at `at`; `undefined` when there are too few bytes to tell or no such function. */
function frameBytesAt(bytes: Uint8Array, at: number, role: RtuRole): number | undefined {
  const code = bytes[at + 1];
  if (code === undefined) {
    return undefined;
  }
  const length = role === 'request' ? requestBytes(code, bytes[at + 6]) : responseBytes(code, bytes[at + 2]);
  return length !== undefined && length <= RTU_FRAME_BYTES_MAX ? length : undefined;
}

/** Of functions that are not spoken here only those are known whose requests must be skipped or refused as a whole. */
function requestBytes(code: number, byteCount: number | undefined): number | undefined {
  if (code >= 0x01 && code <= 0x06) {
    return 8;
  }
  const hasByteCount = code === 0x0f || code === 0x10;
  return hasByteCount && byteCount !== undefined ? 9 + byteCount : undefined;
}

function responseBytes(code: number, byteCount: number | undefined): number | undefined {
  if (code >= 0x81) {
    return 5;
  }
  if (code >= 0x01 && code <= 0x04) {
    return byteCount === undefined ? undefined : 5 + byteCount;
  }
  return code === 0x05 || code === 0x06 || code === 0x0f || code === 0x10 ? 8 : undefined;
}

function hasGoodCrc(bytes: Uint8Array, start: number, end: number): boolean {
  const sent = (bytes[end - 2] ?? 0) | ((bytes[end - 1] ?? 0) << 8);
  return end - start >= FRAME_BYTES_MIN && modbusCrc(bytes, start, end - CRC_BYTES) === sent;
}
