import { expect, test } from 'vitest';
import { decodeCommand, encodeCommand } from './commands.ts';
import type { Command } from './commands.ts';
import { hex } from '../frame/hex.fixture.ts';
import { toHex } from '../frame/hex.ts';
import { steady } from './led.ts';
import { decodeReply, encodeReply } from './replies.ts';
import type { Reply } from './replies.ts';

test.each<[Command, string]>([
  [{ kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 5000 }] }, '00053200'],
  [
    {
      kind: 'led',
      leds: [{ reader: 0, led: 0, temporary: { ...steady('green'), durationMs: 3000 } }],
    },
    '000002010002021E000000000000',
  ],
  [{ kind: 'led', leds: [{ reader: 0, led: 0, permanent: steady('red') }] }, '0000000000000000000101000101'],
  [{ kind: 'led', leds: [{ reader: 1, led: 0, temporary: 'cancel' }] }, '0100010000000000000000000000'],
  [{ kind: 'text', reader: 0, command: 1, seconds: 0, row: 1, column: 1, text: 'Hi' }, '0001000101024869'],
])('%j', (command, data) => {
  const payload = encodeCommand(command);
  expect(toHex(payload.data)).toBe(data);
  expect(decodeCommand(payload.code, payload.data)).toEqual(command);
});

test.each<[Reply, string]>([
  [{ kind: 'keypad', reader: 0, keys: '0301*#' }, '0006303330317F0D'],
  [{ kind: 'raw', reader: 0, format: 1, bitCount: 26, bits: hex('EA0DC0C0') }, '00011A00EA0DC0C0'],
  [{ kind: 'lstatr', tampered: true, powerFailed: false }, '0100'],
  [{ kind: 'istatr', inputs: ['inactive', 'active', 'cut'] }, '000103'],
  [{ kind: 'ostatr', outputs: [true, false] }, '0100'],
  [{ kind: 'rstatr', readers: ['normal', 'tampered'] }, '0002'],
  [{ kind: 'com', address: 3, baud: 115_200 }, '0300C20100'],
  [{ kind: 'pdcap', capabilities: [{ functionCode: 8, compliance: 1, count: 0 }] }, '080100'],
])('%j', (reply, data) => {
  const payload = encodeReply(reply);
  expect(toHex(payload.data)).toBe(data);
  expect(decodeReply(payload.code, payload.data)).toEqual(reply);
});

test.each([
  [0x99, '', 'unknown-code'],
  [0x60, '00', 'length'],
  [0x68, '', 'length'],
  [0x68, '000532', 'length'],
  [0x68, '00073200', 'value'],
  [0x69, '0000020000020200000000000000', 'value'],
  [0x69, '0000000000000000000101000901', 'value'],
  [0x6a, '0002', 'length'],
  [0x6b, '00010001010448', 'length'],
  [0x6e, '00', 'length'],
])('command %i with data %s is refused: %s', (code, data, fault) => {
  expect(decodeCommand(code, hex(data))).toBe(fault);
});

test.each([
  [0x99, '', 'unknown-code'],
  [0x41, '', 'length'],
  [0x45, '00', 'length'],
  [0x46, '0001', 'length'],
  [0x48, '00', 'length'],
  [0x50, '00011A00EA0DC0', 'length'],
  [0x53, '000230', 'length'],
  [0x53, '00025A30', 'value'],
  [0x54, '00', 'length'],
])('reply %i with data %s is refused: %s', (code, data, fault) => {
  expect(decodeReply(code, hex(data))).toBe(fault);
});

test('a key that no keypad has is a mistake of the caller, and is not repeated in the message', () => {
  expect(() => encodeReply({ kind: 'keypad', reader: 0, keys: '12x' })).toThrow('keys are 0-9, *, # and A-D');
});
