import { packBits, unpackBits, word, wordAt } from './bytes.ts';
import { EXCEPTION_FLAG, FUNCTION_CODE } from './codes.ts';
import { isRead } from './requests.ts';
import type { ModbusRequest } from './requests.ts';

/** What a unit answers. */
export type ModbusResponse =
  /** Whole bytes: more values than were asked for, the rest being off. */
  | { readonly kind: 'readCoils'; readonly values: readonly boolean[] }
  | { readonly kind: 'readInputs'; readonly values: readonly boolean[] }
  | { readonly kind: 'readRegisters'; readonly values: readonly number[] }
  | { readonly kind: 'writeCoil'; readonly address: number; readonly value: number }
  | { readonly kind: 'writeRegister'; readonly address: number; readonly value: number }
  | { readonly kind: 'writeCoils'; readonly start: number; readonly count: number }
  | { readonly kind: 'exception'; readonly functionCode: number; readonly exception: number };

/** What a PDU carries besides function code and byte count. */
const DATA_BYTES_MAX = 250;

/** Function code and data. Throws RangeError for what does not fit. */
export function encodeResponse(response: ModbusResponse): Uint8Array {
  switch (response.kind) {
    case 'exception':
      return Uint8Array.of(response.functionCode | EXCEPTION_FLAG, response.exception);
    case 'writeCoil':
    case 'writeRegister':
      return Uint8Array.of(FUNCTION_CODE[response.kind], ...word(response.address), ...word(response.value));
    case 'writeCoils':
      return Uint8Array.of(FUNCTION_CODE.writeCoils, ...word(response.start), ...word(response.count));
    case 'readRegisters':
      return withByteCount(FUNCTION_CODE.readRegisters, response.values.flatMap(word));
    default:
      return withByteCount(FUNCTION_CODE[response.kind], packBits(response.values));
  }
}

function withByteCount(code: number, data: ArrayLike<number> & Iterable<number>): Uint8Array {
  if (data.length === 0 || data.length > DATA_BYTES_MAX) {
    throw new RangeError(`not a Modbus response: ${data.length} bytes of data`);
  }
  return Uint8Array.of(code, data.length, ...data);
}

/** The response in a PDU whose length has been checked; `undefined` for a function that is not spoken here. */
export function decodeResponse(pdu: Uint8Array): ModbusResponse | undefined {
  const code = pdu[0] ?? 0;
  if ((code & EXCEPTION_FLAG) !== 0) {
    return { kind: 'exception', functionCode: code & ~EXCEPTION_FLAG, exception: pdu[1] ?? 0 };
  }
  const data = pdu.subarray(2);
  switch (code) {
    case FUNCTION_CODE.readCoils:
      return { kind: 'readCoils', values: unpackBits(data) };
    case FUNCTION_CODE.readInputs:
      return { kind: 'readInputs', values: unpackBits(data) };
    case FUNCTION_CODE.readRegisters:
      return { kind: 'readRegisters', values: Array.from({ length: data.length >> 1 }, (_, n) => wordAt(data, n * 2)) };
    case FUNCTION_CODE.writeCoil:
      return { kind: 'writeCoil', address: wordAt(pdu, 1), value: wordAt(pdu, 3) };
    case FUNCTION_CODE.writeRegister:
      return { kind: 'writeRegister', address: wordAt(pdu, 1), value: wordAt(pdu, 3) };
    case FUNCTION_CODE.writeCoils:
      return { kind: 'writeCoils', start: wordAt(pdu, 1), count: wordAt(pdu, 3) };
    default:
      return undefined;
  }
}

/** Length of the frame that answers a request, unless it is an exception. */
export function answerFrameBytes(request: ModbusRequest): number {
  if (!isRead(request)) {
    return 8;
  }
  return 5 + (request.kind === 'readRegisters' ? request.count * 2 : Math.ceil(request.count / 8));
}

/** Whether a response can be the answer to a request: same function, same size, same echo. A frame carries no number that would tell. */
export function isAnswerTo(request: ModbusRequest, response: ModbusResponse): boolean {
  if (response.kind === 'exception') {
    return response.functionCode === FUNCTION_CODE[request.kind];
  }
  switch (request.kind) {
    case 'readCoils':
    case 'readInputs':
      return response.kind === request.kind && response.values.length === Math.ceil(request.count / 8) * 8;
    case 'readRegisters':
      return response.kind === request.kind && response.values.length === request.count;
    case 'writeCoils':
      return (
        response.kind === request.kind && response.start === request.start && response.count === request.values.length
      );
    default:
      return response.kind === request.kind && response.address === request.address && response.value === request.value;
  }
}
