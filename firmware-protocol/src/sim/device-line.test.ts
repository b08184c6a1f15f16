import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CONFIGURATION_ADDRESS, decodeFrame, encodeFrame } from '../osdp/frame/frame.ts';
import type { Sequence } from '../osdp/frame/frame.ts';
import type { Command } from '../osdp/messages/commands.ts';
import { encodeCommand } from '../osdp/messages/commands.ts';
import { Peripheral } from '../osdp/pd/peripheral.ts';
import type { ByteLink } from '../transport/link.ts';
import { systemClock } from '../units/time.ts';
import { DeviceLine } from './device-line.ts';
import type { FaultStep } from './fault-script.ts';

const identity = { vendor: '474354', model: 1, version: 1, serial: 1, firmware: { major: 1, minor: 0, build: 0 } };
const ACK = 0x40;
const NAK = 0x41;
const BUSY = 0x79;
const poll: Command = { kind: 'poll' };

function newDevice(address: number): Peripheral {
  return new Peripheral({ address, identity, inputs: 1, outputs: 1, readers: 1, onChange: () => {} });
}

/** The panel's end of a line in virtual time, with what came back. */
class Bench {
  readonly devices = [newDevice(0), newDevice(1), newDevice(2)] as const;
  readonly line: DeviceLine;
  readonly arrived: Uint8Array[] = [];
  /** What is said to the devices on the newest link. */
  hear: (bytes: Uint8Array) => void = () => {};

  constructor(options: { random?: () => number; baud?: number } = {}) {
    this.line = new DeviceLine({ clock: systemClock, devices: this.devices, ...options });
    this.attach();
  }

  attach(): void {
    const link: ByteLink = {
      write: (bytes) => this.arrived.push(bytes),
      onData: (listener) => {
        this.hear = listener;
      },
      onClose: () => {},
      close: () => {},
    };
    this.line.attach(link);
  }

  send(bytes: Uint8Array): void {
    this.hear(bytes);
  }

  ask(address: number, sequence: Sequence, command = poll): void {
    this.send(commandBytes(address, sequence, command));
  }

  /** What came back since the last call: code, address and number of each frame. */
  take(): unknown[] {
    return this.arrived.splice(0).map((bytes) => {
      const frame = decodeFrame(bytes);
      return typeof frame === 'string' ? frame : [frame.code, frame.address, frame.sequence];
    });
  }
}

function commandBytes(address: number, sequence: Sequence, command: Command): Uint8Array {
  const content = { direction: 'command', check: 'crc', security: undefined, mac: undefined } as const;
  return encodeFrame({ ...content, address, sequence, ...encodeCommand(command) });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('devices on one line', () => {
  test('each answers to its address, all to the shared one, nobody to others', () => {
    const bench = new Bench();
    bench.ask(2, 0);
    bench.ask(0, 0);
    bench.ask(9, 0);
    expect(bench.take()).toEqual([
      [ACK, 2, 0],
      [ACK, 0, 0],
    ]);
    bench.ask(CONFIGURATION_ADDRESS, 0);
    expect(bench.take()).toHaveLength(3);
  });

  test('hear a frame whose bytes come one by one', () => {
    const bench = new Bench();
    for (const byte of commandBytes(1, 0, poll)) {
      bench.send(Uint8Array.of(byte));
    }
    expect(bench.take()).toEqual([[ACK, 1, 0]]);
  });

  test('are not confused by noise and halves of frames before a good one', () => {
    const bench = new Bench();
    bench.send(Uint8Array.of(0x12, 0x53, 0x00, 0x40, 0x00, 0x05));
    vi.advanceTimersByTime(200);
    bench.ask(0, 0);
    expect(bench.take()).toEqual([[ACK, 0, 0]]);
  });

  test('end their pulses by themselves', () => {
    const bench = new Bench();
    bench.ask(1, 0, { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] });
    expect(bench.devices[1].outputs).toEqual([true]);
    vi.advanceTimersByTime(499);
    expect(bench.devices[1].outputs).toEqual([true]);
    vi.advanceTimersByTime(2);
    expect(bench.devices[1].outputs).toEqual([false]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('follow COMSET to another address', () => {
    const moved = new Peripheral({
      address: 5,
      identity,
      inputs: 0,
      outputs: 0,
      readers: 0,
      onChange: () => {},
      onComset: (wanted) => wanted,
    });
    const line = new DeviceLine({ clock: systemClock, devices: [moved] });
    const written: Uint8Array[] = [];
    let hear: (bytes: Uint8Array) => void = () => {};
    const onData = (listener: typeof hear): void => {
      hear = listener;
    };
    line.attach({ write: (bytes) => written.push(bytes), onData, onClose: () => {}, close: () => {} });
    hear(commandBytes(5, 0, { kind: 'comset', address: 7, baud: 9_600 }));
    hear(commandBytes(7, 0, poll));
    expect(written.map((bytes) => bytes[2])).toEqual([0x85, 0x87]);
  });

  test('answer at the pace of the wire, both ways', () => {
    const bench = new Bench({ baud: 9_600 });
    bench.ask(0, 0);
    vi.advanceTimersByTime(17);
    expect(bench.take()).toEqual([]);
    vi.advanceTimersByTime(4);
    expect(bench.take()).toEqual([[ACK, 0, 0]]);
  });

  test('a new link takes the line over, and the old one is deaf', () => {
    const bench = new Bench();
    const sendOnOldLink = bench.hear;
    bench.attach();
    sendOnOldLink(commandBytes(0, 0, poll));
    expect(bench.take()).toEqual([]);
    bench.ask(0, 0);
    expect(bench.take()).toEqual([[ACK, 0, 0]]);
  });
});

describe('faults by chance', () => {
  test('are for one device and one direction, or for all', () => {
    const bench = new Bench();
    bench.line.setFaults({ drop: 1 }, { device: bench.devices[1], direction: 'reply' });
    bench.ask(0, 0);
    bench.ask(1, 0, { kind: 'out', outputs: [{ output: 0, action: 'permanentOn', durationMs: 0 }] });
    expect(bench.take()).toEqual([[ACK, 0, 0]]);
    expect(bench.devices[1].outputs).toEqual([true]);
    bench.line.setFaults({ drop: 1 });
    bench.ask(0, 1);
    expect(bench.take()).toEqual([]);
    bench.line.setFaults({ drop: 0 });
    bench.ask(0, 1);
    expect(bench.take()).toEqual([[ACK, 0, 1]]);
  });

  test('repeat themselves with the same random numbers', () => {
    const run = (): unknown[] => {
      let state = 7;
      const random = (): number => {
        state = (state * 48_271) % 0x7f_ff_ff_ff;
        return state / 0x7f_ff_ff_ff;
      };
      const bench = new Bench({ random });
      bench.line.setFaults({ drop: 0.2, corrupt: 0.2, duplicate: 0.2, wrongSequence: 0.2, split: 0.2 });
      let sequence: Sequence = 0;
      for (let turn = 0; turn < 40; turn += 1) {
        bench.ask(0, sequence);
        vi.advanceTimersByTime(20);
        sequence = sequence === 1 ? 2 : sequence === 2 ? 3 : 1;
      }
      return bench.arrived.map((bytes) => Array.from(bytes).join(' '));
    };
    const first = run();
    expect(first.length).toBeGreaterThan(10);
    expect(run()).toEqual(first);
  });
});

describe('a script', () => {
  const scripted = (...steps: FaultStep[]): Bench => {
    const bench = new Bench({ random: () => 0 });
    bench.line.setScript(bench.devices[0], steps);
    return bench;
  };

  test('loses one command, and the repeat goes through', () => {
    const bench = scripted({ direction: 'command', at: 2, fault: { kind: 'drop' } });
    bench.ask(0, 0);
    bench.ask(0, 1);
    expect(bench.take()).toEqual([[ACK, 0, 0]]);
    bench.ask(0, 1);
    expect(bench.take()).toEqual([[ACK, 0, 1]]);
  });

  test('is for the frames of its device only', () => {
    const bench = scripted({ direction: 'command', at: 1, fault: { kind: 'drop' } });
    bench.ask(1, 0);
    bench.ask(0, 0);
    expect(bench.take()).toEqual([[ACK, 1, 0]]);
  });

  test('damages, doubles and renumbers a reply', () => {
    const bench = scripted(
      { direction: 'reply', at: 1, fault: { kind: 'corrupt' } },
      { direction: 'reply', at: 2, fault: { kind: 'duplicate' } },
      { direction: 'reply', at: 3, fault: { kind: 'wrongSequence' } },
    );
    bench.ask(0, 0);
    bench.ask(0, 1);
    bench.ask(0, 2);
    const [damaged, ...rest] = bench.take();
    expect(typeof damaged).toBe('string');
    expect(rest).toEqual([
      [ACK, 0, 1],
      [ACK, 0, 1],
      [ACK, 0, 3],
    ]);
  });

  test('all frames after one are late', () => {
    const bench = scripted({ direction: 'reply', after: 1, fault: { kind: 'delay', delayMs: 300 } });
    bench.ask(0, 0);
    bench.ask(0, 1);
    expect(bench.take()).toEqual([[ACK, 0, 0]]);
    vi.advanceTimersByTime(300);
    expect(bench.take()).toEqual([[ACK, 0, 1]]);
  });

  test.each([
    [100, 1],
    [400, 0],
  ])('a command in two pieces, %d ms apart, has %d answers', (gapMs, answers) => {
    const bench = scripted({ direction: 'command', at: 1, fault: { kind: 'split', gapMs } });
    bench.ask(0, 0);
    expect(bench.take()).toEqual([]);
    vi.advanceTimersByTime(gapMs);
    expect(bench.take()).toHaveLength(answers);
  });

  test('makes the device busy, unwilling and powerless', () => {
    const bench = scripted(
      { direction: 'command', at: 2, fault: { kind: 'busy', count: 1 } },
      { direction: 'command', at: 4, fault: { kind: 'nak', error: 9 } },
      { direction: 'command', at: 5, fault: { kind: 'powerCut', durationMs: 1_000 } },
    );
    const lstat: Command = { kind: 'lstat' };
    bench.ask(0, 0);
    bench.ask(0, 1);
    bench.ask(0, 1);
    bench.ask(0, 2, lstat);
    expect(bench.take()).toEqual([
      [ACK, 0, 0],
      [BUSY, 0, 0],
      [ACK, 0, 1],
      [NAK, 0, 2],
    ]);
    bench.ask(0, 3);
    vi.advanceTimersByTime(999);
    bench.ask(0, 3);
    expect(bench.take()).toEqual([]);
    vi.advanceTimersByTime(1);
    bench.ask(0, 3);
    expect(bench.take()).toEqual([[NAK, 0, 3]]);
  });
});

test('a stopped line keeps no timers', () => {
  const bench = new Bench();
  bench.line.setFaults({ delayMs: 500 });
  bench.ask(0, 0, { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 900 }] });
  bench.line.stop();
  bench.line.stop();
  expect(vi.getTimerCount()).toBe(0);
});
