import { describe, expect, test } from 'vitest';
import { COMMAND_CODE, NAK, REPLY_CODE } from '../messages/codes.ts';
import type { KeyStore, StoredKey } from '../secure/key-store.ts';
import { MemoryKeyStore } from '../secure/key-store.ts';
import { OWN_KEY, eventTypes, keyOf, secureBus, security, spokenNames, storeWithKeys } from './secure-bus.fixture.ts';
import { SecurePeer } from './secure-peer.fixture.ts';
import type { PeerHabits } from './secure-peer.fixture.ts';
import type { VirtualBus } from './virtual-bus.fixture.ts';

/** A store whose writes wait until a test lets them through, or fail. */
class SlowStore implements KeyStore {
  readonly written: StoredKey[] = [];
  readonly #inner = new MemoryKeyStore();
  readonly #waiting: (() => void)[] = [];
  isFailing = false;
  isSlow = true;

  get(address: number): StoredKey | undefined {
    return this.#inner.get(address);
  }

  async put(address: number, key: StoredKey): Promise<void> {
    if (this.isSlow) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.isFailing) {
      throw new Error('the disk is full');
    }
    this.written.push(key);
    await this.#inner.put(address, key);
  }

  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

const pairings = (bus: VirtualBus) => bus.events.filter((event) => event.type === 'pairing');

function codesSent(bus: VirtualBus): string {
  return spokenNames(bus)
    .map((word) => word.replace(/#\d/, ''))
    .filter((word) => !word.startsWith('POLL') && !word.startsWith('CAP'))
    .join(' ');
}

describe('a device in the place of another', () => {
  test('is paired in a window for that, and the old key counts until the new one is proven', async () => {
    const store = await storeWithKeys(0);
    const stranger = new SecurePeer(undefined);
    const bus = secureBus(store, { peripherals: [stranger] });
    await bus.runAwaiting(3_000);
    expect(bus.panel.device(0)).toMatchObject({ secure: 'refused' });
    expect(() => bus.panel.openPairingWindow(0, bus.nowMs + 60_000)).toThrow(
      expect.objectContaining({ code: 'osdp-already-paired' }),
    );
    bus.panel.openPairingWindow(0, bus.nowMs + 60_000, { replaces: true });
    await bus.runAwaiting(5_000);
    expect(pairings(bus)).toMatchObject([{ state: 'paired' }]);
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
    expect(store.get(0)).toEqual({ current: stranger.key, next: undefined, serial: 99 });
    expect(stranger.key).not.toEqual(OWN_KEY);
  });

  test('does not take the place of one that proves its key in the window', async () => {
    const store = await storeWithKeys(0);
    const bus = secureBus(store, { peripherals: [new SecurePeer(undefined)] });
    await bus.runAwaiting(3_000);
    bus.peripherals.splice(0, 1, new SecurePeer(OWN_KEY));
    bus.panel.openPairingWindow(0, bus.nowMs + 60_000, { replaces: true });
    await bus.runAwaiting(12_000);
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
    expect(store.get(0)?.current).toEqual(OWN_KEY);
    expect(pairings(bus)).toMatchObject([{ state: 'closed' }]);
  });

  test('is not paired in what is left of a window in which the device itself came back', async () => {
    const store = await storeWithKeys(0);
    const bus = secureBus(store, { peripherals: [] });
    await bus.runAwaiting(1_000);
    bus.panel.openPairingWindow(0, bus.nowMs + 60_000, { replaces: true });
    bus.peripherals.push(new SecurePeer(OWN_KEY));
    await bus.runAwaiting(3_000);
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
    expect(pairings(bus)).toMatchObject([{ state: 'closed' }]);
    bus.peripherals.splice(0, 1, new SecurePeer(undefined));
    await bus.runAwaiting(15_000);
    expect(bus.panel.device(0)).toMatchObject({ secure: 'refused' });
    expect(codesSent(bus)).not.toContain('KEYSET');
    expect(store.get(0)?.current).toEqual(OWN_KEY);
  });

  test('is never paired while the device itself is there and proven', async () => {
    const bus = secureBus(await storeWithKeys(0), { peripherals: [new SecurePeer(OWN_KEY)] });
    await bus.runAwaiting(1_000);
    expect(() => bus.panel.openPairingWindow(0, bus.nowMs + 60_000, { replaces: true })).toThrow(
      expect.objectContaining({ code: 'osdp-already-paired' }),
    );
  });
});

describe('a device without a key', () => {
  test('gets one in a pairing window: stored before it is sent, and proven before it counts', async () => {
    const store = new SlowStore();
    const peer = new SecurePeer(undefined);
    const bus = secureBus(store, { peripherals: [peer] });
    bus.run(300);
    bus.sent.length = 0;
    bus.panel.openPairingWindow(0, bus.nowMs + 60_000);
    await bus.runAwaiting(500);
    expect(codesSent(bus)).toBe('CHLNG SCRYPT');
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'pairing' });
    store.release();
    await bus.runAwaiting(500);
    expect(codesSent(bus)).toBe('CHLNG SCRYPT KEYSET* CHLNG SCRYPT');
    expect(store.written).toEqual([{ current: undefined, next: peer.key }]);
    expect(pairings(bus)).toEqual([]);
    store.release();
    await bus.runAwaiting(100);
    expect(store.written.at(-1)).toEqual({ current: peer.key, next: undefined, serial: 99 });
    expect(eventTypes(bus)).toEqual(['online', 'secured', 'pairing']);
    expect(pairings(bus)).toMatchObject([{ state: 'paired' }]);
    expect(bus.panel.device(0)).toMatchObject({ secure: 'secured', metrics: { pairings: 1 } });
  });

  test('is never spoken to with SCBK-D outside the window', async () => {
    const bus = secureBus(new MemoryKeyStore(), { peripherals: [new SecurePeer(undefined)] });
    await bus.runAwaiting(3000);
    expect(codesSent(bus)).toBe('ID');
    bus.panel.openPairingWindow(0, bus.nowMs - 1);
    await bus.runAwaiting(3000);
    expect(codesSent(bus)).toBe('ID');
    expect(pairings(bus)).toMatchObject([{ state: 'closed' }]);
  });

  test('goes on being used while its window is open and it is not ready', async () => {
    const peer = new SecurePeer(undefined, {}, { isInstalling: false });
    const bus = secureBus(new MemoryKeyStore(), { peripherals: [peer] });
    bus.run(300);
    bus.panel.openPairingWindow(0, bus.nowMs + 5000);
    await bus.runAwaiting(2500);
    peer.events.push({ kind: 'keypad', reader: 0, keys: '3' });
    await bus.runAwaiting(200);
    expect(bus.keys).toBe('3');
    expect(pairings(bus)).toMatchObject([{ state: 'failed', reason: 'challenge-refused' }]);
    peer.isInstalling = true;
    await bus.runAwaiting(1500);
    expect(pairings(bus).at(-1)).toMatchObject({ state: 'paired' });
    await bus.runAwaiting(5000);
    expect(pairings(bus)).toHaveLength(2);
  });

  test('whose key cannot be stored is used as before', async () => {
    const store = new SlowStore();
    store.isSlow = false;
    store.isFailing = true;
    const bus = secureBus(store, { peripherals: [new SecurePeer(undefined)] });
    bus.run(300);
    bus.panel.openPairingWindow(0, bus.nowMs + 500);
    await bus.runAwaiting(3000);
    expect(pairings(bus)).toMatchObject([
      { state: 'failed', reason: 'key-store', error: { message: 'the disk is full' } },
      { state: 'closed' },
    ]);
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'plain' });
    expect(codesSent(bus)).not.toContain('KEYSET');
    expect(eventTypes(bus)).not.toContain('offline');
  });

  test.each<[string, PeerHabits]>([
    ['keyset-refused', { refusesKeyset: true }],
    ['interrupted', { ignoresChallenge: true }],
  ])('that cannot be paired (%s) is used as before, also meanwhile', async (reason, habits) => {
    const keys = new MemoryKeyStore();
    const peer = new SecurePeer(undefined, habits);
    const bus = secureBus(keys, { peripherals: [peer] });
    bus.run(300);
    bus.panel.openPairingWindow(0, bus.nowMs + 5000);
    await bus.runAwaiting(2500);
    peer.events.push({ kind: 'keypad', reader: 0, keys: '2' });
    await bus.runAwaiting(4000);
    expect(bus.keys).toBe('2');
    expect(pairings(bus)).toMatchObject([{ state: 'failed', reason }, { state: 'closed' }]);
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'plain' });
    expect(eventTypes(bus)).not.toContain('offline');
    expect(keys.get(0)).toBeUndefined();
  });

  describe('whose proven key could not be made its own, because the disk was full', () => {
    async function pairedOnFullDisk(): Promise<{ store: SlowStore; peer: SecurePeer; bus: VirtualBus }> {
      const store = new SlowStore();
      const peer = new SecurePeer(undefined);
      const bus = secureBus(store, { peripherals: [peer] });
      bus.run(300);
      bus.panel.openPairingWindow(0, bus.nowMs + 60_000);
      await bus.runAwaiting(500);
      store.release();
      await bus.runAwaiting(500);
      store.isFailing = true;
      store.isSlow = false;
      store.release();
      await bus.runAwaiting(100);
      expect(pairings(bus)).toMatchObject([{ state: 'failed', reason: 'key-store' }]);
      expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
      return { store, peer, bus };
    }

    test('is not exchanged for one in plain', async () => {
      const { bus } = await pairedOnFullDisk();
      bus.peripherals.splice(0, 1, new SecurePeer(undefined));
      await bus.runAwaiting(15_000);
      expect(bus.panel.device(0)).toMatchObject({ secure: 'refused' });
      expect(() => bus.panel.openPairingWindow(0, bus.nowMs + 60_000)).toThrow(
        expect.objectContaining({ code: 'osdp-already-paired' }),
      );
    });

    test('keeps that key in the store while it is given another', async () => {
      const { store, peer, bus } = await pairedOnFullDisk();
      const key = peer.key;
      store.isFailing = false;
      bus.peripherals.length = 0;
      bus.panel.rotateKey(0);
      await bus.runAwaiting(100);
      expect(store.get(0)).toMatchObject({ current: key });
      expect(store.get(0)?.next).not.toEqual(key);
    });
  });

  test('that must be secure is paired before it is used', async () => {
    const peer = new SecurePeer(undefined);
    const devices = [{ address: 0, requireSecure: true }];
    const store = new SlowStore();
    const bus = secureBus(store, { devices, peripherals: [peer] });
    bus.run(1500);
    bus.panel.openPairingWindow(0, bus.nowMs + 60_000);
    await bus.runAwaiting(12_000);
    expect(bus.panel.device(0)?.phase).toBe('securing');
    store.isSlow = false;
    store.release();
    await bus.runAwaiting(1000);
    expect(eventTypes(bus)).toEqual(['insecure', 'pairing', 'secured', 'online']);
  });

  test('whose window ends while its key is being stored stays as it was', async () => {
    const store = new SlowStore();
    const bus = secureBus(store, { peripherals: [new SecurePeer(undefined)] });
    bus.run(300);
    bus.panel.openPairingWindow(0, bus.nowMs + 300);
    await bus.runAwaiting(600);
    store.isSlow = false;
    store.release();
    await bus.runAwaiting(600);
    expect(codesSent(bus)).not.toContain('KEYSET');
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'plain' });
    expect(store.get(0)).toBeUndefined();
  });
});

test('a device with a key is not paired again, and keys are not set by hand', async () => {
  const bus = secureBus(await storeWithKeys(0), { peripherals: [new SecurePeer(OWN_KEY)] });
  bus.run(300);
  expect(() => bus.panel.openPairingWindow(0, bus.nowMs + 1000)).toThrow(
    expect.objectContaining({ code: 'osdp-already-paired' }),
  );
  expect(() => bus.panel.submit(0, { kind: 'keyset', keyType: 1, key: OWN_KEY }, bus.nowMs)).toThrow(
    expect.objectContaining({ code: 'osdp-command-reserved' }),
  );
});

describe('a rotation', () => {
  test('that the device refuses inside the channel goes on in it', async () => {
    const keys = await storeWithKeys(0);
    const bus = secureBus(keys, { peripherals: [new SecurePeer(OWN_KEY, { refusesKeyset: true })] });
    bus.run(300);
    bus.panel.rotateKey(0);
    await bus.runAwaiting(500);
    expect(pairings(bus)).toMatchObject([{ state: 'failed', reason: 'keyset-refused' }]);
    expect(eventTypes(bus).filter((type) => type === 'secured')).toHaveLength(1);
    expect(keys.get(0)).toEqual({ current: OWN_KEY, next: undefined });
  });

  test.each<[string, PeerHabits]>([
    ['sealed', {}],
    ['in clear', { acknowledgesKeysetInClear: true }],
  ])('is acknowledged %s, and proven', async (_, habits) => {
    const keys = await storeWithKeys(0);
    const peer = new SecurePeer(OWN_KEY, habits);
    const bus = secureBus(keys, { peripherals: [peer] });
    bus.run(300);
    bus.panel.rotateKey(0);
    expect(() => bus.panel.rotateKey(0)).toThrow(expect.objectContaining({ code: 'osdp-rekey-running' }));
    await bus.runAwaiting(500);
    expect(keys.get(0)).toMatchObject({ current: peer.key, next: undefined });
    expect(peer.key).not.toEqual(OWN_KEY);
    expect(eventTypes(bus)).toEqual(['secured', 'online', 'secured', 'pairing']);
  });

  test('that the device refuses leaves it with the old key, in the same channel', async () => {
    const keys = await storeWithKeys(0);
    const peer = new SecurePeer(OWN_KEY);
    const bus = secureBus(keys, { peripherals: [peer] });
    bus.run(300);
    bus.panel.rotateKey(0);
    const receive = peer.receive.bind(peer);
    peer.receive = (bytes, nowMs) => {
      if (bytes[8] === COMMAND_CODE.keyset) peer.scripted.push((frame) => peer.nak(frame, NAK.conditionsNotMet));
      return receive(bytes, nowMs);
    };
    await bus.runAwaiting(500);
    expect(pairings(bus)).toMatchObject([{ state: 'failed', reason: 'not-taken' }]);
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
    expect(peer.key).toEqual(OWN_KEY);
  });

  test('does not hold up the other devices of the bus', async () => {
    const store = new SlowStore();
    store.isSlow = false;
    await store.put(0, { current: OWN_KEY, next: undefined });
    await store.put(1, { current: keyOf(7), next: undefined });
    store.isSlow = true;
    const other = new SecurePeer(keyOf(7), {}, { address: 1 });
    const bus = secureBus(store, {
      devices: [{ address: 0 }, { address: 1 }],
      peripherals: [new SecurePeer(OWN_KEY), other],
    });
    bus.run(300);
    bus.panel.rotateKey(0);
    await bus.runAwaiting(200);
    other.events.push({ kind: 'keypad', reader: 0, keys: '8' });
    await bus.runAwaiting(100);
    expect(bus.keys).toBe('8');
  });
});

/** Power goes at one end at the n-th frame of the conversation. */
describe('cut at any step', () => {
  const CUTS = Array.from({ length: 20 }, (_, at) => at);

  async function cutAfter(frames: number, bus: VirtualBus): Promise<void> {
    let left = frames;
    bus.fault = (bytes) => {
      left -= 1;
      return left < 0 ? [] : [bytes];
    };
    await bus.runAwaiting(400);
  }

  test.each(CUTS)(
    'a first pairing (after %i frames) leaves a device that is found, and can be paired',
    async (frames) => {
      const keys = new MemoryKeyStore();
      const peer = new SecurePeer(undefined, { enforcesChannel: false });
      const first = secureBus(keys, { peripherals: [peer] });
      first.run(300);
      first.panel.openPairingWindow(0, first.nowMs + 60_000);
      await cutAfter(frames, first);
      peer.cutPower();
      const after = secureBus(keys, { peripherals: [peer], secure: security(keys, 2) });
      await after.runAwaiting(1000);
      expect(after.panel.device(0)?.phase).toBe('online');
      expect(after.panel.device(0)?.secure).toBe(peer.key === undefined ? 'plain' : 'secured');
      if (peer.key === undefined) {
        after.panel.openPairingWindow(0, after.nowMs + 10_000);
        await after.runAwaiting(2000);
      }
      expect(after.panel.device(0)?.secure).toBe('secured');
      expect(keys.get(0)).toMatchObject({ current: peer.key, next: undefined });
    },
  );

  test.each(CUTS)('a rotation (after %i frames) leaves a device that is found secured', async (frames) => {
    const keys = await storeWithKeys(0);
    const peer = new SecurePeer(OWN_KEY, { enforcesChannel: true });
    const first = secureBus(keys, { peripherals: [peer] });
    first.run(300);
    first.panel.rotateKey(0);
    await cutAfter(frames, first);
    peer.cutPower();
    const after = secureBus(keys, { peripherals: [peer], secure: security(keys, 2) });
    await after.runAwaiting(1000);
    expect(after.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
    const stored = keys.get(0);
    expect([stored?.current, stored?.next]).toContainEqual(peer.key);
  });

  test.each(CUTS)('a rotation on a line that is dead for a while (after %i frames) ends by itself', async (frames) => {
    const keys = await storeWithKeys(0);
    const peer = new SecurePeer(OWN_KEY, { enforcesChannel: true });
    const bus = secureBus(keys, { peripherals: [peer] });
    bus.run(300);
    bus.panel.rotateKey(0);
    await cutAfter(frames, bus);
    await bus.runAwaiting(frames % 2 === 0 ? 500 : 10_000);
    bus.fault = (bytes) => [bytes];
    await bus.runAwaiting(2500);
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
    expect(keys.get(0)?.current).toEqual(peer.key);
  });
});

test('a device that took the key but lost its acknowledgement shows the key', async () => {
  const keys = await storeWithKeys(0);
  const peer = new SecurePeer(OWN_KEY);
  const bus = secureBus(keys, { peripherals: [peer] });
  bus.run(300);
  bus.panel.rotateKey(0);
  let isLost = false;
  bus.fault = (bytes) => {
    const isAck =
      bytes[2] === 0x80 && bytes[8] === REPLY_CODE.ack && spokenNames(bus).at(-1)?.startsWith('KEYSET') === true;
    if (isAck && !isLost) {
      isLost = true;
      peer.cutPower();
      return [];
    }
    return [bytes];
  };
  await bus.runAwaiting(1500);
  expect(isLost).toBe(true);
  expect(keys.get(0)).toMatchObject({ current: peer.key, next: undefined });
  expect(eventTypes(bus)).not.toContain('offline');
});
