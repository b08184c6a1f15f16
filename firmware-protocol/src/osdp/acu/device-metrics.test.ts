import { expect, test } from 'vitest';
import { BUSY_REPEATS_MAX, REPLY_WINDOW_MS, URGENT_QUEUE_MAX } from '../frame/bus-timing.ts';
import { NAK } from '../messages/codes.ts';
import type { Command } from '../messages/commands.ts';
import type { Peripheral } from '../pd/peripheral.ts';
import { VirtualBus, doorDevice } from './virtual-bus.fixture.ts';

const pulse: Command = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 1000 }] };

function online(): { bus: VirtualBus; door: Peripheral; metrics: () => Record<string, number> } {
  const door = doorDevice();
  const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [door] });
  bus.run(300);
  bus.events.length = 0;
  return { bus, door, metrics: () => ({ ...bus.panel.device(0)?.metrics }) };
}

test('questions and answers of a good line are counted, with how long they take', () => {
  const { bus, metrics } = online();
  const asked = bus.sent.length;
  expect(metrics()).toMatchObject({ commands: asked, replies: asked, repeats: 0, timeouts: 0, late: 0, naks: 0 });
  bus.answerMs = 30;
  bus.run(200);
  bus.answerMs = 2;
  bus.run(200);
  const { roundTripMsLast = 0, roundTripMsMax = 0 } = metrics();
  expect(roundTripMsLast).toBeGreaterThan(2);
  expect(roundTripMsLast).toBeLessThan(10);
  expect(roundTripMsMax).toBeGreaterThan(30);
  expect(roundTripMsMax).toBeLessThan(40);
});

test('each thing that goes wrong has a number of its own', () => {
  const { bus, door, metrics } = online();
  let losses = 2;
  bus.fault = (bytes) => (losses-- > 0 ? [] : [bytes]);
  bus.run(5 * REPLY_WINDOW_MS);
  expect(metrics()).toMatchObject({ timeouts: 2, repeats: 2 });
  door.refuseNext(NAK.cannotProcess);
  bus.panel.submit(0, pulse, bus.nowMs);
  bus.run(50);
  door.answerBusy(2);
  bus.run(300);
  door.reset(bus.nowMs);
  bus.run(100);
  expect(metrics()).toMatchObject({ naks: 1, busy: 2, restarts: 1, offlines: 0 });
  bus.peripherals.length = 0;
  bus.run(10_000);
  expect(metrics()).toMatchObject({ offlines: 1 });
});

test('keys and cards are counted as they are told', () => {
  const { bus, door, metrics } = online();
  for (const key of '12') door.pressKeys({ reader: 0, keys: key });
  door.presentCard({ reader: 0, format: 1, bitCount: 8, bits: Uint8Array.of(1) });
  bus.run(300);
  expect(metrics()).toMatchObject({ keypadEvents: 2, cardEvents: 1 });
});

test('a device that is busy for ever costs its command, not its place on the bus', () => {
  const { bus, door, metrics } = online();
  door.answerBusy(10 * BUSY_REPEATS_MAX);
  bus.panel.submit(0, pulse, bus.nowMs);
  bus.run(5_000);
  expect(bus.events).toMatchObject([{ type: 'outcome', outcome: { ok: false, reason: 'busy', mayHaveRun: false } }]);
  expect(metrics()).toMatchObject({ offlines: 0 });
  expect(bus.panel.device(0)?.phase).toBe('online');
  expect(door.outputs).toEqual([false]);
});

test('orders beyond what may wait are refused at once, and counted', () => {
  const { bus, metrics } = online();
  const accepted = Array.from({ length: URGENT_QUEUE_MAX + 1 }, () => bus.panel.submit(0, pulse, bus.nowMs).accepted);
  expect(accepted).toEqual([...Array<boolean>(8).fill(true), false]);
  expect(metrics()).toMatchObject({ refusedCommands: 1 });
});
