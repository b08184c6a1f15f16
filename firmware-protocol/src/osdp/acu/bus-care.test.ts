import { describe, expect, test } from 'vitest';
import { aes128 } from '../../node/aes.ts';
import { decodeFrame, encodeFrame } from '../frame/frame.ts';
import type { Sequence } from '../frame/frame.ts';
import { COMMAND_CODE, REPLY_CODE } from '../messages/codes.ts';
import type { Command } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import { encodeReply } from '../messages/replies.ts';
import { Peripheral } from '../pd/peripheral.ts';
import { BOARD } from '../pd/wire-panel.fixture.ts';
import type { KeyStore } from '../secure/key-store.ts';
import { MemoryKeyStore } from '../secure/key-store.ts';
import { PROBE_STARVED_MS } from './probe-schedule.ts';
import { OWN_KEY, eventTypes, secureBus, spokenNames, storeWithKeys } from './secure-bus.fixture.ts';
import { SecurePeer } from './secure-peer.fixture.ts';
import { VirtualBus, doorDevice } from './virtual-bus.fixture.ts';
import type { BusDevice } from './virtual-bus.fixture.ts';

const four = [0, 1, 2, 3].map((address) => ({ address }));

function sentTo(bus: VirtualBus, address: number): { atMs: number }[] {
  return bus.sent.filter(({ bytes }) => bytes[2] === address);
}

function gapsOf(bus: VirtualBus, address: number): number[] {
  const polls = sentTo(bus, address);
  const gaps = polls.slice(1).map(({ atMs }, at) => atMs - (polls[at]?.atMs ?? 0));
  return gaps.sort((a, b) => a - b);
}

/** Somebody presses a key every two seconds. */
function typeFor(bus: VirtualBus, door: Peripheral, durationMs: number): void {
  for (let at = 0; at < durationMs; at += 2000) {
    door.pressKeys({ reader: 0, keys: '5' });
    bus.run(2000);
  }
}

describe('keys that never end', () => {
  test('let one probe through in half a minute, and a device that is back is found', () => {
    const door = doorDevice(0);
    const bus = new VirtualBus({ devices: four, peripherals: [door] });
    bus.run(10_000);
    typeFor(bus, door, 4000);
    bus.sent.length = 0;
    typeFor(bus, door, 2 * PROBE_STARVED_MS);
    expect(bus.sent.length - sentTo(bus, 0).length).toBe(2);
    bus.peripherals.push(doorDevice(1), doorDevice(2), doorDevice(3));
    typeFor(bus, door, PROBE_STARVED_MS + 2000);
    expect(bus.events.filter(({ type, address }) => type === 'online' && address > 0)).toHaveLength(1);
  });

  test('do not keep a device that has just fallen silent from being asked again', () => {
    const [door, other] = [doorDevice(0), doorDevice(1)];
    const bus = new VirtualBus({ devices: four.slice(0, 2), peripherals: [door, other] });
    bus.run(1000);
    typeFor(bus, door, 2000);
    bus.peripherals.splice(1, 1);
    typeFor(bus, door, 4000);
    expect(bus.panel.device(1)?.metrics.repeats).toBeGreaterThan(10);
    bus.peripherals.push(other);
    other.pressKeys({ reader: 0, keys: '9' });
    bus.run(300);
    expect(bus.keys.endsWith('9')).toBe(true);
    expect(eventTypes(bus)).not.toContain('offline');
  });
});

describe('a secured device beside three dead ones', () => {
  test('is polled at most 80 ms apart, and one that returns is secured within 2 s', async () => {
    const keys = await storeWithKeys(0, 1, 2, 3);
    const peripherals: BusDevice[] = [new SecurePeer(OWN_KEY, {}, { address: 0 })];
    const bus = secureBus(keys, { devices: four, peripherals });
    bus.run(10_000);
    bus.sent.length = 0;
    bus.run(60_000);
    const gaps = gapsOf(bus, 0);
    expect(gaps[Math.floor(gaps.length * 0.99)]).toBeLessThanOrEqual(80);
    bus.peripherals.push(new SecurePeer(OWN_KEY, {}, { address: 2 }));
    const backMs = bus.nowMs;
    bus.run(2000);
    const online = bus.events.find(({ type, address }) => type === 'online' && address === 2);
    expect((online?.atMs ?? Number.POSITIVE_INFINITY) - backMs).toBeLessThanOrEqual(2000);
  });

  test('is not held up by one that answers and is refused', async () => {
    const keys = await storeWithKeys(0, 1);
    const stranger = new SecurePeer(undefined, {}, { address: 1 });
    const bus = secureBus(keys, { devices: four.slice(0, 2), peripherals: [new SecurePeer(OWN_KEY), stranger] });
    bus.run(10_000);
    bus.sent.length = 0;
    bus.run(30_000);
    expect(gapsOf(bus, 0).at(-1)).toBeLessThanOrEqual(80);
  });
});

describe('tamper, power and readers', () => {
  test('are told when they change, and not when they are only reported', () => {
    const door = doorDevice();
    const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [door] });
    bus.run(300);
    const ask: Command = { kind: 'lstat' };
    const told = (): unknown[] => bus.events.filter(({ type }) => ['tamper', 'power', 'reader'].includes(type));
    bus.panel.submit(0, ask, bus.nowMs);
    bus.panel.submit(0, { kind: 'rstat' }, bus.nowMs);
    bus.run(200);
    expect(told()).toEqual([]);
    door.setTamper(true);
    bus.run(200);
    door.setPower(true);
    bus.panel.submit(0, ask, bus.nowMs);
    bus.run(200);
    door.setReaderState(0, 'tampered');
    bus.run(200);
    door.setTamper(false);
    bus.run(200);
    expect(told()).toMatchObject([
      { type: 'tamper', tampered: true },
      { type: 'power', powerFailed: true },
      { type: 'reader', readers: ['tampered'] },
      { type: 'tamper', tampered: false },
    ]);
  });
});

describe('COMSET', () => {
  function movable(address: number): Peripheral {
    return new Peripheral({ ...BOARD, address, onComset: (wanted) => wanted });
  }

  /** Address 0, and says that it goes where it was not told to go. */
  function lyingDevice(address: number, baud: number): BusDevice {
    const data = Uint8Array.of(address, baud & 0xff, (baud >> 8) & 0xff, baud >> 16, 0);
    return {
      advance: () => {},
      nextDeadlineMs: () => undefined,
      receive: (bytes) => {
        const frame = decodeFrame(bytes);
        if (typeof frame === 'string' || frame.address !== 0) {
          return [];
        }
        const payload =
          frame.code === COMMAND_CODE.comset ? { code: REPLY_CODE.com, data } : encodeReply({ kind: 'ack' });
        return [encodeFrame({ ...frame, ...payload, direction: 'reply' })];
      },
    };
  }

  test('is said at the old address, and the panel goes on at the new one', () => {
    const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [movable(0)] });
    bus.run(300);
    bus.panel.submit(0, { kind: 'comset', address: 5, baud: 115_200 }, bus.nowMs);
    bus.run(500);
    expect(bus.events.slice(-3)).toMatchObject([
      { type: 'outcome', outcome: { ok: true } },
      { type: 'moved', from: 0, to: 5, baud: 115_200 },
      { type: 'online', address: 5 },
    ]);
    expect(bus.panel.addresses).toEqual([5]);
  });

  test('changes the speed of the line when every device has moved', () => {
    const speeds: number[] = [];
    const bus = new VirtualBus({
      devices: [{ address: 0 }, { address: 1 }],
      peripherals: [movable(0), movable(1)],
      onLineSpeed: (baud) => speeds.push(baud),
    });
    bus.run(300);
    bus.panel.submit(0, { kind: 'comset', address: 0, baud: 9600 }, bus.nowMs);
    bus.run(500);
    expect(speeds).toEqual([]);
    bus.panel.submit(1, { kind: 'comset', address: 1, baud: 9600 }, bus.nowMs);
    bus.run(500);
    expect(speeds).toEqual([9600]);
    expect(bus.panel.baud).toBe(9600);
  });

  test('to the address of another device is refused', () => {
    const bus = new VirtualBus({ devices: four.slice(0, 2), peripherals: [movable(0), movable(1)] });
    bus.run(300);
    const submission = bus.panel.submit(0, { kind: 'comset', address: 1, baud: 9600 }, bus.nowMs);
    expect(submission).toEqual({ accepted: false, reason: 'address-taken' });
  });

  test.each([
    ['that is another device of this bus', { address: 1, baud: 115_200 }],
    ['that no device may have', { address: 0x7f, baud: 115_200 }],
    ['at a speed of nothing', { address: 5, baud: 0 }],
  ])('answered with an address %s is not followed', (_, { address, baud }) => {
    const bus = new VirtualBus({ devices: four.slice(0, 2), peripherals: [doorDevice(1), lyingDevice(address, baud)] });
    bus.run(300);
    bus.panel.submit(0, { kind: 'comset', address: 5, baud: 115_200 }, bus.nowMs);
    bus.run(3_000);
    expect(bus.events.filter(({ type }) => type === 'outcome')).toMatchObject([
      { outcome: { ok: false, reason: 'malformed-reply', mayHaveRun: true } },
    ]);
    expect(bus.events.map(({ type }) => type)).not.toContain('moved');
    expect(bus.panel.addresses).toEqual([0, 1]);
    expect(bus.panel.device(1)).toMatchObject({ phase: 'online' });
  });

  test('answered with yet another address does not forget the key of who is stored at the one that was wanted', async () => {
    const keys = await storeWithKeys(5);
    const bus = secureBus(keys, { peripherals: [lyingDevice(6, 115_200)] });
    bus.run(300);
    bus.panel.submit(0, { kind: 'comset', address: 5, baud: 115_200 }, bus.nowMs);
    await bus.runAwaiting(500);
    expect(bus.panel.addresses).toEqual([6]);
    expect(keys.get(5)?.current).toEqual(OWN_KEY);
  });

  test('takes the key along: it is stored for the new address before the device moves', async () => {
    const keys = await storeWithKeys(0);
    const secure = { newCipher: aes128, random: () => new Uint8Array(8), key: OWN_KEY, installMode: false };
    const device = new Peripheral({
      ...BOARD,
      secure: { ...secure, onKeySet: () => {}, enforced: true },
      onComset: (wanted) => {
        expect(keys.get(5)?.current).toEqual(OWN_KEY);
        return wanted;
      },
    });
    const bus = secureBus(keys, { peripherals: [device] });
    bus.run(300);
    bus.panel.submit(0, { kind: 'comset', address: 5, baud: 115_200 }, bus.nowMs);
    await bus.runAwaiting(500);
    expect(bus.panel.device(5)).toMatchObject({ phase: 'online', secure: 'secured' });
    expect(keys.get(0)).toBeUndefined();
  });

  test('takes along the key that the device was given meanwhile', async () => {
    const keys = await storeWithKeys(0);
    const onDisk: KeyStore = {
      get: (address) => keys.get(address),
      put: (address, key) => new Promise(setImmediate).then(() => keys.put(address, key)),
    };
    let deviceKey = OWN_KEY;
    const device = new Peripheral({
      ...BOARD,
      secure: {
        newCipher: aes128,
        random: () => new Uint8Array(8),
        key: OWN_KEY,
        installMode: false,
        onKeySet: (key) => {
          deviceKey = key;
        },
        enforced: true,
      },
      onComset: (wanted) => wanted,
    });
    const bus = secureBus(onDisk, { peripherals: [device] });
    bus.run(300);
    bus.panel.rotateKey(0);
    bus.panel.submit(0, { kind: 'comset', address: 5, baud: 115_200 }, bus.nowMs);
    await bus.runAwaiting(1_000);
    expect(deviceKey).not.toEqual(OWN_KEY);
    expect(bus.panel.device(5)).toMatchObject({ phase: 'online', secure: 'secured' });
    expect(keys.get(5)?.current).toEqual(deviceKey);
  });

  test('is not said to a device whose key cannot be stored', async () => {
    const keys = await storeWithKeys(0);
    const failing = { get: (address: number) => keys.get(address), put: () => Promise.reject(new Error('full')) };
    const bus = secureBus(failing, { peripherals: [new SecurePeer(OWN_KEY)] });
    bus.run(300);
    bus.panel.submit(0, { kind: 'comset', address: 5, baud: 115_200 }, bus.nowMs);
    await bus.runAwaiting(500);
    expect(bus.events.at(-1)).toMatchObject({ outcome: { reason: 'key-store', mayHaveRun: false } });
    expect(spokenNames(bus).some((word) => word.startsWith('COMSET'))).toBe(false);
  });
});

describe('a plain line that holds frames back', () => {
  const key = (keys: string): Reply => ({ kind: 'keypad', reader: 0, keys });

  function replyOf(sequence: Sequence, reply: Reply): Uint8Array {
    const content = { direction: 'reply', address: 0, check: 'crc', security: undefined, mac: undefined } as const;
    return encodeFrame({ ...content, sequence, ...encodeReply(reply) });
  }

  /** A device whose every answer a test writes; `question` counts from 0. */
  function scriptedBus(answer: (question: number, sequence: Sequence) => readonly Uint8Array[]): VirtualBus {
    let count = -1;
    const device: BusDevice = {
      advance: () => {},
      nextDeadlineMs: () => undefined,
      receive: (bytes) => {
        count += 1;
        return [...answer(count, ((bytes[5] ?? 0) & 3) as Sequence)];
      },
    };
    return new VirtualBus({ devices: [{ address: 0 }], peripherals: [device] });
  }

  test('the same key pressed four times comes four times, although the fourth looks like the first', () => {
    const door = doorDevice();
    const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [door] });
    bus.run(300);
    for (let press = 0; press < 8; press += 1) {
      door.pressKeys({ reader: 0, keys: '1' });
    }
    bus.run(1000);
    expect(bus.keys).toBe('11111111');
  });

  test('a copy of a key that comes three exchanges late is not a second key', () => {
    const ack: Reply = { kind: 'ack' };
    let first: Sequence | undefined;
    const bus = scriptedBus((question, sequence) => {
      if (question === 6) {
        first = sequence;
        return [replyOf(sequence, key('7'))];
      }
      // Three exchanges later the copy comes just before the answer.
      return question === 9 && first === sequence
        ? [replyOf(sequence, key('7')), replyOf(sequence, ack)]
        : [replyOf(sequence, ack)];
    });
    bus.run(2000);
    expect(bus.keys).toBe('7');
  });

  test('a key in the place of the answer to an order is told, and the order goes out again', () => {
    const orders: number[] = [];
    const bus = scriptedBus((question, sequence) => {
      const isOrder = bus.sent.at(-1)?.bytes[6] === COMMAND_CODE.out;
      orders.push(...(isOrder ? [question] : []));
      return [replyOf(sequence, isOrder && orders.length === 1 ? key('3') : { kind: 'ack' })];
    });
    bus.run(500);
    bus.panel.submit(0, { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] }, bus.nowMs);
    bus.run(500);
    expect(bus.keys).toBe('3');
    expect(orders).toHaveLength(2);
    expect(bus.events.at(-1)).toMatchObject({ type: 'outcome', outcome: { ok: true, reply: { kind: 'ack' } } });
  });

  test('a key whose place a late acknowledgement has taken is heard all the same', () => {
    const ack: Reply = { kind: 'ack' };
    const bus = scriptedBus((question, sequence) =>
      question === 9 ? [replyOf(sequence, ack), replyOf(sequence, key('4'))] : [replyOf(sequence, ack)],
    );
    bus.run(2000);
    expect(bus.keys).toBe('4');
  });
});

test('a panel without keys refuses devices that need them', async () => {
  const devices = [{ address: 0, requireSecure: true }];
  const refusal = expect.objectContaining({ code: 'osdp-secure-missing' });
  expect(() => new VirtualBus({ devices, peripherals: [] })).toThrow(refusal);
  const bus = secureBus(new MemoryKeyStore(), { peripherals: [doorDevice()] });
  bus.run(300);
  expect(() => bus.panel.rotateKey(0)).toThrow(expect.objectContaining({ code: 'osdp-not-secured' }));
  expect(() => bus.panel.openPairingWindow(4, 1000)).toThrow(expect.objectContaining({ code: 'osdp-address-unknown' }));
});
