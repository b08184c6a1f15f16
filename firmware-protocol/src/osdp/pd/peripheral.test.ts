import { describe, expect, test } from 'vitest';
import type { Command } from '../messages/commands.ts';
import { encodeCommand } from '../messages/commands.ts';
import type { Sequence } from '../frame/frame.ts';
import { CONFIGURATION_ADDRESS, decodeFrame, encodeFrame } from '../frame/frame.ts';
import { toHex } from '../frame/hex.ts';
import { steady } from '../messages/led.ts';
import type { Peripheral } from './peripheral.ts';
import type { Reply } from '../messages/replies.ts';
import { decodeReply } from '../messages/replies.ts';
import { doorDevice } from '../acu/virtual-bus.fixture.ts';

function commandBytes(
  command: Command | { code: number; data: Uint8Array },
  sequence: Sequence,
  address = 0,
): Uint8Array {
  const payload = 'kind' in command ? encodeCommand(command) : command;
  const content = { direction: 'command', check: 'crc', security: undefined, mac: undefined } as const;
  return encodeFrame({ ...content, address, sequence, ...payload });
}

function ask(
  door: Peripheral,
  command: Command | { code: number; data: Uint8Array },
  sequence: Sequence,
  nowMs = 0,
): Reply | string | undefined {
  const [bytes] = door.receive(commandBytes(command, sequence), nowMs);
  const frame = bytes && decodeFrame(bytes);
  if (frame === undefined || typeof frame === 'string') {
    return frame;
  }
  return decodeReply(frame.code, frame.data);
}

const poll: Command = { kind: 'poll' };
const nak = (error: number): Reply => ({ kind: 'nak', error, details: new Uint8Array() });

describe('sequence', () => {
  test('the same number gets the same bytes, so no key is lost or doubled', () => {
    const door = doorDevice();
    ask(door, poll, 0);
    door.pressKeys({ reader: 0, keys: '1' });
    door.pressKeys({ reader: 0, keys: '2' });
    const [first] = door.receive(commandBytes(poll, 1), 0);
    const [again] = door.receive(commandBytes(poll, 1), 0);
    expect(toHex(again ?? new Uint8Array())).toBe(toHex(first ?? new Uint8Array()));
    expect(ask(door, poll, 2)).toMatchObject({ kind: 'keypad', keys: '2' });
  });

  test('a repeated pulse is one pulse', () => {
    const door = doorDevice();
    const pulse: Command = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] };
    ask(door, poll, 0);
    ask(door, pulse, 1, 0);
    ask(door, pulse, 1, 400);
    door.advance(500);
    expect(door.outputs).toEqual([false]);
  });

  test('a wrong number is refused with NAK 04, until 0 starts anew', () => {
    const door = doorDevice();
    expect(ask(door, poll, 1)).toEqual(nak(4));
    ask(door, poll, 0);
    expect(ask(door, poll, 2)).toEqual(nak(4));
    expect(ask(door, poll, 1)).toEqual({ kind: 'ack' });
    expect(ask(door, { kind: 'id' }, 0)).toMatchObject({ kind: 'pdid' });
  });

  test('BUSY has number 0 and leaves the number as it was', () => {
    const door = doorDevice();
    ask(door, poll, 0);
    door.answerBusy(1);
    const [bytes] = door.receive(commandBytes(poll, 1), 0);
    expect(decodeFrame(bytes ?? new Uint8Array())).toMatchObject({ code: 0x79, sequence: 0 });
    expect(ask(door, poll, 1)).toEqual({ kind: 'ack' });
  });
});

describe('bad input', () => {
  test.each([
    ['an unknown command', { code: 0x99, data: new Uint8Array() }, 3],
    ['a wrong length', { code: 0x68, data: Uint8Array.of(0, 5) }, 2],
    ['an output that is not there', { code: 0x68, data: Uint8Array.of(7, 5, 10, 0) }, 9],
    ['a pulse without an end', { code: 0x68, data: Uint8Array.of(0, 5, 0, 0) }, 9],
    ['a reader that is not there', { code: 0x6a, data: Uint8Array.of(3, 2, 1, 1, 1) }, 9],
  ])('%s is refused', (_name, command, error) => {
    const door = doorDevice();
    expect(ask(door, command, 0)).toEqual(nak(error));
    expect(door.outputs).toEqual([false]);
  });

  test('a secure frame is refused with NAK 05 by a device without keys', () => {
    const door = doorDevice();
    const content = { direction: 'command', address: 0, sequence: 0, check: 'crc', mac: undefined } as const;
    const security = { type: 0x11, data: Uint8Array.of(0) };
    const [reply] = door.receive(encodeFrame({ ...content, security, code: 0x76, data: new Uint8Array(8) }), 0);
    expect(decodeFrame(reply ?? new Uint8Array())).toMatchObject({ code: 0x41, data: Uint8Array.of(5) });
  });

  test('a damaged frame, another address and a reply get no answer', () => {
    const door = doorDevice();
    const damaged = commandBytes(poll, 0);
    damaged[6] = 0x61;
    expect(door.receive(damaged, 0)).toEqual([]);
    expect(door.receive(commandBytes(poll, 0, 5), 0)).toEqual([]);
    const [reply] = doorDevice().receive(commandBytes(poll, 0), 0);
    expect(door.receive(reply ?? new Uint8Array(), 0)).toEqual([]);
  });

  test('half a frame is forgotten when the line has been silent', () => {
    const door = doorDevice();
    expect(door.receive(commandBytes(poll, 0).subarray(0, 6), 0)).toEqual([]);
    expect(door.receive(commandBytes(poll, 0), 400)).toHaveLength(1);
  });
});

test('every device answers the configuration address', () => {
  const [bytes] = doorDevice(5).receive(commandBytes({ kind: 'id' }, 0, CONFIGURATION_ADDRESS), 0);
  expect(bytes?.[2]).toBe(0xff);
});

test('the device ends a pulse by itself and reports it', () => {
  const door = doorDevice();
  ask(door, { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 300 }] }, 0, 0);
  expect(door.outputs).toEqual([true]);
  expect(door.nextDeadlineMs()).toBe(300);
  door.advance(300);
  expect(door.outputs).toEqual([false]);
  expect(ask(door, poll, 1)).toEqual({ kind: 'ostatr', outputs: [true] });
  expect(ask(door, poll, 2)).toEqual({ kind: 'ostatr', outputs: [false] });
});

test.each([
  ['permanentOff', false, false],
  ['permanentOn', true, true],
  ['offAfterTimer', true, false],
  ['onAfterTimer', true, true],
] as const)('during a pulse %s makes the output %s now and %s after it', (action, now, later) => {
  const door = doorDevice();
  ask(door, { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] }, 0, 0);
  ask(door, { kind: 'out', outputs: [{ output: 0, action, durationMs: 0 }] }, 1, 100);
  expect(door.outputs).toEqual([now]);
  door.advance(600);
  expect(door.outputs).toEqual([later]);
});

test('a temporary colour gives way to the permanent one', () => {
  const door = doorDevice();
  const led = { reader: 0, led: 0, permanent: steady('red'), temporary: { ...steady('green'), durationMs: 1000 } };
  expect(ask(door, { kind: 'led', leds: [led] }, 0, 0)).toEqual({ kind: 'ack' });
  expect(door.readers[0]?.colourAt(500)).toBe('green');
  door.advance(1000);
  expect(door.readers[0]?.colourAt(1000)).toBe('red');
});

test('a full queue refuses keys but keeps the newest state of the inputs', () => {
  const door = doorDevice();
  while (door.pressKeys({ reader: 0, keys: '1' })) {
    // until it is full
  }
  door.setInput(0, 'active');
  door.setInput(2, 'active');
  let last: unknown = ask(door, poll, 0);
  for (let sequence: Sequence = 1, reply: unknown = last; JSON.stringify(reply) !== '{"kind":"ack"}';) {
    last = reply;
    reply = ask(door, poll, sequence);
    sequence = sequence === 3 ? 1 : sequence === 2 ? 3 : 2;
  }
  expect(last).toEqual({ kind: 'istatr', inputs: ['active', 'inactive', 'active'] });
});
