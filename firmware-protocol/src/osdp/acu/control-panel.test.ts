import { describe, expect, test } from 'vitest';
import { COMMAND_QUEUE_MAX, DOOR_BUSY_MS, OFFLINE_AFTER_MS } from '../frame/bus-timing.ts';
import { NAK } from '../messages/codes.ts';
import type { Command } from '../messages/commands.ts';
import { ControlPanel } from './control-panel.ts';
import { decodeFrame, encodeFrame } from '../frame/frame.ts';
import { toHex } from '../frame/hex.ts';
import { steady } from '../messages/led.ts';
import { VirtualBus, doorDevice } from './virtual-bus.fixture.ts';

const pulse: Command = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 1000 }] };
const light: Command = { kind: 'led', leds: [{ reader: 0, led: 0, permanent: steady('red') }] };

/** Code and sequence of what the panel sent, such as `60#1`. */
function spoken(bus: VirtualBus): string[] {
  return bus.sent.map(({ bytes }) => {
    const frame = decodeFrame(bytes);
    return typeof frame === 'string' ? frame : `${frame.code.toString(16)}#${frame.sequence}`;
  });
}

function oneDoor(): { bus: VirtualBus; door: ReturnType<typeof doorDevice> } {
  const door = doorDevice();
  const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [door] });
  bus.run(300);
  bus.sent.length = 0;
  bus.events.length = 0;
  return { bus, door };
}

function sentTo(bus: VirtualBus, address: number): { atMs: number }[] {
  return bus.sent.filter(({ bytes }) => bytes[2] === address);
}

describe('bring-up', () => {
  test('asks ID with sequence 0, then CAP, then polls', () => {
    const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [doorDevice()] });
    bus.run(300);
    expect(spoken(bus).slice(0, 7)).toEqual(['61#0', '62#1', '60#2', '60#3', '60#1', '60#2', '60#3']);
    expect(bus.events[0]).toMatchObject({ type: 'online', address: 0, identity: { vendor: '474343' } });
    expect(bus.events[0]?.atMs).toBeLessThan(20);
  });

  test('a device that refuses to say who it is comes online all the same', () => {
    const door = doorDevice();
    door.refuseNext(NAK.unknownCommand);
    const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [door] });
    bus.run(200);
    expect(bus.events.map(({ type }) => type)).toEqual(['nak', 'online']);
    expect(bus.panel.device(0)?.identity).toBeUndefined();
  });

  test('a device that takes longer than the probe window to answer is found too', () => {
    const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [doorDevice()], answerMs: 120 });
    bus.run(2000);
    expect(bus.events.map(({ type }) => type)).toEqual(['online']);
    expect(bus.panel.device(0)?.metrics.late).toBe(1);
  });

  test('a device that only knows the checksum is spoken to in checksums', () => {
    const bus = new VirtualBus({ devices: [{ address: 0, check: 'checksum' }], peripherals: [doorDevice()] });
    bus.run(100);
    expect(bus.panel.device(0)?.phase).toBe('online');
    expect(toHex(bus.sent[0]?.bytes ?? new Uint8Array())).toBe('FF5300080000610044');
  });
});

describe('an answer that does not come', () => {
  test('gets the same bytes asked again until it does', () => {
    const { bus, door } = oneDoor();
    let losses = 3;
    bus.fault = (bytes) => (losses-- > 0 ? [] : [bytes]);
    door.pressKeys({ reader: 0, keys: '7' });
    bus.run(1500);
    const [first, second] = bus.sent.map(({ bytes }) => toHex(bytes));
    expect(second).toBe(first);
    expect(bus.keys).toBe('7');
  });

  test('makes the device offline after 8 s, not before, and what waits fails', () => {
    const { bus } = oneDoor();
    bus.peripherals.length = 0;
    const submission = bus.panel.submit(0, light, bus.nowMs);
    expect(submission.accepted).toBe(true);
    bus.run(OFFLINE_AFTER_MS - 400);
    expect(bus.events).toEqual([]);
    bus.run(800);
    expect(bus.events.map(({ type }) => type)).toEqual(['outcome', 'offline']);
    expect(bus.events[0]).toMatchObject({ outcome: { ok: false, reason: 'offline' } });
    expect(bus.panel.submit(0, light, bus.nowMs)).toEqual({ accepted: false, reason: 'offline' });
  });

  test('does not keep a device away for long when it comes back', () => {
    const { bus, door } = oneDoor();
    bus.peripherals.length = 0;
    bus.run(20_000);
    bus.peripherals.push(door);
    const backMs = bus.nowMs;
    bus.run(2000);
    const online = bus.events.find(({ type }) => type === 'online');
    expect((online?.atMs ?? Number.POSITIVE_INFINITY) - backMs).toBeLessThan(1100);
  });
});

describe('a command', () => {
  test('that opens a door goes before everything that waits, also of other devices', () => {
    const devices = [{ address: 0 }, { address: 1 }];
    const bus = new VirtualBus({ devices, peripherals: [doorDevice(0), doorDevice(1)] });
    bus.run(500);
    for (let count = 0; count < 5; count += 1) {
      bus.panel.submit(0, light, bus.nowMs);
      bus.panel.submit(1, light, bus.nowMs);
    }
    bus.panel.submit(1, pulse, bus.nowMs);
    bus.sent.length = 0;
    bus.run(10);
    expect(spoken(bus)[0]).toMatch(/^68#/);
  });

  test('does not keep keys from being heard, however many wait', () => {
    const { bus, door } = oneDoor();
    for (let count = 0; count < COMMAND_QUEUE_MAX; count += 1) {
      bus.panel.submit(0, light, bus.nowMs);
    }
    expect(bus.panel.submit(0, light, bus.nowMs)).toEqual({ accepted: false, reason: 'queue-full' });
    door.pressKeys({ reader: 0, keys: '5' });
    bus.run(60);
    expect(bus.keys).toBe('5');
  });

  test('that the device refuses fails, and the device stays online', () => {
    const { bus, door } = oneDoor();
    door.refuseNext(NAK.cannotProcess);
    bus.panel.submit(0, pulse, bus.nowMs);
    bus.run(100);
    expect(bus.events).toMatchObject([
      { type: 'nak', nakError: 9 },
      { type: 'outcome', outcome: { ok: false, reason: 'nak', nakError: 9, mayHaveRun: false } },
    ]);
    expect(bus.panel.device(0)?.phase).toBe('online');
  });

  test('is repeated while the device is busy', () => {
    const { bus, door } = oneDoor();
    door.answerBusy(3);
    bus.panel.submit(0, pulse, bus.nowMs);
    bus.run(400);
    expect(bus.events.find(({ type }) => type === 'outcome')).toMatchObject({ outcome: { ok: true } });
    expect(bus.panel.device(0)?.metrics).toMatchObject({ busy: 3, timeouts: 0 });
  });

  test('is not sent any more once it has expired', () => {
    const { bus, door } = oneDoor();
    bus.fault = () => [];
    bus.panel.submit(0, pulse, bus.nowMs, { expiresAtMs: bus.nowMs + 500 });
    bus.run(1000);
    expect(bus.events).toMatchObject([{ type: 'outcome', outcome: { reason: 'expired', mayHaveRun: true } }]);
    bus.fault = (bytes) => [bytes];
    bus.run(3000);
    expect(door.outputs).toEqual([false]);
    expect(spoken(bus).filter((word) => word === '60#0')).not.toHaveLength(0);
    expect(bus.panel.device(0)?.phase).toBe('online');
  });

  test('survives a power cut of the device, which is told as a restart', () => {
    const { bus, door } = oneDoor();
    door.reset(bus.nowMs);
    bus.panel.submit(0, pulse, bus.nowMs);
    bus.run(100);
    expect(bus.events.map(({ type }) => type)).toEqual(['restarted', 'outcome', 'output']);
    expect(door.outputs).toEqual([true]);
  });

  test('of a device that is taken off the bus ends as removed', () => {
    const { bus } = oneDoor();
    bus.panel.submit(0, light, bus.nowMs);
    expect(bus.panel.removeDevice(0)).toBe(true);
    expect(bus.events).toMatchObject([{ type: 'outcome', outcome: { reason: 'removed' } }]);
    expect(bus.panel.submit(0, light, bus.nowMs)).toEqual({ accepted: false, reason: 'unknown-device' });
  });
});

describe('dead devices on the bus', () => {
  const devices = [0, 1, 2, 3].map((address) => ({ address }));

  test('are probed in the gaps between two polls of the live one', () => {
    const bus = new VirtualBus({ devices, peripherals: [doorDevice(0)] });
    bus.run(10_000);
    bus.sent.length = 0;
    bus.run(60_000);
    const polls = sentTo(bus, 0);
    const gaps = polls.slice(1).map(({ atMs }, index) => atMs - (polls[index]?.atMs ?? 0));
    gaps.sort((a, b) => a - b);
    expect(gaps.at(-1)).toBeLessThanOrEqual(60);
    expect(sentTo(bus, 3).length).toBeGreaterThan(50);
    expect(polls.length).toBeGreaterThan(1000);
  });

  test('are left alone for 5 s after a key', () => {
    const door = doorDevice(0);
    const bus = new VirtualBus({ devices, peripherals: [door] });
    bus.run(10_000);
    door.pressKeys({ reader: 0, keys: '1' });
    bus.run(100);
    expect(bus.keys).toBe('1');
    bus.sent.length = 0;
    bus.run(DOOR_BUSY_MS - 200);
    expect(bus.sent.length).toBe(sentTo(bus, 0).length);
    bus.run(2000);
    expect(sentTo(bus, 1).length).toBeGreaterThan(0);
  });

  test('come online within 2 s when they are plugged in', () => {
    const bus = new VirtualBus({ devices, peripherals: [doorDevice(0)] });
    bus.run(10_000);
    bus.peripherals.push(doorDevice(2));
    const pluggedMs = bus.nowMs;
    bus.run(2000);
    const online = bus.events.find((event) => event.type === 'online' && event.address === 2);
    expect((online?.atMs ?? Number.POSITIVE_INFINITY) - pluggedMs).toBeLessThan(2000);
  });

  test('do not hold up another door when they should have opened one', () => {
    const [first, second] = [doorDevice(0), doorDevice(1)];
    const bus = new VirtualBus({ devices: devices.slice(0, 2), peripherals: [first, second] });
    bus.run(500);
    bus.peripherals.shift();
    bus.panel.submit(0, pulse, bus.nowMs, { expiresAtMs: bus.nowMs + 4000 });
    bus.run(600);
    second.pressKeys({ reader: 0, keys: '9' });
    bus.run(150);
    expect(bus.keys).toBe('9');
  });
});

test('an idle device is polled every 50 ms, one with somebody before it as fast as the wire allows', () => {
  const { bus, door } = oneDoor();
  bus.run(1000);
  expect(bus.sent.length).toBeGreaterThanOrEqual(19);
  expect(bus.sent.length).toBeLessThanOrEqual(21);
  door.pressKeys({ reader: 0, keys: '1' });
  bus.run(100);
  bus.sent.length = 0;
  bus.run(1000);
  expect(bus.sent.length).toBeGreaterThan(300);
});

test('an OUT sent from inside the key event is the next thing on the bus', () => {
  const door = doorDevice();
  const bus = new VirtualBus({
    devices: [{ address: 0 }],
    peripherals: [door],
    onEvent: (event) => event.type === 'keypad' && bus.panel.submit(0, pulse, bus.nowMs),
  });
  bus.run(300);
  door.pressKeys({ reader: 0, keys: '#' });
  bus.run(100);
  const keyMs = bus.events.find(({ type }) => type === 'keypad')?.atMs;
  const out = bus.sent.find(({ bytes }) => bytes[6] === 0x68);
  expect(out?.atMs).toBe(keyMs);
});

test('our own echo and strangers on the line are counted, not obeyed', () => {
  const { bus } = oneDoor();
  const content = { address: 9, sequence: 1, check: 'crc', security: undefined, mac: undefined } as const;
  const stranger = encodeFrame({ ...content, direction: 'reply', code: 0x40, data: new Uint8Array() });
  bus.panel.receive(bus.sent[0]?.bytes ?? stranger, bus.nowMs);
  bus.panel.receive(stranger, bus.nowMs);
  expect(bus.panel.metrics.framesForeign).toBeGreaterThan(0);
  expect(bus.events).toEqual([]);
});

test('two devices cannot share an address, and none can have 127', () => {
  const panel = new ControlPanel({ baud: 9600, devices: [{ address: 1 }], onEvent: () => {} });
  expect(() => panel.addDevice({ address: 1 })).toThrow(expect.objectContaining({ code: 'osdp-address-taken' }));
  expect(() => panel.addDevice({ address: 127 })).toThrow(expect.objectContaining({ code: 'osdp-address-invalid' }));
});
