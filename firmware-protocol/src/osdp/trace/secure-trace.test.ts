import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aes128 } from '../../node/aes.ts';
import type { OsdpFrame } from '../frame/frame.ts';
import { decodeFrame, encodeFrame, writeCheck } from '../frame/frame.ts';
import { toHex } from '../frame/hex.ts';
import { BOARD, OWN_KEY, security } from '../pd/wire-panel.fixture.ts';
import { Peripheral } from '../pd/peripheral.ts';
import { steady } from '../messages/led.ts';
import { FrameCutter } from './frame-cutter.ts';
import type { FrameTrace } from './frame-trace.ts';
import { HeardPanel } from './heard-panel.fixture.ts';
import { withoutCredentials } from './hidden-credentials.ts';
import type { TraceKey } from './secure-trace.ts';
import { TraceSession } from './secure-trace.ts';

function traced(frames: readonly OsdpFrame[], keys: readonly TraceKey[] = []): FrameTrace[] {
  const session = new TraceSession({ newCipher: aes128, keys });
  return frames.map((frame) => session.trace(frame));
}

/** A board with its own key, and a panel that has opened a channel with it. */
function keyedBoard(): { board: Peripheral; panel: HeardPanel } {
  const board = new Peripheral({ ...BOARD, secure: security({ key: OWN_KEY, installMode: false }) });
  const panel = new HeardPanel(board);
  panel.connect(OWN_KEY);
  return { board, panel };
}

/** The same frame as somebody else's ears have it: one bit is different, and the check does not fit. */
function damaged({ raw }: OsdpFrame): OsdpFrame {
  const copy = Uint8Array.from(raw);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  const frame = decodeFrame(raw);
  if (typeof frame === 'string') {
    throw new Error(frame);
  }
  return { ...frame, raw: copy };
}

const sealedKeys = [{ key: OWN_KEY }];

describe('one who listens', () => {
  test('reads a channel on the default key, learns the key that is set in it, and reads the channel on that key', () => {
    const panel = new HeardPanel(new Peripheral({ ...BOARD, secure: security() }));
    panel.connect('default-key');
    panel.askSealed({ kind: 'id' });
    panel.askSealed({ kind: 'keyset', keyType: 1, key: OWN_KEY });
    panel.connect(OWN_KEY);
    panel.askSealed({ kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] });

    const traces = traced(panel.heard);
    const handshake = ['CHLNG none', 'CCRYPT none', 'SCRYPT none', 'RMAC_I none'];
    expect(traces.map(({ name, mac }) => `${name} ${mac}`)).toEqual(
      [handshake, 'ID ok', 'PDID ok', 'KEYSET ok', 'ACK ok', handshake, 'OUT ok', 'ACK ok'].flat(),
    );
    expect(traces[5]?.data).toMatchObject({ identity: { vendor: '474354', serial: 7 } });
    expect(traces[12]?.data).toEqual({ outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] });
  });

  test('never repeats the key that was set', () => {
    const panel = new HeardPanel(new Peripheral({ ...BOARD, secure: security() }));
    panel.connect('default-key');
    panel.askSealed({ kind: 'keyset', keyType: 1, key: OWN_KEY });
    const text = JSON.stringify(traced(panel.heard));
    expect(text).toContain('"keyType":1,"key":"hidden"');
    expect(text).not.toContain(toHex(OWN_KEY));
  });

  test('reads a channel whose key was given', () => {
    const { board, panel } = keyedBoard();
    board.pressKeys({ reader: 0, keys: '42#' });
    panel.askSealed({ kind: 'poll' });
    const [, , , , poll, keypad] = traced(panel.heard, sealedKeys);
    expect(poll).toMatchObject({ name: 'POLL', mac: 'ok', data: {} });
    expect(keypad).toMatchObject({ name: 'KEYPAD', mac: 'ok', data: { keys: '42#' } });
  });

  test('without the key sees that there is something, but not what', () => {
    const { panel } = keyedBoard();
    panel.askSealed({ kind: 'id' });
    const last = traced(panel.heard).at(-1);
    expect(last).toMatchObject({ name: 'PDID', check: 'ok', mac: 'unknown-key' });
    expect(last?.data).toEqual({ encrypted: toHex(panel.heard.at(-1)?.data ?? new Uint8Array()) });
  });

  test('takes a key that was given for another device for what it is', () => {
    const { panel } = keyedBoard();
    panel.askSealed({ kind: 'id' });
    expect(traced(panel.heard, [{ key: OWN_KEY, address: 0 }]).at(-1)?.mac).toBe('ok');
    expect(traced(panel.heard, [{ key: OWN_KEY, address: 1 }]).at(-1)?.mac).toBe('unknown-key');
  });

  test('who comes in the middle of a channel waits for the next handshake', () => {
    const { panel } = keyedBoard();
    panel.askSealed({ kind: 'id' });
    panel.restart();
    panel.connect(OWN_KEY);
    panel.askSealed({ kind: 'id' });
    const macs = traced(panel.heard.slice(4), sealedKeys).map(({ mac }) => mac);
    expect(macs).toEqual(['unknown-key', 'unknown-key', 'none', 'none', 'none', 'none', 'ok', 'ok']);
  });
});

describe('a line on which things go wrong', () => {
  test('a command and its reply that are repeated with the same bytes do not move the chain', () => {
    const { panel } = keyedBoard();
    panel.askSealed({ kind: 'id' });
    panel.exchange(panel.lastCommand);
    panel.exchange(panel.lastCommand);
    panel.askSealed({ kind: 'cap' });
    expect(new Set(traced(panel.heard, sealedKeys).map(({ mac }) => mac))).toEqual(new Set(['none', 'ok']));
  });

  test('a frame that was damaged on the way is bad, and the chain goes on with its repeat', () => {
    const { panel } = keyedBoard();
    panel.askSealed({ kind: 'id' });
    const [command, reply] = panel.heard.slice(-2);
    if (command === undefined || reply === undefined) {
      throw new Error('nothing was heard');
    }
    const heard = [...panel.heard.slice(0, -1), damaged(reply), command, reply];
    expect(
      traced(heard, sealedKeys)
        .slice(4)
        .map(({ check, mac }) => `${check} ${mac}`),
    ).toEqual(['ok ok', 'bad bad', 'ok ok', 'ok ok']);
  });

  test('a frame that somebody else made is bad, and does not disturb the channel', () => {
    const { panel } = keyedBoard();
    panel.askSealed({ kind: 'id' });
    const [, , , , command] = panel.heard;
    panel.askSealed({ kind: 'cap' });
    // The old command again, as a stranger on the line might send it.
    const heard = [...panel.heard.slice(0, 6), ...(command ? [command] : []), ...panel.heard.slice(6)];
    const stranger = heard.map((frame, at) => (at === 6 ? withSequence(frame) : frame));
    expect(
      traced(stranger, sealedKeys)
        .slice(4)
        .map(({ mac }) => mac),
    ).toEqual(['ok', 'ok', 'bad', 'ok', 'ok']);
  });

  test('BUSY and NAK in clear leave the channel as it is', () => {
    const { board, panel } = keyedBoard();
    board.answerBusy(1);
    const command = panel.seal({ kind: 'id' });
    panel.exchange(command);
    panel.exchange(command);
    expect(
      traced(panel.heard, sealedKeys)
        .slice(4)
        .map(({ name, mac }) => `${name} ${mac}`),
    ).toEqual(['ID ok', 'BUSY none', 'ID ok', 'PDID ok']);
  });

  test('each device has its own channel', () => {
    const { panel } = keyedBoard();
    panel.askSealed({ kind: 'id' });
    const atAnotherAddress = panel.heard.map((frame) => ({ ...frame, address: 9 }));
    const both = panel.heard.flatMap((frame, at) => [frame, ...atAnotherAddress.slice(at, at + 1)]);
    const macs = traced(both, [{ key: OWN_KEY, address: 0 }]);
    expect(macs.filter(({ address }) => address === 0).at(-1)?.mac).toBe('ok');
    expect(macs.filter(({ address }) => address === 9).at(-1)?.mac).toBe('unknown-key');
  });

  test('a refused handshake opens nothing', () => {
    const { panel } = keyedBoard();
    panel.restart();
    panel.challenge(1);
    panel.prove(1, new Uint8Array(16));
    const after = panel.seal({ kind: 'poll' });
    const sealed = decodeFrame(after);
    const heard = typeof sealed === 'string' ? panel.heard : [...panel.heard, sealed];
    expect(traced(heard, sealedKeys).at(-1)?.mac).toBe('unknown-key');
  });
});

describe('whatever somebody else puts on the line', () => {
  const { panel } = keyedBoard();
  panel.askSealed({ kind: 'id' });
  panel.askSealed({ kind: 'led', leds: [{ reader: 0, led: 0, permanent: steady('red') }] });
  const { heard } = panel;

  test('no changed frame passes for one of the channel, and the channel goes on', () => {
    const place = fc.record({ frame: fc.integer({ min: 4, max: heard.length - 1 }), byte: fc.nat(), bit: fc.nat(7) });
    fc.assert(
      fc.property(place, ({ frame: at, byte, bit }) => {
        const changed = withBitFlipped(heard[at], byte, bit);
        fc.pre(changed !== undefined);
        const traces = traced([...heard.slice(0, at), changed, ...heard.slice(at)], sealedKeys);
        expect(traces[at]?.mac).not.toBe('ok');
        expect(traces.slice(at + 1).map(({ mac }) => mac)).toEqual(heard.slice(at).map(() => 'ok'));
      }),
      { numRuns: 300 },
    );
  });

  test('everything is told as something', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (chunks) => {
        const cutter = new FrameCutter();
        const session = new TraceSession({ newCipher: aes128 });
        const cuts = [...chunks.flatMap((chunk) => cutter.push(chunk)), ...cutter.endOfSilence()];
        for (const cut of cuts) {
          expect(cut.kind === 'frame' ? session.trace(cut.frame).name : cut.reason).not.toBe('');
          expect(withoutCredentials(cut).length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** With a check that fits again; undefined when it is no frame of the same device any more. */
function withBitFlipped(frame: OsdpFrame | undefined, byte: number, bit: number): OsdpFrame | undefined {
  const copy = Uint8Array.from(frame?.raw ?? []);
  const at = byte % (copy.length - 2);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  writeCheck(copy, 0, 'crc');
  const changed = decodeFrame(copy);
  return typeof changed === 'string' || changed.mac === undefined || changed.address !== 0 ? undefined : changed;
}

/** A copy with the next number and a check that fits: what one can make who does not know the key. */
function withSequence(frame: OsdpFrame): OsdpFrame {
  const sequence = frame.sequence === 3 ? 1 : 3;
  const copy = decodeFrame(encodeFrame({ ...frame, sequence }, { mark: false }));
  if (typeof copy === 'string') {
    throw new Error(copy);
  }
  return copy;
}
