import { expect, test } from 'vitest';
import { hex } from '../osdp/frame/hex.fixture.ts';
import { toHex } from '../osdp/frame/hex.ts';
import { unpackBits } from './bytes.ts';
import { COIL_ON } from './codes.ts';
import { modbusCrc } from './crc16.ts';
import type { ModbusRequest } from './requests.ts';
import { decodeRequest, encodeRequest } from './requests.ts';
import type { ModbusResponse } from './responses.ts';
import { decodeResponse, encodeResponse, isAnswerTo } from './responses.ts';
import {
  decodeRequestFrame,
  decodeResponseFrame,
  encodeRequestFrame,
  encodeResponseFrame,
  findFrame,
} from './rtu-frame.ts';

test('the check of CRC catalogues: CRC-16/MODBUS of "123456789" is 4B37', () => {
  expect(modbusCrc(new TextEncoder().encode('123456789'))).toBe(0x4b37);
});

test('the CRC of the serial line guide (V1.02, appendix B: 02 07) goes out low byte first', () => {
  expect(modbusCrc(hex('02 07'))).toBe(0x1241);
});

interface Example {
  readonly of: string;
  readonly request: ModbusRequest;
  readonly asked: string;
  readonly response: ModbusResponse;
  readonly answered: string;
}

/** The worked examples of Modbus Application Protocol V1.1b3, by their sections. */
const EXAMPLES: readonly Example[] = [
  {
    of: '6.1 read outputs 20–38',
    request: { kind: 'readCoils', start: 19, count: 19 },
    asked: '0100130013',
    response: { kind: 'readCoils', values: unpackBits(hex('CD6B05')) },
    answered: '0103CD6B05',
  },
  {
    of: '6.2 read inputs 197–218',
    request: { kind: 'readInputs', start: 196, count: 22 },
    asked: '0200C40016',
    response: { kind: 'readInputs', values: unpackBits(hex('ACDB35')) },
    answered: '0203ACDB35',
  },
  {
    of: '6.3 read registers 108–110',
    request: { kind: 'readRegisters', start: 107, count: 3 },
    asked: '03006B0003',
    response: { kind: 'readRegisters', values: [0x022b, 0, 100] },
    answered: '0306022B00000064',
  },
  {
    of: '6.5 write coil 173 on',
    request: { kind: 'writeCoil', address: 172, value: COIL_ON },
    asked: '0500ACFF00',
    response: { kind: 'writeCoil', address: 172, value: COIL_ON },
    answered: '0500ACFF00',
  },
  {
    of: '6.6 write register 2',
    request: { kind: 'writeRegister', address: 1, value: 3 },
    asked: '0600010003',
    response: { kind: 'writeRegister', address: 1, value: 3 },
    answered: '0600010003',
  },
  {
    of: '6.11 write coils 20–29',
    request: {
      kind: 'writeCoils',
      start: 19,
      values: [true, false, true, true, false, false, true, true, true, false],
    },
    asked: '0F0013000A02CD01',
    response: { kind: 'writeCoils', start: 19, count: 10 },
    answered: '0F0013000A',
  },
  {
    of: '7 read of an output that is not there',
    request: { kind: 'readCoils', start: 0x04a1, count: 1 },
    asked: '0104A10001',
    response: { kind: 'exception', functionCode: 1, exception: 2 },
    answered: '8102',
  },
];

test.each(EXAMPLES)('$of: both ends write and read it', ({ request, asked, response, answered }) => {
  expect(toHex(encodeRequest(request))).toBe(asked);
  expect(decodeRequest(hex(asked))).toEqual(request);
  expect(toHex(encodeResponse(response))).toBe(answered);
  expect(decodeResponse(hex(answered))).toEqual(response);
  expect(isAnswerTo(request, response)).toBe(true);
});

test('no example answers another one', () => {
  for (const { request, of } of EXAMPLES.slice(0, -1)) {
    for (const other of EXAMPLES.slice(0, -1)) {
      expect(isAnswerTo(request, other.response), `${of} / ${other.of}`).toBe(other.of === of);
    }
  }
});

/** Whole frames with their CRC: the examples of simplymodbus.ca for unit 17 (11 hex), and two boards that are sold. */
const FRAMES: readonly [string, number, ModbusRequest, string, ModbusResponse | undefined][] = [
  [
    '110100130025 0E84',
    17,
    { kind: 'readCoils', start: 19, count: 37 },
    '110105CD6BB20E1B 45E6',
    { kind: 'readCoils', values: unpackBits(hex('CD6BB20E1B')) },
  ],
  [
    '110200C40016 BAA9',
    17,
    { kind: 'readInputs', start: 196, count: 22 },
    '110203ACDB35 2018',
    { kind: 'readInputs', values: unpackBits(hex('ACDB35')) },
  ],
  [
    '1103006B0003 7687',
    17,
    { kind: 'readRegisters', start: 107, count: 3 },
    '110306AE4156524340 49AD',
    { kind: 'readRegisters', values: [0xae41, 0x5652, 0x4340] },
  ],
  [
    '110500ACFF00 4E8B',
    17,
    { kind: 'writeCoil', address: 172, value: COIL_ON },
    '110500ACFF00 4E8B',
    { kind: 'writeCoil', address: 172, value: COIL_ON },
  ],
  [
    '110600010003 9A9B',
    17,
    { kind: 'writeRegister', address: 1, value: 3 },
    '110600010003 9A9B',
    { kind: 'writeRegister', address: 1, value: 3 },
  ],
  [
    '110F0013000A02CD01 BF0B',
    17,
    {
      kind: 'writeCoils',
      start: 19,
      values: [true, false, true, true, false, false, true, true, true, false],
    },
    '110F0013000A 2699',
    { kind: 'writeCoils', start: 19, count: 10 },
  ],
  // Waveshare's Modbus RTU Relay (its wiki): flash-on of relay 0 for 700 ms, and relay 0 on.
  [
    '010502000007 8DB0',
    1,
    { kind: 'writeCoil', address: 0x0200, value: 7 },
    '010502000007 8DB0',
    { kind: 'writeCoil', address: 0x0200, value: 7 },
  ],
  [
    '01050000FF00 8C3A',
    1,
    { kind: 'writeCoil', address: 0, value: COIL_ON },
    '01050000FF00 8C3A',
    { kind: 'writeCoil', address: 0, value: COIL_ON },
  ],
];

test.each(FRAMES)('%s is written and read, CRC included', (asked, unit, request, answered, response) => {
  expect(encodeRequestFrame(unit, request)).toEqual(hex(asked));
  expect(decodeRequestFrame(hex(asked))).toEqual({ unit, request });
  expect(decodeResponseFrame(hex(answered))).toEqual({ unit, response });
  expect(response && encodeResponseFrame(unit, response)).toEqual(hex(answered));
});

test('the exception frame 0A 81 02 is read', () => {
  const response = { kind: 'exception', functionCode: 1, exception: 2 };
  expect(decodeResponseFrame(hex('0A8102 B053'))).toEqual({ unit: 10, response });
});

test.each<[string, ModbusRequest]>([
  ['2001 coils', { kind: 'readCoils', start: 0, count: 2001 }],
  ['no coils', { kind: 'readCoils', start: 0, count: 0 }],
  ['126 registers', { kind: 'readRegisters', start: 0, count: 126 }],
  ['more than there are addresses', { kind: 'readInputs', start: 65_530, count: 7 }],
  ['1969 coils to write', { kind: 'writeCoils', start: 0, values: Array<boolean>(1969).fill(false) }],
  ['a value of 17 bits', { kind: 'writeCoil', address: 0, value: 0x1_0000 }],
  ['an address below 0', { kind: 'writeRegister', address: -1, value: 0 }],
])('%s cannot be asked', (_what, request) => {
  expect(() => encodeRequest(request)).toThrow(RangeError);
});

test('the largest write fits into the longest frame', () => {
  const bytes = encodeRequestFrame(247, { kind: 'writeCoils', start: 0, values: Array<boolean>(1968).fill(true) });
  expect(bytes.length).toBe(255);
  expect(decodeRequestFrame(bytes)?.unit).toBe(247);
});

test.each([0, 248, 1.5])('unit %d cannot be asked', (unit) => {
  expect(() => encodeRequestFrame(unit, { kind: 'readCoils', start: 0, count: 8 })).toThrow(RangeError);
});

test('a response is found behind noise that begins like a longer one', () => {
  const answer = hex('110203ACDB35 2018');
  const bytes = Uint8Array.of(0x11, 0x01, 0xfa, ...answer, 0x11);
  expect(findFrame(bytes, 0, 'response')).toEqual({ start: 3, end: 3 + answer.length });
});

test('a request whose byte count contradicts its quantity is heard as such, and an unknown function too', () => {
  expect(decodeRequest(hex('0F0000000A03CD0100'))).toEqual({ kind: 'contradictory', functionCode: 15 });
  expect(decodeRequest(hex('0400080001'))).toEqual({ kind: 'unknown', functionCode: 4 });
});
