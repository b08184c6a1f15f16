import { describe, expect, test } from 'vitest';
import { SCBK_D } from '../secure/session-keys.ts';
import { messageName } from './codes.ts';
import { decodeCommand, encodeCommand } from './commands.ts';
import type { Command } from './commands.ts';
import { hex } from '../frame/hex.fixture.ts';
import { toHex } from '../frame/hex.ts';
import { steady } from './led.ts';
import { FILE_STATUS, decodeReply, encodeReply } from './replies.ts';
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
  [{ kind: 'keyset', keyType: 1, key: SCBK_D }, '0110303132333435363738393A3B3C3D3E3F'],
  [{ kind: 'chlng', rndA: hex('B0B1B2B3B4B5B6B7') }, 'B0B1B2B3B4B5B6B7'],
  [{ kind: 'scrypt', cryptogram: SCBK_D }, '303132333435363738393A3B3C3D3E3F'],
  [{ kind: 'acurxsize', bytes: 1440 }, 'A005'],
  [{ kind: 'keepactive', durationMs: 7000 }, '581B'],
  [{ kind: 'abort' }, ''],
  [{ kind: 'mfg', vendor: '000EE3', data: hex('0102') }, '000EE30102'],
  [
    { kind: 'filetransfer', fileType: 1, total: 0x1_0002, offset: 0x1_0000, bytes: hex('AABB') },
    '0102000100000001000200AABB',
  ],
  [{ kind: 'genauth', data: hex('C0FFEE') }, 'C0FFEE'],
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
  [{ kind: 'fmt', reader: 0, direction: 'backward', text: '42' }, '0001023432'],
  [{ kind: 'rmac', rmac: SCBK_D }, '303132333435363738393A3B3C3D3E3F'],
  [{ kind: 'mfgrep', vendor: 'A0B1C2', data: hex('') }, 'A0B1C2'],
  [
    {
      kind: 'ftstat',
      mayInterleave: true,
      leavesSecureChannel: false,
      hasPollReply: true,
      delayMs: 1000,
      status: FILE_STATUS.malformed,
      bytesMax: 256,
    },
    '05E803FDFF0001',
  ],
  [{ kind: 'xrd', data: hex('0102') }, '0102'],
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
  [0x6a, '0003010101', 'value'],
  [0x6b, '000500010100', 'value'],
  [0x6b, '000100000100', 'value'],
  [0x6e, '00', 'length'],
  [0x6e, '7F80250000', 'value'],
  [0x6e, '0000000000', 'value'],
  [0x75, '0110', 'length'],
  [0x75, '010400000000', 'length'],
  [0x75, '0210303132333435363738393A3B3C3D3E3F', 'value'],
  [0x76, 'B0B1B2B3B4B5B6', 'length'],
  [0x77, 'B0B1B2B3B4B5B6B7', 'length'],
  [0x7b, 'A00500', 'length'],
  [0x7c, '0102000000000000000200AA', 'length'],
  [0x80, '000E', 'length'],
  [0xa2, '00', 'length'],
  [0xa7, '58', 'length'],
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
  [0x76, 'A0A1A2A3A4A5A6A7', 'length'],
  [0x78, 'A0A1', 'length'],
  [0x7a, '05E803', 'length'],
  [0x90, 'A0B1', 'length'],
])('reply %i with data %s is refused: %s', (code, data, fault) => {
  expect(decodeReply(code, hex(data))).toBe(fault);
});

test('a key that no keypad has is a mistake of the caller, and is not repeated in the message', () => {
  expect(() => encodeReply({ kind: 'keypad', reader: 0, keys: '12x' })).toThrow('keys are 0-9, *, # and A-D');
});

describe('what other devices were seen to send is understood', () => {
  test.each<[string, number, string, Reply]>([
    ['* and # of a keypad as plain ASCII', 0x53, '00032A3123', { kind: 'keypad', reader: 0, keys: '*1#' }],
    ['an R-MAC that is refused has no data', 0x78, '', { kind: 'rmac', rmac: hex('') }],
    ['an input in a state without a name', 0x49, '0109', { kind: 'istatr', inputs: ['active', 'unknown'] }],
    ['a reader in a state without a name', 0x4b, '0007', { kind: 'rstatr', readers: ['normal', 'disconnected'] }],
    ['a report of a single input', 0x49, '01', { kind: 'istatr', inputs: ['active'] }],
  ])('%s', (_what, code, data, reply) => {
    expect(decodeReply(code, hex(data))).toEqual(reply);
  });
});

describe('what the wire cannot carry is a mistake of the caller', () => {
  const pulse = { output: 0, action: 'pulseOn', durationMs: 500 } as const;
  const text = { kind: 'text', reader: 0, command: 1, seconds: 0, row: 1, column: 1, text: 'Hi' } as const;
  const beep = { kind: 'buz', reader: 0, tone: 2, onMs: 100, offMs: 100, count: 1 } as const;
  test.each<[Command, string]>([
    [{ kind: 'out', outputs: [] }, 'OUT needs at least one output'],
    [{ kind: 'out', outputs: [{ ...pulse, output: 256 }] }, 'output 256 is not a whole number in 0..255'],
    [{ kind: 'out', outputs: [{ ...pulse, durationMs: 6_553_501 }] }, 'output time of 6553501 ms is not in 0..6553500'],
    [{ kind: 'out', outputs: [{ ...pulse, durationMs: -100 }] }, 'output time of -100 ms'],
    [{ kind: 'out', outputs: [{ ...pulse, durationMs: Number.NaN }] }, 'output time of NaN ms'],
    [{ kind: 'led', leds: [] }, 'LED needs at least one record'],
    [
      { kind: 'led', leds: [{ reader: 0, led: 0, permanent: { ...steady('red'), onMs: 0 } }] },
      'an LED pattern is lit or dark for some time',
    ],
    [
      { kind: 'led', leds: [{ reader: 0, led: 0, permanent: { ...steady('red'), onMs: 25_600 } }] },
      'LED on time of 25600 ms is not in 0..25500',
    ],
    [{ ...beep, tone: 3 }, 'tone 3 is not a whole number in 0..2'],
    [{ ...beep, count: 256 }, 'count 256'],
    [{ ...beep, offMs: 25_501 }, 'buzzer off time of 25501 ms'],
    [{ ...text, text: '门' }, 'text holds a character that is not printable ASCII'],
    [{ ...text, text: 'x'.repeat(256) }, 'length of text 256'],
    [{ ...text, row: 0 }, 'row 0 is not a whole number in 1..255'],
    [{ ...text, command: 5 }, 'text command 5'],
    [{ kind: 'comset', address: 127, baud: 9600 }, 'address 127 is not a whole number in 0..126'],
    [{ kind: 'comset', address: 1, baud: 9600.5 }, 'baud 9600.5'],
    [{ kind: 'keyset', keyType: 2, key: SCBK_D }, 'key type 2'],
    [{ kind: 'keyset', keyType: 1, key: hex('00') }, 'key has 1 bytes, not 16'],
    [{ kind: 'chlng', rndA: hex('00') }, 'RND.A has 1 bytes, not 8'],
    [{ kind: 'scrypt', cryptogram: hex('') }, 'server cryptogram has 0 bytes, not 16'],
    [{ kind: 'acurxsize', bytes: 65_536 }, 'receive size 65536'],
    [{ kind: 'keepactive', durationMs: 65_536 }, 'time to keep the card active 65536'],
    [{ kind: 'filetransfer', fileType: 1, total: 4, offset: 3, bytes: hex('0000') }, 'piece of 2 bytes at 3 is beyond'],
    [{ kind: 'mfg', vendor: '00EE3', data: hex('') }, 'vendor "00EE3" is not six hexadecimal digits'],
  ])('%j', (command, message) => {
    expect(() => encodeCommand(command)).toThrow(RangeError);
    expect(() => encodeCommand(command)).toThrow(message);
  });

  test.each<[Reply, string]>([
    [{ kind: 'nak', error: 256, details: hex('') }, 'NAK code 256'],
    [{ kind: 'raw', reader: 0, format: 1, bitCount: 26, bits: hex('EA0DC0') }, '26 bits do not stand in 3 bytes'],
    [{ kind: 'fmt', reader: 0, direction: 'forward', text: 'é' }, 'card text holds a character'],
    [{ kind: 'com', address: 127, baud: 9600 }, 'address 127'],
    [{ kind: 'rmac', rmac: hex('00') }, 'R-MAC has 1 bytes, not 16'],
    [{ kind: 'mfgrep', vendor: 'xyz', data: hex('') }, 'vendor "xyz"'],
  ])('%j', (reply, message) => {
    expect(() => encodeReply(reply)).toThrow(RangeError);
    expect(() => encodeReply(reply)).toThrow(message);
  });

  test('parts of a tenth of a second are rounded up: a door is never open too short', () => {
    const { data } = encodeCommand({ kind: 'out', outputs: [{ ...pulse, durationMs: 401 }] });
    expect(toHex(data)).toBe('00050500');
  });
});

test('messages have the names of the specification', () => {
  expect(messageName('command', 0x7c)).toBe('FILETRANSFER');
  expect(messageName('reply', 0x78)).toBe('RMAC_I');
  expect(messageName('reply', 0x60)).toBe('UNKNOWN');
});
