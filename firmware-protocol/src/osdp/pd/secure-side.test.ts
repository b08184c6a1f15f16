import { describe, expect, test } from 'vitest';
import { encodeFrame } from '../frame/frame.ts';
import { toHex } from '../frame/hex.ts';
import type { Command } from '../messages/commands.ts';
import { SCB_DEFAULT_KEY, SCB_DEVICE_KEY, SCS } from '../secure/security-block.ts';
import { Peripheral } from './peripheral.ts';
import type { PeripheralSecurity } from './peripheral-security.ts';
import { BOARD, OWN_KEY, WirePanel, security } from './wire-panel.fixture.ts';

const poll: Command = { kind: 'poll' };
const pulse: Command = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] };
const nak = (error: number): unknown => ({ kind: 'nak', error, details: new Uint8Array() });
const newKey = Uint8Array.from({ length: 16 }, (_, index) => 0xe0 + index);

function meet(change: Partial<PeripheralSecurity> = {}): { device: Peripheral; panel: WirePanel } {
  const device = new Peripheral({ ...BOARD, secure: security(change) });
  return { device, panel: new WirePanel(device) };
}

function meetKeyed(enforced = true): { device: Peripheral; panel: WirePanel } {
  return meet({ key: OWN_KEY, installMode: false, enforced });
}

describe('handshake', () => {
  test('the cryptograms are those of the specification for SCBK-D', () => {
    const { panel } = meet();
    const { frame } = panel.challenge(SCB_DEFAULT_KEY);
    expect(frame).toMatchObject({ code: 0x76, security: { type: SCS.clientCryptogram, data: Uint8Array.of(0) } });
    expect(toHex(frame?.data ?? new Uint8Array())).toBe(
      '4743540107000000A0A1A2A3A4A5A6A7FDE5D2F428EC16312471EA3C02BD7796',
    );
  });

  test('a board from the box is paired with SCBK-D, gets its key, and is met again with that one only', () => {
    const stored: Uint8Array[] = [];
    const { device, panel } = meet({ onKeySet: (key) => stored.push(key) });
    expect(panel.connect('default-key')).toBe(1);
    expect(device.secureStateAt(0)).toBe('default-key');
    expect(panel.askSealed({ kind: 'keyset', keyType: 1, key: newKey })).toMatchObject({ reply: { kind: 'ack' } });
    expect(stored).toEqual([newKey]);
    expect(panel.askSealed(poll)).toMatchObject({ reply: { kind: 'ack' } });
    expect(panel.challenge(SCB_DEFAULT_KEY).frame).toMatchObject({ code: 0x41, data: Uint8Array.of(5) });
    expect(panel.connect(newKey)).toBe(1);
    expect(device.secureStateAt(0)).toBe('secured');
    expect(device.isInstalling).toBe(false);
  });

  test('a keyed device refuses SCBK-D, unless its installer says otherwise', () => {
    expect(meetKeyed().panel.challenge(SCB_DEFAULT_KEY).frame).toMatchObject({ code: 0x41, security: undefined });
    expect(meet({ key: OWN_KEY, installMode: true }).panel.connect('default-key')).toBe(1);
  });

  test('a device without a key of its own has none to prove', () => {
    expect(meet().panel.challenge(SCB_DEVICE_KEY).frame).toMatchObject({ code: 0x41, data: Uint8Array.of(5) });
  });

  test('a panel with another key gets no channel, and has to begin with CHLNG again', () => {
    const { device, panel } = meetKeyed();
    const { proof } = panel.challenge(SCB_DEVICE_KEY, newKey);
    expect(panel.prove(SCB_DEVICE_KEY, proof)).toMatchObject({
      code: 0x78,
      data: new Uint8Array(),
      security: { type: SCS.initialRmac, data: Uint8Array.of(0xff) },
    });
    expect(device.secureStateAt(0)).toBe('plain');
    const { proof: right } = meetKeyed().panel.challenge(SCB_DEVICE_KEY);
    expect(panel.prove(SCB_DEVICE_KEY, right)).toMatchObject({ code: 0x41, data: Uint8Array.of(6) });
  });

  test('the proof must be about the key that was challenged', () => {
    const { panel } = meet({ key: OWN_KEY, installMode: true });
    const { proof } = panel.challenge(SCB_DEVICE_KEY);
    expect(panel.prove(SCB_DEFAULT_KEY, proof)).toMatchObject({ code: 0x41, data: Uint8Array.of(6) });
  });

  test.each([
    ['of a length that no handshake has', 0x76, SCS.challenge, 7, 2],
    ['that is none of its own', 0x60, SCS.challenge, 0, 5],
    ['in the block of the other step', 0x76, SCS.serverCryptogram, 8, 5],
    ['in a block that only devices send', 0x76, SCS.clientCryptogram, 8, 5],
  ])('a step %s is refused', (_name, code, type, bytes, error) => {
    const { panel } = meet();
    const content = { direction: 'command', address: 0, check: 'crc', mac: undefined } as const;
    const block = { type, data: Uint8Array.of(0) };
    const data = new Uint8Array(bytes);
    const frame = panel.exchange(encodeFrame({ ...content, sequence: 0, security: block, code, data }));
    expect(frame).toMatchObject({ code: 0x41, data: Uint8Array.of(error) });
  });

  test('CHLNG and SCRYPT without their security blocks are refused', () => {
    const { panel } = meet();
    expect(panel.ask({ kind: 'chlng', rndA: new Uint8Array(8) })).toEqual(nak(5));
    expect(panel.ask({ kind: 'scrypt', cryptogram: new Uint8Array(16) })).toEqual(nak(5));
  });
});

describe('KEYSET', () => {
  const keyset: Command = { kind: 'keyset', keyType: 1, key: newKey };

  test('in clear it is refused, also by a board from the box', () => {
    const stored: Uint8Array[] = [];
    const { panel } = meet({ onKeySet: (key) => stored.push(key) });
    expect(panel.ask(keyset)).toEqual(nak(6));
    expect(stored).toEqual([]);
  });

  test('a repeat sets the key once', () => {
    const stored: Uint8Array[] = [];
    const { panel } = meet({ onKeySet: (key) => stored.push(key) });
    panel.connect('default-key');
    const first = panel.exchange(panel.seal(keyset));
    const again = panel.exchange(panel.lastCommand);
    expect(again?.raw).toEqual(first?.raw);
    expect(stored).toHaveLength(1);
  });

  test('a key that could not be stored is not acknowledged and not used', () => {
    const { device, panel } = meet({
      onKeySet: () => {
        throw new Error('the flash is full');
      },
    });
    panel.connect('default-key');
    expect(() => panel.askSealed(keyset)).toThrow('the flash is full');
    expect(device.isInstalling).toBe(true);
  });

  test('a device without a secure channel does not know the command', () => {
    expect(new WirePanel(new Peripheral(BOARD)).ask(keyset)).toEqual(nak(3));
  });
});

describe('enforcement', () => {
  test('before the handshake a keyed device answers only ID and CAP', () => {
    const { device, panel } = meetKeyed();
    expect(panel.ask({ kind: 'id' })).toMatchObject({ kind: 'pdid' });
    expect(panel.ask({ kind: 'cap' })).toMatchObject({ kind: 'pdcap' });
    device.pressKeys({ reader: 0, keys: '1' });
    for (const command of [poll, pulse, { kind: 'comset', address: 3, baud: 9600 } as const]) {
      expect(panel.ask(command)).toEqual(nak(6));
    }
    expect(device.outputs).toEqual([false]);
    expect(panel.connect(OWN_KEY)).toBe(1);
    expect(panel.askSealed(poll)).toMatchObject({ reply: { kind: 'keypad', keys: '1' } });
  });

  test('without enforcement, and from the box, it also works in clear', () => {
    expect(meetKeyed(false).panel.ask(pulse)).toEqual({ kind: 'ack' });
    expect(meet({ enforced: true }).panel.ask(pulse)).toEqual({ kind: 'ack' });
  });

  test('a command in clear beside a channel is refused and ends it', () => {
    const { device, panel } = meetKeyed(false);
    panel.connect(OWN_KEY);
    expect(panel.ask(pulse)).toEqual(nak(6));
    expect(device.outputs).toEqual([false]);
    expect(device.secureStateAt(0)).toBe('plain');
  });
});

describe('in the channel', () => {
  test('a pulse opens the door, and status comes back encrypted', () => {
    const { device, panel } = meetKeyed();
    panel.connect(OWN_KEY);
    expect(panel.askSealed(pulse)).toEqual({ type: SCS.replyMac, reply: { kind: 'ack' } });
    expect(device.outputs).toEqual([true]);
    for (const kind of ['lstat', 'istat', 'ostat', 'rstat'] as const) {
      expect(panel.askSealed({ kind })).toMatchObject({ type: SCS.replySealed, reply: { kind: `${kind}r` } });
    }
  });

  test('the reply to a repeat is the same bytes, and the chain goes on after it', () => {
    const { device, panel } = meetKeyed();
    panel.connect(OWN_KEY);
    device.pressKeys({ reader: 0, keys: '5' });
    const first = panel.exchange(panel.seal(poll));
    const again = panel.exchange(panel.lastCommand);
    expect(again?.raw).toEqual(first?.raw);
    expect(again && panel.open(again)).toMatchObject({ kind: 'keypad', keys: '5' });
    expect(panel.askSealed(poll)).toMatchObject({ reply: { kind: 'ack' } });
  });

  test('BUSY comes in clear with number 0, and the same command then goes through', () => {
    const { device, panel } = meetKeyed();
    panel.connect(OWN_KEY);
    device.answerBusy(2);
    const bytes = panel.seal(pulse);
    for (const _turn of [1, 2]) {
      expect(panel.exchange(bytes)).toMatchObject({ code: 0x79, sequence: 0, security: undefined });
    }
    const done = panel.exchange(bytes);
    expect(done && panel.open(done)).toEqual({ kind: 'ack' });
  });

  test('a refusal other than 01 and 06 comes through the channel', () => {
    const { panel } = meetKeyed();
    panel.connect(OWN_KEY);
    expect(panel.askSealed({ kind: 'bioread', data: new Uint8Array(4) })).toEqual({
      type: SCS.replySealed,
      reply: nak(3),
    });
  });

  test('one late copy of an old command is not worth an answer, and the channel lives on', () => {
    const { panel } = meetKeyed();
    panel.connect(OWN_KEY);
    const old = panel.seal(poll);
    const first = panel.exchange(old);
    expect(first && panel.open(first)).toEqual({ kind: 'ack' });
    const between = panel.exchange(panel.seal(poll));
    expect(between && panel.open(between)).toEqual({ kind: 'ack' });
    expect(panel.exchange(old)).toBeUndefined();
    expect(panel.askSealed(poll)).toMatchObject({ reply: { kind: 'ack' } });
  });

  test('a frame that somebody else made opens nothing, and one does not end the channel', () => {
    const { device, panel } = meetKeyed();
    panel.connect(OWN_KEY);
    const stranger = meetKeyed().panel;
    stranger.connect(OWN_KEY);
    stranger.askSealed(poll);
    const number = panel.nextNumber();
    expect(panel.exchange(stranger.seal(pulse, number))).toBeUndefined();
    expect(device.outputs).toEqual([false]);
    const answer = panel.exchange(panel.seal(poll, number));
    expect(answer && panel.open(answer)).toEqual({ kind: 'ack' });
  });

  test('a panel that has lost its place is told with its third command, and begins anew', () => {
    const { device, panel } = meetKeyed();
    panel.connect(OWN_KEY);
    const stranger = meetKeyed().panel;
    stranger.connect(OWN_KEY);
    stranger.askSealed(poll);
    const forged = stranger.seal(pulse, panel.nextNumber());
    expect(panel.exchange(forged)).toBeUndefined();
    expect(panel.exchange(forged)).toBeUndefined();
    expect(panel.exchange(forged)).toMatchObject({ code: 0x41, data: Uint8Array.of(6), security: undefined });
    expect(device.outputs).toEqual([false]);
    expect(panel.connect(OWN_KEY)).toBe(1);
  });

  test('number 0 ends it', () => {
    const { device, panel } = meetKeyed();
    panel.connect(OWN_KEY);
    panel.restart();
    expect(panel.ask({ kind: 'id' })).toMatchObject({ kind: 'pdid' });
    expect(device.secureStateAt(0)).toBe('plain');
  });

  test('8 s of silence end it, less does not', () => {
    const { device, panel } = meetKeyed();
    panel.connect(OWN_KEY);
    panel.nowMs = 7_999;
    expect(panel.askSealed(poll)).toMatchObject({ reply: { kind: 'ack' } });
    panel.nowMs += 8_000;
    expect(device.secureStateAt(panel.nowMs)).toBe('plain');
    expect(panel.exchange(panel.seal(poll))).toMatchObject({ code: 0x41, data: Uint8Array.of(6) });
  });

  test('a power cut ends it, and the key is still there', () => {
    const { device, panel } = meetKeyed();
    panel.connect(OWN_KEY);
    device.reset(0);
    expect(panel.exchange(panel.seal(poll))).toMatchObject({ code: 0x41, data: Uint8Array.of(4) });
    panel.restart();
    expect(panel.connect(OWN_KEY)).toBe(1);
  });
});

test.each([
  ['from the box', security(), { compliance: 1, count: 1 }],
  ['with a key', security({ key: OWN_KEY }), { compliance: 1, count: 0 }],
  ['without a channel', undefined, { compliance: 0, count: 0 }],
])('PDCAP tells how a device %s can be spoken to', (_name, secure, line) => {
  const device = new Peripheral({ ...BOARD, ...(secure && { secure }) });
  const reply = new WirePanel(device).ask({ kind: 'cap' });
  const capabilities = reply?.kind === 'pdcap' ? reply.capabilities : [];
  expect(capabilities.find(({ functionCode }) => functionCode === 9)).toMatchObject(line);
  expect(capabilities.map(({ functionCode }) => functionCode)).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
});
