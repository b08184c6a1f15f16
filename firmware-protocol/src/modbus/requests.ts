import { packBits, unpackBits, word, wordAt } from './bytes.ts';
import { FUNCTION_CODE, READ_BITS_MAX, READ_REGISTERS_MAX, WRITE_COILS_MAX } from './codes.ts';

interface Reading<Kind> {
  readonly kind: Kind;
  readonly start: number;
  readonly count: number;
}

interface Setting<Kind> {
  readonly kind: Kind;
  readonly address: number;
  readonly value: number;
}

/** A question without effect. */
export type ReadRequest = Reading<'readCoils'> | Reading<'readInputs'> | Reading<'readRegisters'>;

/** What a master asks. Addresses count from 0, as on the wire. */
export type ModbusRequest =
  | ReadRequest
  /** A coil takes `COIL_ON` and `COIL_OFF`, and on some boards, at addresses of their own, other values. */
  | Setting<'writeCoil'>
  | Setting<'writeRegister'>
  | { readonly kind: 'writeCoils'; readonly start: number; readonly values: readonly boolean[] };

export function isRead(request: ModbusRequest): request is ReadRequest {
  return 'count' in request;
}

/** Whether a unit that obeys answers with the very bytes of the request. */
export function isRepeatedInAnswer(request: ModbusRequest): boolean {
  return request.kind === 'writeCoil' || request.kind === 'writeRegister';
}

/** What a unit heard: a request as it stands, whether or not its limits are kept, or one that it cannot obey. */
export type HeardRequest =
  | ModbusRequest
  /** Its numbers contradict one another, which is exception 03. */
  | { readonly kind: 'contradictory'; readonly functionCode: number }
  | { readonly kind: 'unknown'; readonly functionCode: number };

const COUNT_MAX = {
  readCoils: READ_BITS_MAX,
  readInputs: READ_BITS_MAX,
  readRegisters: READ_REGISTERS_MAX,
  writeCoils: WRITE_COILS_MAX,
} as const;
const ADDRESSES = 0x1_0000;

/** Whether count and range are what the specification allows. */
export function isWithinLimits(request: ModbusRequest): boolean {
  if ('address' in request) {
    return isWord(request.address) && isWord(request.value);
  }
  const count = request.kind === 'writeCoils' ? request.values.length : request.count;
  const isCount = Number.isInteger(count) && count >= 1 && count <= COUNT_MAX[request.kind];
  return isCount && isWord(request.start) && request.start + count <= ADDRESSES;
}

/** Function code and data. Throws RangeError for what the specification does not allow to be asked. */
export function encodeRequest(request: ModbusRequest): Uint8Array {
  if (!isWithinLimits(request)) {
    throw new RangeError(`not a Modbus request: ${request.kind} out of range`);
  }
  const code = FUNCTION_CODE[request.kind];
  switch (request.kind) {
    case 'writeCoil':
    case 'writeRegister':
      return Uint8Array.of(code, ...word(request.address), ...word(request.value));
    case 'writeCoils': {
      const bits = packBits(request.values);
      return Uint8Array.of(code, ...word(request.start), ...word(request.values.length), bits.length, ...bits);
    }
    default:
      return Uint8Array.of(code, ...word(request.start), ...word(request.count));
  }
}

/** The request in a PDU whose length has been checked. */
export function decodeRequest(pdu: Uint8Array): HeardRequest {
  const functionCode = pdu[0] ?? 0;
  const first = wordAt(pdu, 1);
  const second = wordAt(pdu, 3);
  switch (functionCode) {
    case FUNCTION_CODE.readCoils:
      return { kind: 'readCoils', start: first, count: second };
    case FUNCTION_CODE.readInputs:
      return { kind: 'readInputs', start: first, count: second };
    case FUNCTION_CODE.readRegisters:
      return { kind: 'readRegisters', start: first, count: second };
    case FUNCTION_CODE.writeCoil:
      return { kind: 'writeCoil', address: first, value: second };
    case FUNCTION_CODE.writeRegister:
      return { kind: 'writeRegister', address: first, value: second };
    case FUNCTION_CODE.writeCoils:
      return pdu[5] === Math.ceil(second / 8)
        ? { kind: 'writeCoils', start: first, values: unpackBits(pdu.subarray(6), second) }
        : { kind: 'contradictory', functionCode };
    default:
      return { kind: 'unknown', functionCode };
  }
}

function isWord(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff;
}
