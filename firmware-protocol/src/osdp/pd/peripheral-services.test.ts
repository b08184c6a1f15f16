import { describe, expect, test } from 'vitest';
import type { Command } from '../messages/commands.ts';
import type { BusSettings } from './command-executor.ts';
import { Peripheral } from './peripheral.ts';
import { BOARD, OWN_KEY, WirePanel, security } from './wire-panel.fixture.ts';

const poll: Command = { kind: 'poll' };
const nak = (error: number): unknown => ({ kind: 'nak', error, details: new Uint8Array() });

describe('status of the device itself', () => {
  test('an open housing and a failing supply are told at the next poll and on demand', () => {
    const device = new Peripheral(BOARD);
    const panel = new WirePanel(device);
    device.setTamper(true);
    device.setPower(true);
    device.setPower(true);
    expect(panel.ask(poll)).toEqual({ kind: 'lstatr', tampered: true, powerFailed: false });
    expect(panel.ask(poll)).toEqual({ kind: 'lstatr', tampered: true, powerFailed: true });
    expect(panel.ask(poll)).toEqual({ kind: 'ack' });
    device.setTamper(false);
    expect(panel.ask({ kind: 'lstat' })).toEqual({ kind: 'lstatr', tampered: false, powerFailed: true });
  });

  test('a reader that is torn off is told', () => {
    const device = new Peripheral(BOARD);
    const panel = new WirePanel(device);
    expect(panel.ask({ kind: 'rstat' })).toEqual({ kind: 'rstatr', readers: ['normal'] });
    device.setReaderState(0, 'disconnected');
    device.setReaderState(3, 'tampered');
    expect(panel.ask(poll)).toEqual({ kind: 'rstatr', readers: ['disconnected'] });
    expect(panel.ask({ kind: 'rstat' })).toEqual({ kind: 'rstatr', readers: ['disconnected'] });
  });

  test('a full queue still tells the newest of each kind of state', () => {
    const device = new Peripheral(BOARD);
    const panel = new WirePanel(device);
    while (device.pressKeys({ reader: 0, keys: '1' })) {
      // until it is full
    }
    device.setTamper(true);
    device.setInput(0, 'active');
    device.setTamper(false);
    const told: unknown[] = [];
    for (let reply = panel.ask(poll); reply?.kind !== 'ack'; reply = panel.ask(poll)) {
      told.push(reply);
    }
    expect(told.slice(-2)).toEqual([
      { kind: 'lstatr', tampered: false, powerFailed: false },
      { kind: 'istatr', inputs: ['active', 'inactive', 'inactive'] },
    ]);
  });
});

describe('COMSET', () => {
  function movable(answer?: BusSettings): { device: Peripheral; wanted: BusSettings[]; panel: WirePanel } {
    const wanted: BusSettings[] = [];
    const onComset = (settings: BusSettings): BusSettings => {
      wanted.push(settings);
      return answer ?? settings;
    };
    const device = new Peripheral({ ...BOARD, onComset });
    return { device, wanted, panel: new WirePanel(device) };
  }

  test('is answered at the old address, and then the device is at the new one', () => {
    const { device, wanted, panel } = movable();
    expect(panel.ask({ kind: 'comset', address: 9, baud: 38_400 })).toEqual({ kind: 'com', address: 9, baud: 38_400 });
    expect(wanted).toEqual([{ address: 9, baud: 38_400 }]);
    expect(device.address).toBe(9);
    expect(panel.ask(poll)).toBeUndefined();
  });

  test('tells what will really hold when the device can do less', () => {
    const { device, panel } = movable({ address: 0, baud: 9_600 });
    expect(panel.ask({ kind: 'comset', address: 0, baud: 230_400 })).toMatchObject({ kind: 'com', baud: 9_600 });
    expect(device.address).toBe(0);
  });

  test('is refused where the settings are made by hand, and for the address that all devices share', () => {
    expect(new WirePanel(new Peripheral(BOARD)).ask({ kind: 'comset', address: 9, baud: 9_600 })).toEqual(nak(9));
    const { wanted, panel } = movable();
    expect(panel.exchange(Uint8Array.from(comsetToShared))?.data).toEqual(Uint8Array.of(9));
    expect(wanted).toEqual([]);
  });
});

/** The example of the specification (annex E), to the shared address: it asks for address 0, and here for 7F. */
const comsetToShared = [0x53, 0x7f, 0x0c, 0x00, 0x00, 0x6e, 0x7f, 0x80, 0x25, 0x00, 0x00, 0x90];

describe('what the panel can receive', () => {
  const long = { reader: 0, format: 0, bitCount: 8 * 200, bits: new Uint8Array(200) };

  test('is respected in clear: a longer reply becomes a refusal', () => {
    const device = new Peripheral(BOARD);
    const panel = new WirePanel(device);
    device.presentCard(long);
    expect(panel.ask({ kind: 'acurxsize', bytes: 128 })).toEqual({ kind: 'ack' });
    expect(panel.ask(poll)).toEqual(nak(9));
    expect(panel.ask(poll)).toEqual({ kind: 'ack' });
  });

  test.each([
    [222, 'raw'],
    [221, 'nak'],
  ])('is respected in the channel, padding and MAC included: %d bytes', (bytes, kind) => {
    const secure = security({ key: OWN_KEY });
    const device = new Peripheral({ ...BOARD, secure });
    const panel = new WirePanel(device);
    panel.connect(OWN_KEY);
    panel.askSealed({ kind: 'acurxsize', bytes });
    device.presentCard(long);
    expect(panel.askSealed(poll)).toMatchObject({ reply: { kind } });
    expect(panel.askSealed(poll)).toMatchObject({ reply: { kind: 'ack' } });
  });

  test('nothing is longer than a frame can be, whatever the panel says', () => {
    const device = new Peripheral(BOARD);
    const panel = new WirePanel(device);
    panel.ask({ kind: 'acurxsize', bytes: 4_000 });
    device.presentCard({ ...long, bitCount: 8 * 1_440, bits: new Uint8Array(1_440) });
    expect(panel.ask(poll)).toEqual(nak(9));
  });
});

test('a command longer than the device says that it takes is refused', () => {
  const panel = new WirePanel(new Peripheral({ ...BOARD, receiveBytes: 64 }));
  const text = { kind: 'text', reader: 0, command: 1, seconds: 0, row: 1, column: 1, text: 'x'.repeat(60) } as const;
  expect(panel.ask(text)).toEqual(nak(2));
  expect(panel.ask({ ...text, text: 'x' })).toEqual({ kind: 'ack' });
});

test('ABORT and KEEPACTIVE are acknowledged', () => {
  const panel = new WirePanel(new Peripheral(BOARD));
  expect(panel.ask({ kind: 'abort' })).toEqual({ kind: 'ack' });
  expect(panel.ask({ kind: 'keepactive', durationMs: 2_000 })).toEqual({ kind: 'ack' });
});

describe('MFG and FILETRANSFER', () => {
  const mfg: Command = { kind: 'mfg', vendor: '474354', data: Uint8Array.of(1, 2) };
  const part = { fileType: 1, total: 4, offset: 0, bytes: Uint8Array.of(1, 2, 3, 4) };

  test('are refused by a device that has nothing for them', () => {
    const panel = new WirePanel(new Peripheral(BOARD));
    expect(panel.ask(mfg)).toEqual(nak(3));
    expect(panel.ask({ kind: 'filetransfer', ...part })).toEqual(nak(3));
  });

  test('are answered by what the device is made with', () => {
    const device = new Peripheral({
      ...BOARD,
      onMfg: ({ vendor, data }) => ({ kind: 'mfgrep', vendor, data }),
      onFileTransfer: () => ({ kind: 'ack' }),
    });
    const panel = new WirePanel(device);
    expect(panel.ask(mfg)).toEqual({ kind: 'mfgrep', vendor: '474354', data: Uint8Array.of(1, 2) });
    expect(panel.ask({ kind: 'filetransfer', ...part })).toEqual({ kind: 'ack' });
  });
});

describe('a frame with a wrong check', () => {
  const damaged = Uint8Array.of(0xff, 0x53, 0x00, 0x08, 0x00, 0x05, 0x60, 0x00, 0x00);

  test('gets no answer on a line that others share', () => {
    expect(new WirePanel(new Peripheral(BOARD)).exchange(damaged)).toBeUndefined();
  });

  test('gets NAK 01 where the device is alone, and the numbering stays as it was', () => {
    const panel = new WirePanel(new Peripheral({ ...BOARD, refusesBadCheck: true }));
    panel.ask(poll);
    expect(panel.exchange(damaged)).toMatchObject({ code: 0x41, sequence: 1, data: Uint8Array.of(1) });
    expect(panel.ask(poll)).toEqual({ kind: 'ack' });
  });
});
