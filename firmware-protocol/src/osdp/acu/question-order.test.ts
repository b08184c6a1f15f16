import { describe, expect, test } from 'vitest';
import { PROBE_WINDOW_MS, REPLY_WINDOW_MS } from '../frame/bus-timing.ts';
import type { Command } from '../messages/commands.ts';
import { MemoryKeyStore } from '../secure/key-store.ts';
import { ControlPanel } from './control-panel.ts';
import { secureBus } from './secure-bus.fixture.ts';
import { SecurePeer } from './secure-peer.fixture.ts';
import { VirtualBus, doorDevice } from './virtual-bus.fixture.ts';

const pulse: Command = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 1000 }] };
const OUT = 0x68;
const codeOf = (bytes: Uint8Array): number | undefined => bytes[6];

test('an order to open that was lost is repeated before anybody is polled, however long that is due', () => {
  const devices = [{ address: 0 }, { address: 1 }];
  const bus = new VirtualBus({ devices, peripherals: [doorDevice(0), doorDevice(1)] });
  bus.run(500);
  bus.sent.length = 0;
  let isLost = false;
  bus.fault = (bytes) => {
    const isFirstOrder = codeOf(bytes) === OUT && !isLost;
    isLost ||= isFirstOrder;
    return isFirstOrder ? [] : [bytes];
  };
  bus.panel.submit(1, pulse, bus.nowMs);
  bus.run(REPLY_WINDOW_MS + 50);
  expect(isLost).toBe(true);
  expect(bus.sent.slice(0, 2).map(({ bytes }) => [bytes[2], codeOf(bytes)])).toEqual([
    [1, OUT],
    [1, OUT],
  ]);
});

describe.each([1_200, 9_600, 115_200])('at %d baud', (baud) => {
  const wireMs = (bytes: Uint8Array | undefined): number => ((bytes?.length ?? 0) * 10_000) / baud;

  test('an answer is waited for from the end of the question on the wire', () => {
    const panel = new ControlPanel({ baud, devices: [{ address: 0 }], onEvent: () => {} });
    const probe = panel.nextTransmission(0);
    expect(panel.nextDeadlineMs()).toBeCloseTo(wireMs(probe) + PROBE_WINDOW_MS);
    const device = doorDevice(0);
    for (const reply of device.receive(probe ?? new Uint8Array(), 100)) {
      panel.receive(reply, 100);
    }
    // It is there, and has the whole window from now on.
    const cap = panel.nextTransmission(1_000);
    expect(panel.nextDeadlineMs()).toBeCloseTo(1_000 + wireMs(cap) + REPLY_WINDOW_MS);
  });
});

test('OUT that is answered with the state of the outputs is obeyed, and not said again', () => {
  const peer = new SecurePeer(undefined);
  const bus = secureBus(new MemoryKeyStore(), { peripherals: [peer] });
  bus.run(300);
  [bus.events.length, bus.sent.length] = [0, 0];
  // One that was said again would be answered like any other.
  peer.scripted.push((frame) =>
    frame.code === OUT ? peer.clear(frame, { kind: 'ostatr', outputs: [true] }) : undefined,
  );
  bus.panel.submit(0, pulse, bus.nowMs);
  bus.run(200);
  expect(bus.sent.filter(({ bytes }) => codeOf(bytes) === OUT)).toHaveLength(1);
  expect(bus.events.slice(0, 2)).toMatchObject([
    { type: 'output', outputs: [true] },
    { type: 'outcome', outcome: { ok: true } },
  ]);
});

test('a question that came damaged to a device that says so goes out again with the same bytes', () => {
  const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [doorDevice(0, { refusesBadCheck: true })] });
  bus.run(300);
  [bus.events.length, bus.sent.length] = [0, 0];
  let isDamaged = false;
  bus.fault = (bytes) => {
    const isFirstOrder = codeOf(bytes) === OUT && !isDamaged;
    isDamaged ||= isFirstOrder;
    return [isFirstOrder ? bytes.map((byte, at) => (at === 8 ? byte ^ 1 : byte)) : bytes];
  };
  bus.panel.submit(0, pulse, bus.nowMs);
  bus.run(100);
  const [first, again] = bus.sent.filter(({ bytes }) => codeOf(bytes) === OUT);
  expect(again?.bytes).toEqual(first?.bytes);
  expect(bus.events.filter(({ type }) => type === 'outcome')).toMatchObject([{ outcome: { ok: true } }]);
  expect(bus.panel.device(0)?.metrics).toMatchObject({ timeouts: 0, naks: 1 });
});
