import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_BYTES_MAX, MAC_BYTES, checkSize, dissectFrame, nextSequence, writeCheck } from '../frame/frame.ts';
import type { FrameCheck, Sequence } from '../frame/frame.ts';
import { encryptData } from './cbc.ts';
import type { BlockCipher } from './block-cipher.ts';
import { SEALED_DATA_BYTES_MAX, SecureSession } from './secure-session.ts';
import {
  content,
  firstRmac,
  macByTheBook,
  newSession,
  peculiarFrame,
  received,
  sealedUnpadded,
  sessionKeys,
} from './secure-session.fixture.ts';

const ACK = 0x40;
const KEYPAD = 0x53;
const POLL = 0x60;
const LSTAT = 0x64;
const LSTATR = 0x48;
const LED = 0x69;

interface Exchange {
  readonly command: Uint8Array;
  readonly reply: Uint8Array;
}

/** What a panel and a device say to each other over a good line, as it travels. */
function talk(panel: SecureSession, device: SecureSession, rounds: number): Exchange[] {
  return Array.from({ length: rounds }, (_, round) => {
    const command = panel.sealCommand(content(LED, [round, 1, 2]));
    expect(device.openCommand(received(command))).toEqual(Uint8Array.of(round, 1, 2));
    const reply = device.sealReply(content(KEYPAD, [0, 1, round]));
    expect(panel.openReply(received(reply))).toEqual(Uint8Array.of(0, 1, round));
    return { command, reply };
  });
}

const bytesUpTo = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });

const round = fc.record({
  asked: bytesUpTo(40),
  told: bytesUpTo(40),
  check: fc.constantFrom('crc', 'checksum'),
  mark: fc.boolean(),
  commandsLost: fc.nat(2),
  commandsDoubled: fc.nat(2),
  repliesLost: fc.nat(2),
  repliesDoubled: fc.nat(2),
});

describe('panel and device', () => {
  test('understand each other whatever the line loses or doubles, and so does one who listens', () => {
    fc.assert(
      fc.property(fc.array(round, { maxLength: 30 }), (rounds) => {
        const [panel, device, listener] = [newSession(), newSession(), newSession()];
        for (const { asked, told, check, mark, ...faults } of rounds) {
          const command = panel.sealCommand({ ...content(LED), data: asked, check }, { mark });
          // A lost command changes nothing at the device: the same bytes come again, and perhaps twice.
          for (let copy = 0; copy <= faults.commandsLost + faults.commandsDoubled; copy += 1) {
            if (copy >= faults.commandsLost) {
              expect(device.openCommand(received(command))).toEqual(asked);
            }
          }
          const reply = device.sealReply({ ...content(KEYPAD), data: told, check }, { mark });
          // A lost reply is repeated from the device's memory, not sealed again.
          for (let copy = 0; copy <= faults.repliesLost + faults.repliesDoubled; copy += 1) {
            if (copy >= faults.repliesLost) {
              expect(panel.openReply(received(reply))).toEqual(told);
            }
          }
          expect(listener.openCommand(received(command))).toEqual(asked);
          expect(listener.openReply(received(reply))).toEqual(told);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('make the MACs of the specification for any mixture of idle talk, events and faults', () => {
    const step = fc.record({
      asked: fc.oneof({ weight: 4, arbitrary: fc.constant('poll') }, { weight: 1, arbitrary: bytesUpTo(60) }),
      told: fc.oneof({ weight: 4, arbitrary: fc.constant('ack') }, { weight: 1, arbitrary: bytesUpTo(60) }),
      fate: fc.constantFrom('good', 'good', 'good', 'good', 'doubled', 'damaged', 'given up', 'sequence restarts'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom('crc', 'checksum'), (steps, check) => {
        const [panel, device] = [newSession(), newSession()];
        let [rmac, sequence]: [Uint8Array, Sequence] = [firstRmac, 0];
        for (const { asked, told, fate } of steps) {
          sequence = fate === 'sequence restarts' ? 0 : nextSequence(sequence);
          const question = typeof asked === 'string' ? content(POLL) : { ...content(LED), data: asked };
          const answer = typeof told === 'string' ? content(ACK) : { ...content(KEYPAD), data: told };
          const times = fate === 'doubled' ? 2 : 1;
          const command = panel.sealCommand({ ...question, sequence, check }, { mark: false });
          const cmac = expectMac(command, rmac, check);
          if (fate === 'given up') continue;
          const frame = received(command);
          const forged = fate === 'damaged' ? [damaged(frame.raw)] : [];
          for (const raw of forged) expect(device.openCommand({ ...frame, raw })).toBe('mac');
          for (let time = 0; time < times; time += 1) expect(device.openCommand(frame)).toEqual(question.data);
          for (const raw of forged) expect(device.openCommand({ ...frame, raw })).toBe('mac');
          const reply = device.sealReply({ ...answer, sequence, check }, { mark: false });
          rmac = expectMac(reply, cmac, check);
          const back = received(reply);
          for (let time = 0; time < times; time += 1) expect(panel.openReply(back)).toEqual(answer.data);
          if (fate === 'damaged') expect(panel.openReply({ ...back, raw: damaged(back.raw) })).toBe('mac');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('need one cipher call between them for an idle exchange, with a mark and without', () => {
    let calls = 0;
    const mac2: BlockCipher = {
      encrypt: (blocks) => sessionKeys.mac2.encrypt(blocks),
      decrypt: (blocks) => sessionKeys.mac2.decrypt(blocks),
      encryptChained: (blocks) => {
        calls += 1;
        return sessionKeys.mac2.encryptChained(blocks);
      },
    };
    const session = (): SecureSession => new SecureSession({ keys: { ...sessionKeys, mac2 }, rmac: firstRmac });
    const [panel, device] = [session(), session()];
    let sequence: Sequence = 0;
    for (let count = 0; count < 30; count += 1) {
      sequence = nextSequence(sequence);
      const mark = count % 2 === 0;
      device.openCommand(received(panel.sealCommand(content(POLL, [], sequence), { mark })));
      panel.openReply(received(device.sealReply(content(ACK, [], sequence), { mark })));
    }
    expect(calls).toBe(30);
  });

  test('go on after a command that was given up before the device heard it', () => {
    const [panel, device] = [newSession(), newSession()];
    panel.sealCommand(content(LED, [9]));
    talk(panel, device, 3);
  });

  test('send the largest frame that there may be, and no larger one', () => {
    const [panel, device] = [newSession(), newSession()];
    const data = Array.from({ length: SEALED_DATA_BYTES_MAX }, (_, at) => at & 0xff);
    const bytes = panel.sealCommand(content(0x7c, data), { mark: false });
    expect(bytes.length).toBeLessThanOrEqual(FRAME_BYTES_MAX);
    expect(device.openCommand(received(bytes))).toEqual(Uint8Array.from(data));
    expect(() => panel.sealCommand(content(0x7c, [...data, 0]))).toThrow(RangeError);
  });

  test('never seal the same words to the same bytes', () => {
    const [panel, device] = [newSession(), newSession()];
    const seen = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const frame = received(panel.sealCommand(content(LED, [1, 2, 3])));
      seen.add(frame.data.join());
      device.openCommand(frame);
      panel.openReply(received(device.sealReply(content(ACK))));
    }
    expect(seen.size).toBe(20);
  });
});

describe('somebody on the line', () => {
  test('can change no bit of a command or a reply, even with a good check', () => {
    for (const data of [[], [1, 2, 3], Array.from({ length: 30 }, () => 7)]) {
      const [panel, device] = [newSession(), newSession()];
      const command = panel.sealCommand(content(LED, data), { mark: false });
      everyBitFlipped(command, (bytes) => refusedBy(bytes, (frame) => device.openCommand(frame)));
      expect(device.openCommand(received(command))).toEqual(Uint8Array.from(data));
      const reply = device.sealReply(content(KEYPAD, data), { mark: false });
      everyBitFlipped(reply, (bytes) => refusedBy(bytes, (frame) => panel.openReply(frame)));
      expect(panel.openReply(received(reply))).toEqual(Uint8Array.from(data));
    }
  });

  test('can neither play an old frame again nor send one back where it came from', () => {
    const [panel, device] = [newSession(), newSession()];
    const old = talk(panel, device, 8);
    const next = panel.sealCommand(content(POLL));
    for (const { command, reply } of old) {
      expect(device.openCommand(received(command))).toBe('mac');
      expect(device.openCommand(received(reply))).toMatch(/mac|not-secure/);
      expect(panel.openReply(received(reply))).toBe('mac');
      expect(panel.openReply(received(command))).toMatch(/mac|not-secure/);
    }
    expect(panel.openReply(received(next))).toBe('mac');
    expect(device.openCommand(received(next))).toEqual(new Uint8Array());
  });

  test('can swap no two frames of a recorded talk', () => {
    const recorded = talk(newSession(), newSession(), 6);
    fc.assert(
      fc.property(fc.nat(5), fc.nat(5), (place, other) => {
        fc.pre(place !== other);
        const [panel, device] = [newSession(), newSession()];
        talk(panel, device, place);
        expect(device.openCommand(received(recorded[other]?.command ?? Uint8Array.of()))).toBe('mac');
        panel.sealCommand(content(LED, [place, 1, 2]));
        expect(panel.openReply(received(recorded[other]?.reply ?? Uint8Array.of()))).toBe('mac');
      }),
    );
  });

  test('cannot make a command travel in clear', () => {
    const device = newSession();
    const { frame } = peculiarFrame('command', 0x15, firstRmac, content(0x75, [1, 16]));
    expect(device.openCommand(frame)).toBe('not-secure');
    for (const type of [0x11, 0x13, 0x16, 0x18]) {
      expect(device.openCommand(peculiarFrame('command', type, firstRmac, content(POLL)).frame)).toBe('not-secure');
    }
  });
});

describe('devices as they are', () => {
  test.each([0x15, 0x16])('report their state in clear as SCS_%i with a good MAC', (type) => {
    const [panel, device] = [newSession(), newSession()];
    device.openCommand(received(panel.sealCommand(content(LSTAT))));
    const cmac = commandMac(content(LSTAT));
    const { frame, mac } = peculiarFrame('reply', type, cmac, content(LSTATR, [1, 0]));
    expect(panel.openReply(frame)).toEqual(Uint8Array.of(1, 0));
    // The next command is where such a device expects it.
    const next = received(panel.sealCommand(content(POLL)));
    expect(next.mac).toEqual(peculiarFrame('command', 0x15, mac, content(POLL)).frame.mac);
  });

  test('pad a message without data to a block of padding', () => {
    const panelsBlock = encryptData(sessionKeys.enc, firstRmac, new Uint8Array());
    const { frame } = peculiarFrame('command', 0x17, firstRmac, { ...content(LSTAT), data: panelsBlock });
    expect(newSession().openCommand(frame)).toEqual(new Uint8Array());
  });

  test.each([
    ['in no block', []],
    ['in a part of a block', [1, 2, 3]],
    ['in blocks without padding', sealedUnpadded(commandMac(content(POLL)), new Uint8Array(32).fill(1))],
    [
      'in blocks with too much of it',
      sealedUnpadded(commandMac(content(POLL)), Uint8Array.of(0x80, ...Array(31).fill(0))),
    ],
  ])('that seal data %s are told so, and understood again afterwards', (_where, data) => {
    const panel = newSession();
    panel.sealCommand(content(POLL));
    const { frame, mac } = peculiarFrame('reply', 0x18, commandMac(content(POLL)), content(KEYPAD, [...data]));
    expect(panel.openReply(frame)).toBe('padding');
    const next = received(panel.sealCommand(content(POLL)));
    expect(next.mac).toEqual(peculiarFrame('command', 0x15, mac, content(POLL)).frame.mac);
  });
});

/** Checks the MAC that `bytes` carry, and returns all sixteen bytes of it. */
function expectMac(bytes: Uint8Array, icv: Uint8Array, check: FrameCheck): Uint8Array {
  const macAt = bytes.length - MAC_BYTES - checkSize(check);
  const mac = macByTheBook(icv, bytes.subarray(0, macAt));
  expect([...bytes.subarray(macAt, macAt + MAC_BYTES)]).toEqual([...mac.subarray(0, MAC_BYTES)]);
  return mac;
}

/** Another address: the frame stays as long as it was. */
function damaged(raw: Uint8Array): Uint8Array {
  const changed = raw.slice();
  changed[1] = (changed[1] ?? 0) ^ 1;
  return changed;
}

/** Whole C-MAC of the first command of a session. */
function commandMac(command: ReturnType<typeof content>): Uint8Array {
  const bytes = newSession().sealCommand(command, { mark: false });
  return macByTheBook(firstRmac, bytes.subarray(0, -6));
}

function everyBitFlipped(bytes: Uint8Array, check: (changed: Uint8Array) => void): void {
  for (let bit = 0; bit < (bytes.length - 2) * 8; bit += 1) {
    const changed = bytes.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeCheck(changed, 0, 'crc');
    check(changed);
  }
}

function refusedBy(bytes: Uint8Array, open: (frame: ReturnType<typeof received>) => Uint8Array | string): void {
  const frame = dissectFrame(bytes);
  if (typeof frame !== 'string') {
    expect(open(frame)).toMatch(/mac|not-secure/);
  }
}
