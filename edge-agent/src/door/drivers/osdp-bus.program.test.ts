import { MemoryKeyStore, systemClock } from '@gatecast/firmware-protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OsdpSite } from './osdp-site.fixture.ts';

const soon = { timeout: 5_000, interval: 10 };

describe('a bus with a board and readers', () => {
  const keys = new MemoryKeyStore();
  let site: OsdpSite;
  const light = (device: OsdpSite['board']) => device.readers[0]?.colourAt(systemClock.mono());
  const wires = (entrance: string) => site.bus.wires.wires(entrance).map(({ wire }) => wire);
  const readers = () => [site.board, site.inside, site.second];

  const begin = async (parts: ConstructorParameters<typeof OsdpSite>[0] = {}) => {
    site = new OsdpSite(parts);
    site.bus.start();
    await vi.waitFor(() => expect(readers().map(light)).toEqual(['red', 'red', 'red']), soon);
    await vi.waitFor(() => expect(site.bus.locks.status(site.gate.entrance).tampered).toBe(false), soon);
  };
  beforeEach(() => begin());
  afterEach(() => site.stop());

  it('tells keys, cards and codes with the gate and the side where they were read', async () => {
    const { gate, other } = site;
    site.board.pressKeys({ reader: 0, keys: '12#' });
    await vi.waitFor(() => expect(site.readerEvents).toHaveLength(1), soon);
    site.inside.presentCard({ reader: 0, format: 1, bitCount: 26, bits: Uint8Array.of(0xea, 0x0d, 0xc0, 0xc0) });
    await vi.waitFor(() => expect(site.readerEvents).toHaveLength(2), soon);
    const bits = new TextEncoder().encode('GC1.门.sig\r\n');
    site.second.presentCard({ reader: 0, format: 0, bitCount: bits.length * 8, bits });
    await vi.waitFor(() => expect(site.readerEvents).toHaveLength(3), soon);
    expect(site.readerEvents).toMatchObject([
      { type: 'keys', entrance: gate.entrance, side: 'entry', keys: '12#' },
      { type: 'card', entrance: gate.entrance, side: 'exit', bitCount: 26 },
      { type: 'qr', entrance: other.entrance, side: 'entry', text: 'GC1.门.sig' },
    ]);
  });

  it('pays no heed to a reader that no door is configured for', async () => {
    site.board.presentCard({ reader: 3, format: 1, bitCount: 8, bits: Uint8Array.of(1) });
    site.board.pressKeys({ reader: 0, keys: '1' });
    await vi.waitFor(() => expect(site.readerEvents).toMatchObject([{ type: 'keys', keys: '1' }]), soon);
  });

  it('answers at every reader of the gate, and at no other', async () => {
    site.bus.readers.feedback(site.gate.entrance, 'granted', 600);
    await vi.waitFor(() => expect(readers().map(light)).toEqual(['green', 'green', 'red']), soon);
    await vi.waitFor(() => expect(readers().map(light)).toEqual(['red', 'red', 'red']), soon);
  });

  it('shows the mode of the gate, also after a power cut', async () => {
    site.bus.readers.showMode(site.gate.entrance, 'free-passage');
    await vi.waitFor(() => expect(readers().map(light)).toEqual(['green', 'green', 'red']), soon);
    site.line.disturb(site.board, { kind: 'powerCut', durationMs: 200 });
    expect(light(site.board)).toBe('off');
    await vi.waitFor(() => expect(light(site.board)).toBe('green'), soon);
  });

  it('tells a reader that is torn off or opened once, and once more when it is whole', async () => {
    const tampers = () =>
      site.readerEvents.flatMap((event) => (event.type === 'tamper' ? [[event.side, event.active]] : []));
    site.inside.setReaderState(0, 'disconnected');
    await vi.waitFor(() => expect(tampers()).toEqual([['exit', true]]), soon);
    site.inside.setTamper(true);
    site.inside.setReaderState(0, 'normal');
    site.inside.setTamper(false);
    await vi.waitFor(
      () =>
        expect(tampers()).toEqual([
          ['exit', true],
          ['exit', false],
        ]),
      soon,
    );
  });

  it('tells housing and supply of a board as those of its gate', async () => {
    site.board.setTamper(true);
    site.board.setPower(true);
    const { entrance } = site.gate;
    const isTold = (event: object) => vi.waitFor(() => expect(site.hardwareEvents).toContainEqual(event), soon);
    await isTold({ type: 'tamper', entrance, active: true });
    await isTold({ type: 'power', entrance, failed: true });
    expect(site.bus.locks.status(entrance).tampered).toBe(true);
    expect(site.readerEvents).toEqual([]);
  });

  it('knows how its lock stands by asking, and finds no fault with one that obeys', async () => {
    const { entrance } = site.gate;
    expect(await site.bus.locks.open(entrance, 500)).toBe('yes');
    await vi.waitFor(() => expect(site.bus.locks.status(entrance).released).toBe(true), soon);
    await vi.waitFor(() => expect(site.bus.locks.status(entrance).released).toBe(false), soon);
    expect(site.hardwareEvents.filter(({ type }) => type === 'fault')).toEqual([]);
  });

  it('lets somebody ride to the floors that are theirs, for as long as the lift is set to', async () => {
    const { entrance } = site.gate;
    expect(await site.bus.locks.releaseFloors(entrance, [1, 2, 77])).toBe('yes');
    expect(site.board.outputs.flatMap((on, n) => (on ? [n] : []))).toEqual([5, 6]);
    await vi.waitFor(() => expect(site.board.outputs.includes(true)).toBe(false), soon);
    expect(await site.bus.locks.releaseFloors(entrance, 'all')).toBe('yes');
    expect(site.board.outputs.flatMap((on, n) => (on ? [n] : []))).toEqual([4, 5, 6]);
    expect(await site.bus.locks.releaseFloors(entrance, [77])).toBe('no');
    expect(await site.bus.locks.releaseFloors(site.other.entrance, 'all')).toBe('no');
  });

  it('calls the car by the lock output', async () => {
    expect(await site.bus.locks.call(site.gate.entrance)).toBe('yes');
    expect(site.board.outputs[1]).toBe(true);
  });

  it('has not opened when the board says no', async () => {
    site.board.refuseNext(9);
    expect(await site.bus.locks.open(site.gate.entrance, 1_000)).toBe('no');
    expect(site.board.outputs[1]).toBe(false);
    expect(await site.bus.locks.open(site.gate.entrance, 1_000)).toBe('yes');
  });

  it('pairs nobody where no keys can be kept', () => {
    expect(site.bus.wires.pair(site.gate.entrance, systemClock.mono() + 1_000)).toBe(false);
    expect(wires(site.gate.entrance)).toEqual(['plain', 'plain']);
  });

  it('pairs the devices of one gate while its window is open, gives them new keys, and says so', async () => {
    site.stop();
    await begin({ secure: { keys, paired: new Set() } });
    const { entrance } = site.gate;
    const told = () =>
      site.readerEvents.flatMap((event) => (event.type === 'wire' ? [`${event.side} ${event.state}`] : [])).sort();
    expect(site.bus.wires.pair(entrance, systemClock.mono() + 5_000)).toBe(true);
    await vi.waitFor(() => expect(wires(entrance)).toEqual(['secured', 'secured']), soon);
    await vi.waitFor(
      () => expect(told()).toEqual(['entry paired', 'entry secured', 'exit paired', 'exit secured']),
      soon,
    );
    expect(wires(site.other.entrance)).toEqual(['plain']);
    expect(keys.get(2)).toBeUndefined();
    const first = keys.get(0)?.current;

    site.readerEvents.length = 0;
    expect(site.bus.wires.rotateKeys(entrance)).toBe(true);
    await vi.waitFor(() => expect(told()).toEqual(['entry key-changed', 'exit key-changed']), soon);
    expect(keys.get(0)?.current).not.toEqual(first);

    site.readerEvents.length = 0;
    site.bus.wires.pair(entrance, systemClock.mono() + 5_000);
    expect(told()).toEqual(['entry pairing-failed', 'exit pairing-failed']);
    expect(await site.bus.locks.open(entrance, 500)).toBe('yes');
  });

  it('listens to no device that cannot prove its key', async () => {
    site.stop();
    const stolen = new MemoryKeyStore();
    await stolen.put(2, { current: new Uint8Array(16), next: undefined });
    site = new OsdpSite({ secure: { keys: stolen, paired: new Set() } });
    site.bus.start();
    const { entrance } = site.other;
    await vi.waitFor(() => expect(wires(entrance)).toEqual(['insecure']), soon);
    expect(site.readerEvents).toMatchObject([{ type: 'wire', entrance, address: 2, state: 'insecure' }]);
    site.second.pressKeys({ reader: 0, keys: '1' });
    site.board.pressKeys({ reader: 0, keys: '2' });
    await vi.waitFor(() => expect(site.readerEvents).toHaveLength(2), soon);
    expect(site.readerEvents[1]).toMatchObject({ type: 'keys', keys: '2' });
  });

  it('listens to no device in plain that was paired once, though its key is lost, until it is paired again', async () => {
    site.stop();
    const lost = new MemoryKeyStore();
    site = new OsdpSite({ secure: { keys: lost, paired: new Set([2]) } });
    site.bus.start();
    const { entrance } = site.other;
    await vi.waitFor(() => expect(wires(entrance)).toEqual(['insecure']), soon);
    site.second.pressKeys({ reader: 0, keys: '1' });
    site.board.pressKeys({ reader: 0, keys: '2' });
    await vi.waitFor(() => expect(site.readerEvents).toHaveLength(2), soon);
    expect(site.readerEvents).toMatchObject([
      { type: 'wire', entrance, address: 2, state: 'insecure', reason: 'no-key' },
      { type: 'keys', keys: '2' },
    ]);
    // Somebody has just pressed a key: until the door is quiet again, no device that is out of use is asked.
    expect(site.bus.wires.pair(entrance, systemClock.mono() + 30_000)).toBe(true);
    await vi.waitFor(() => expect(wires(entrance)).toEqual(['secured']), { timeout: 15_000, interval: 50 });
    await vi.waitFor(() => expect(lost.get(2)?.current).toBeDefined(), soon);
  }, 30_000);

  it('tells a reader that is a device by itself and has never answered', async () => {
    site.stop();
    site = new OsdpSite();
    site.line.disturb(site.second, { kind: 'powerCut', durationMs: 60_000 });
    site.line.disturb(site.board, { kind: 'powerCut', durationMs: 60_000 });
    site.bus.start();
    await vi.waitFor(() => expect(light(site.inside)).toBe('red'), soon);
    site.bus.tellSilentReaders();
    const { entrance } = site.other;
    expect(site.readerEvents).toEqual([{ type: 'online', entrance, side: 'entry', address: 2, online: false }]);
  });
});
