import { beforeEach, describe, expect, test } from 'vitest';
import { aes128 } from '../../node/aes.ts';
import { OFFLINE_AFTER_MS } from '../frame/bus-timing.ts';
import { writeCheck } from '../frame/frame.ts';
import { NAK } from '../messages/codes.ts';
import type { Command } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import type { KeyStore } from '../secure/key-store.ts';
import { MemoryKeyStore } from '../secure/key-store.ts';
import { OWN_KEY, eventTypes, keyOf, secureBus, spokenNames, storeWithKeys } from './secure-bus.fixture.ts';
import { SecurePeer } from './secure-peer.fixture.ts';
import type { PeerHabits } from './secure-peer.fixture.ts';
import type { VirtualBus } from './virtual-bus.fixture.ts';
import { doorDevice } from './virtual-bus.fixture.ts';

const pulse: Command = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 1000 }] };
const light: Command = { kind: 'lstat' };
const key = (keys: string): Reply => ({ kind: 'keypad', reader: 0, keys });

let keys: KeyStore;

beforeEach(async () => {
  keys = await storeWithKeys(0);
});

function online(habits: PeerHabits = {}): { bus: VirtualBus; peer: SecurePeer } {
  const peer = new SecurePeer(OWN_KEY, habits);
  const bus = secureBus(keys, { peripherals: [peer] });
  bus.run(300);
  expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
  bus.sent.length = 0;
  bus.events.length = 0;
  return { bus, peer };
}

describe('a device with a stored key', () => {
  test('is brought up with ID, CAP, CHLNG and SCRYPT, and sealed from then on', () => {
    const bus = secureBus(keys, { peripherals: [new SecurePeer(OWN_KEY, { enforcesChannel: true })] });
    bus.run(300);
    expect(spokenNames(bus).slice(0, 6)).toEqual(['ID#0', 'CAP#1', 'CHLNG#2', 'SCRYPT#3', 'POLL#1*', 'POLL#2*']);
    expect(
      spokenNames(bus)
        .slice(4)
        .every((word) => word.endsWith('*')),
    ).toBe(true);
    expect(bus.events.slice(0, 2)).toMatchObject([{ type: 'secured', generation: 1 }, { type: 'online' }]);
    expect(bus.panel.device(0)?.metrics).toMatchObject({ handshakes: 1, secureLosses: 0, macFaults: 0 });
  });

  test('tells keys and obeys inside the channel', () => {
    const { bus, peer } = online();
    peer.events.push(key('12'), key('3'));
    bus.panel.submit(0, pulse, bus.nowMs);
    bus.run(200);
    expect(bus.keys).toBe('123');
    expect(peer.executed).toContain('out');
    expect(bus.events.find(({ type }) => type === 'outcome')).toMatchObject({ outcome: { ok: true } });
  });

  test('whose RMAC_I has another status is judged by the R-MAC', () => {
    const bus = secureBus(keys, { peripherals: [new SecurePeer(OWN_KEY, { rmacStatus: 0 })] });
    bus.run(300);
    expect(bus.panel.device(0)?.secure).toBe('secured');
  });

  test('is found by our own peripheral as well', () => {
    const secure = { newCipher: aes128, random: (n: number) => new Uint8Array(n).fill(7), key: OWN_KEY };
    const door = doorDevice(0, { secure: { ...secure, installMode: false, onKeySet: () => {}, enforced: true } });
    const bus = secureBus(keys, { peripherals: [door] });
    bus.run(300);
    door.pressKeys({ reader: 0, keys: '7#' });
    bus.run(200);
    expect(bus.keys).toBe('7#');
    expect(bus.panel.device(0)?.secure).toBe('secured');
  });
});

describe('a device that cannot prove its key', () => {
  const strangers: [string, SecurePeer, string][] = [
    ['holds another', new SecurePeer(keyOf(0x66)), 'key-mismatch'],
    ['only knows SCBK-D', new SecurePeer(undefined), 'challenge-refused'],
    ['answers everything in clear', new SecurePeer(undefined, {}, { isInstalling: false }), 'challenge-refused'],
  ];

  test.each(strangers)(
    '%s: is not used, is told about once, and is asked on at the pace of a dead one',
    (_, peer, reason) => {
      const bus = secureBus(keys, { peripherals: [peer] });
      bus.run(20_000);
      expect(bus.events).toMatchObject([{ type: 'insecure', reason }]);
      expect(bus.panel.device(0)).toMatchObject({ phase: 'offline', secure: 'refused' });
      expect(bus.panel.submit(0, pulse, bus.nowMs)).toEqual({ accepted: false, reason: 'offline' });
      expect(new Set(peer.executed)).toEqual(new Set(['id', 'cap']));
      bus.sent.length = 0;
      bus.run(10_000);
      expect(bus.sent.length).toBeLessThanOrEqual(33);
      const selectors = new Set(bus.sent.filter(({ bytes }) => bytes[9] === 0x76).map(({ bytes }) => bytes[8]));
      expect(selectors).not.toContain(0);
    },
  );

  test('is used again as soon as it can', () => {
    const bus = secureBus(keys, { peripherals: [new SecurePeer(keyOf(1))] });
    bus.run(10_000);
    bus.peripherals.splice(0, 1, new SecurePeer(OWN_KEY));
    bus.run(2000);
    expect(eventTypes(bus)).toEqual(['insecure', 'secured', 'online']);
  });

  test.each([true, false])('a proof that it refuses (by status: %s) is no channel', (refusesProofByStatus) => {
    const peer = new SecurePeer(OWN_KEY, { refusesProofByStatus });
    // A man in the middle who changes our proof.
    const bus = secureBus(keys, {
      peripherals: [peer],
      fault: (bytes) => [bytes[9] === 0x77 ? withWrongProof(bytes) : bytes],
    });
    bus.run(5000);
    expect(bus.events).toMatchObject([{ type: 'insecure', reason: 'proof-refused' }]);
  });

  test('a device that must be secure and has no key is not used in plain', () => {
    const devices = [{ address: 0, requireSecure: true }];
    const bus = secureBus(new MemoryKeyStore(), { devices, peripherals: [new SecurePeer(undefined)] });
    bus.run(5000);
    expect(bus.events).toMatchObject([{ type: 'insecure', reason: 'no-key' }]);
  });

  test('a device without a key is used in plain', () => {
    const bus = secureBus(new MemoryKeyStore(), { peripherals: [new SecurePeer(undefined)] });
    bus.run(500);
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'plain' });
  });
});

describe('a channel that is lost', () => {
  /** Everything up to the next sealed question, from the refused one on. */
  function wayBack(bus: VirtualBus): string[] {
    const words = spokenNames(bus);
    const from = words.findIndex((word) => word.startsWith('CHLNG'));
    return words.slice(from, words.findIndex((word, at) => at > from && word.endsWith('*')) + 1);
  }

  test.each([NAK.conditionsNotMet, NAK.securityBlock, NAK.sequence])(
    'with a refusal %i in clear is back two exchanges later, and what waited is done',
    (error) => {
      const { bus, peer } = online({ unknownChannelNak: error });
      peer.cutPower();
      peer.events.push(key('5'));
      bus.panel.submit(0, pulse, bus.nowMs);
      bus.panel.submit(0, light, bus.nowMs);
      bus.run(300);
      expect(wayBack(bus)).toEqual(['CHLNG#0', 'SCRYPT#1', 'OUT#2*']);
      expect(spokenNames(bus).findIndex((word) => word === 'CHLNG#0')).toBe(1);
      expect(eventTypes(bus).filter((type) => type !== 'keypad' && type !== 'tamper')).toEqual([
        'restarted',
        'secured',
        'outcome',
        'outcome',
      ]);
      expect(bus.keys).toBe('5');
      expect(peer.executed.filter((kind) => kind === 'out')).toHaveLength(1);
      expect(bus.panel.device(0)?.metrics).toMatchObject({ secureLosses: 1, handshakes: 2 });
    },
  );

  test('by a damaged frame, as with a common peer, is made again without a word to anybody', () => {
    const { bus, peer } = online({ dropsChannelOnBadCheck: true });
    let spoilt = false;
    bus.fault = (bytes) => {
      const hit = !spoilt && bytes[2] === 0;
      spoilt ||= hit;
      return [hit ? bytes.map((byte, at) => (at === 7 ? byte ^ 1 : byte)) : bytes];
    };
    peer.events.push(key('9'));
    bus.run(1000);
    expect(bus.keys).toBe('9');
    expect(wayBack(bus).slice(0, 2)).toEqual(['CHLNG#0', 'SCRYPT#1']);
    expect(eventTypes(bus)).not.toContain('offline');
  });

  test('to a device that answers with sequence 0 is made again', () => {
    const { bus, peer } = online();
    peer.scripted.push((frame) => peer.nak(frame, NAK.sequence, 0));
    peer.session = undefined;
    bus.run(300);
    expect(wayBack(bus).slice(0, 2)).toEqual(['CHLNG#0', 'SCRYPT#1']);
    expect(bus.panel.device(0)?.secure).toBe('secured');
  });

  test('with a device that loses it at every question is not tried for ever', () => {
    const { bus, peer } = online();
    const lose = (): undefined => {
      peer.session = undefined;
      return undefined;
    };
    const receive = peer.receive.bind(peer);
    peer.receive = (bytes, nowMs) => {
      if (bytes[6] === 2) lose();
      return receive(bytes, nowMs);
    };
    bus.run(10_000);
    expect(bus.events.filter(({ type }) => type === 'insecure')).toMatchObject([{ reason: 'unstable' }]);
    expect(bus.sent.length).toBeLessThan(150);
  });

  test('with a command that this device refuses in clear each time fails that command only', () => {
    const { bus, peer } = online();
    const receive = peer.receive.bind(peer);
    peer.receive = (bytes, nowMs) => {
      const isOut = bytes[8] === 0x68;
      if (isOut) peer.scripted.push((frame) => peer.nak(frame, NAK.conditionsNotMet));
      return receive(bytes, nowMs);
    };
    bus.panel.submit(0, pulse, bus.nowMs);
    bus.run(2000);
    expect(bus.events.find(({ type }) => type === 'outcome')).toMatchObject({
      outcome: { reason: 'nak', nakError: 6 },
    });
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
  });

  test('because a command expired unanswered is made again, and the command does not run later', () => {
    const { bus, peer } = online();
    bus.fault = () => [];
    bus.panel.submit(0, pulse, bus.nowMs, { expiresAtMs: bus.nowMs + 300 });
    bus.run(600);
    bus.fault = (bytes) => [bytes];
    bus.run(2000);
    expect(peer.executed).not.toContain('out');
    expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
  });
});

describe('inside a channel', () => {
  test('status reports in clear with a good MAC are taken, once, and the chain goes on', () => {
    const { bus } = online({ sendsStatusInClear: true });
    bus.panel.submit(0, { kind: 'lstat' }, bus.nowMs);
    bus.run(500);
    expect(bus.events.filter(({ type }) => type === 'tamper')).toMatchObject([{ tampered: true }]);
    expect(bus.panel.device(0)?.metrics).toMatchObject({ macFaults: 0, secureLosses: 0 });
  });

  test('NAK 01 means that the same bytes are sent again', () => {
    const { bus, peer } = online({ naksBadCheck: true });
    let spoilt = false;
    bus.fault = (bytes) => {
      const hit = !spoilt && bytes[8] === 0x68;
      spoilt ||= hit;
      return [hit ? bytes.map((byte, at) => (at === 9 ? byte ^ 1 : byte)) : bytes];
    };
    bus.panel.submit(0, pulse, bus.nowMs);
    bus.run(100);
    expect(bus.events).toMatchObject([{ type: 'outcome', outcome: { ok: true } }]);
    expect(peer.executed.filter((kind) => kind === 'out')).toHaveLength(1);
    expect(bus.panel.device(0)?.metrics).toMatchObject({ secureLosses: 0, timeouts: 0 });
  });

  test('BUSY in clear leaves the chain alone', () => {
    const { bus, peer } = online();
    const busy: Reply = { kind: 'busy' };
    peer.scripted.push(
      (frame) => peer.clear(frame, busy, undefined, 0),
      (frame) => peer.clear(frame, busy, undefined, 0),
    );
    peer.events.push(key('4'));
    bus.run(500);
    expect(bus.keys).toBe('4');
    expect(bus.panel.device(0)?.metrics).toMatchObject({ busy: 2, secureLosses: 0 });
  });

  test('what anybody else says in clear is not believed', () => {
    const { bus, peer } = online();
    peer.scripted.push((frame) => peer.clear(frame, key('6')));
    peer.events.push(key('1'));
    bus.run(1000);
    expect(bus.keys).toBe('1');
    expect(bus.panel.device(0)).toMatchObject({ secure: 'secured', metrics: { secureLosses: 0 } });
  });

  test('what anybody else acknowledges in clear counts as nothing, and the device is asked until it has obeyed', () => {
    const { bus, peer } = online();
    peer.scripted.push((frame) => peer.clear(frame, { kind: 'ack' }));
    bus.panel.submit(0, pulse, bus.nowMs);
    bus.run(100);
    expect(eventTypes(bus)).toEqual([]);
    bus.run(900);
    expect(bus.events).toMatchObject([{ type: 'outcome', outcome: { ok: true, reply: { kind: 'ack' } } }]);
    expect(peer.executed.filter((kind) => kind === 'out')).toEqual(['out']);
  });

  test('BUSY inside the channel, where it must not be, is not taken for obedience', () => {
    const { bus, peer } = online();
    peer.nextReply = { kind: 'busy' };
    bus.panel.submit(0, pulse, bus.nowMs);
    bus.run(500);
    expect(bus.events.filter(({ type }) => type === 'outcome')).toMatchObject([
      { outcome: { ok: true, reply: { kind: 'ack' } } },
    ]);
    expect(peer.executed.filter((kind) => kind === 'out')).toEqual(['out']);
  });

  test('a copy of an old answer is no answer', () => {
    const { bus, peer } = online();
    peer.events.push(key('1'));
    const heard: Uint8Array[] = [];
    bus.fault = (bytes) => {
      if (bytes.length > 20 && bytes[2] === 0x80) heard.push(bytes);
      return [bytes];
    };
    bus.run(300);
    for (const copy of heard) bus.panel.receive(copy, bus.nowMs);
    bus.run(300);
    expect(bus.keys).toBe('1');
    expect(bus.panel.device(0)).toMatchObject({ secure: 'secured', metrics: { secureLosses: 0 } });
  });

  test('a device that was silent for long and has kept its channel is brought up anew', () => {
    const { bus, peer } = online({ ignoresBadMac: true });
    bus.fault = () => [];
    bus.run(OFFLINE_AFTER_MS + 1000);
    bus.fault = (bytes) => [bytes];
    peer.events.push(key('8'));
    bus.run(2000);
    expect(eventTypes(bus)).toEqual(['offline', 'secured', 'online', 'keypad']);
  });

  test('a device that ends an idle channel is brought up anew as well', () => {
    const { bus } = online({ endsIdleChannel: true });
    bus.fault = () => [];
    bus.run(OFFLINE_AFTER_MS + 1000);
    bus.fault = (bytes) => [bytes];
    bus.run(2000);
    expect(eventTypes(bus)).toEqual(['offline', 'secured', 'online']);
  });
});

/** The first byte of the cryptogram is changed, and the CRC with it. */
function withWrongProof(bytes: Uint8Array): Uint8Array {
  const frame = bytes.slice();
  frame[10] = (frame[10] ?? 0) ^ 1;
  writeCheck(frame, 1, 'crc');
  return frame;
}
