import { expect, test } from 'vitest';
import { aes128 } from '../../node/aes.ts';
import { checksum8, crc16 } from '../frame/crc.ts';
import { FRAME_BYTES_MAX, SOM, encodeFrame } from '../frame/frame.ts';
import type { Sequence } from '../frame/frame.ts';
import { toHex } from '../frame/hex.ts';
import { COMMAND_CODE, REPLY_CODE } from '../messages/codes.ts';
import { encodeCommand } from '../messages/commands.ts';
import type { LedControl } from '../messages/led.ts';
import { steady } from '../messages/led.ts';
import { encodeReply } from '../messages/replies.ts';
import type { Peripheral } from '../pd/peripheral.ts';
import { SCS } from '../secure/security-block.ts';
import { FrameCutter } from '../trace/frame-cutter.ts';
import { TraceSession } from '../trace/secure-trace.ts';
import { OWN_KEY, security, storeWithKeys } from './secure-bus.fixture.ts';
import { VirtualBus, doorDevice, seededRandom } from './virtual-bus.fixture.ts';

/** Of the two runs together. */
const FRAMES = 100_000;
const RANDOM_BYTES_MAX = 60;
const PULSE = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 100 }] } as const;
const LIGHT: LedControl = { reader: 0, led: 0, permanent: steady('green') };

type Random = () => number;
const below = (random: Random, count: number): number => Math.floor(random() * count);

/** A frame without its mark, with a check that fits whatever was done to it. */
function withGoodCheck(frame: Uint8Array): Uint8Array {
  const bytes = frame[0] === 0xff ? frame.slice(1) : frame.slice();
  if (bytes.length < 8) {
    return bytes;
  }
  if (((bytes[4] ?? 0) & 4) === 0) {
    bytes[bytes.length - 1] = checksum8(bytes, 0, bytes.length - 1);
    return bytes;
  }
  const crc = crc16(bytes, 0, bytes.length - 2);
  bytes.set([crc & 0xff, crc >> 8], bytes.length - 2);
  return bytes;
}

function flipped(frame: Uint8Array, random: Random): Uint8Array {
  const bytes = frame.slice();
  for (let flips = 1 + below(random, 8); flips > 0; flips -= 1) {
    const at = below(random, bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
  }
  return bytes;
}

/** Another length than the frame has. */
function lying(frame: Uint8Array, random: Random): Uint8Array {
  const bytes = frame.slice();
  const at = bytes[0] === 0xff ? 3 : 2;
  bytes.set([below(random, 256), below(random, 7)], at);
  return bytes;
}

function interleaved(left: Uint8Array, right: Uint8Array, random: Random): Uint8Array {
  const cut = below(random, left.length);
  return Uint8Array.from([...left.subarray(0, cut), ...right, ...left.subarray(cut)]);
}

const noise = (random: Random): Uint8Array =>
  Uint8Array.from({ length: below(random, RANDOM_BYTES_MAX) }, () => below(random, 256));

/** An order to open, or a key, of somebody who knows all but the keys: in clear, or with a made-up MAC. Its numbers and check fit. */
function forged(random: Random): Uint8Array {
  const isOrder = random() < 0.5;
  const [sealed, bare] = isOrder ? [SCS.commandSealed, SCS.commandMac] : [SCS.replySealed, SCS.replyMac];
  const type = [undefined, sealed, bare][below(random, 3)];
  return encodeFrame({
    direction: isOrder ? 'command' : 'reply',
    address: 0,
    sequence: below(random, 4) as Sequence,
    check: 'crc',
    ...(isOrder ? encodeCommand(PULSE) : encodeReply({ kind: 'keypad', reader: 0, keys: '1' })),
    security: type && { type, data: new Uint8Array() },
    mac: type && Uint8Array.from({ length: 4 }, () => below(random, 256)),
  });
}

/** What a broken line or somebody on it makes of frames that were really sent. `mayForge`: with a check that fits. */
function fuzzed(corpus: readonly Uint8Array[], random: Random, mayForge: boolean): Uint8Array {
  const pick = (): Uint8Array => corpus[below(random, corpus.length)] ?? new Uint8Array();
  switch (below(random, mayForge ? 9 : 5)) {
    case 0:
      return flipped(pick(), random);
    case 1:
      return pick().slice(0, below(random, 20));
    case 2:
      return lying(pick(), random);
    case 3:
      return interleaved(pick(), pick(), random);
    case 4:
      return noise(random);
    case 5:
      return withGoodCheck(flipped(pick(), random));
    case 6:
      return withGoodCheck(lying(pick(), random));
    case 7:
      return forged(random);
    default:
      // An old frame as it was.
      return pick();
  }
}

async function town(isSecure: boolean, seed: number): Promise<{ bus: VirtualBus; door: Peripheral; heard: string[] }> {
  const heard: string[] = [];
  const { random } = security(await storeWithKeys(0), seed);
  const secure = { newCipher: aes128, random, key: OWN_KEY, installMode: false, enforced: true, onKeySet: () => {} };
  const door = doorDevice(0, { ...(isSecure && { secure }) });
  const bus = new VirtualBus({
    devices: [{ address: 0 }],
    peripherals: [door],
    onEvent: ({ type }) => heard.push(type),
    ...(isSecure && { secure: security(await storeWithKeys(0), seed + 1) }),
  });
  return { bus, door, heard };
}

/** A day at the door, as the wire carried it in both directions. */
function record({ bus, door }: { bus: VirtualBus; door: Peripheral }): Uint8Array[] {
  const corpus: Uint8Array[] = [];
  bus.fault = (bytes) => {
    corpus.push(bytes);
    return [bytes];
  };
  bus.run(500);
  for (const key of '1203*739154#') {
    door.pressKeys({ reader: 0, keys: key });
    bus.run(100);
  }
  door.presentCard({ reader: 0, format: 1, bitCount: 26, bits: Uint8Array.of(0x6a, 0x0d, 0xc0, 0xc0) });
  for (const kind of ['istat', 'ostat', 'lstat', 'rstat', 'id', 'cap'] as const) {
    bus.panel.submit(0, { kind }, bus.nowMs);
  }
  bus.panel.submit(0, { kind: 'led', leds: [LIGHT] }, bus.nowMs);
  bus.panel.submit(0, PULSE, bus.nowMs);
  bus.run(3_000);
  bus.fault = (bytes) => [bytes];
  return corpus;
}

const POWER: readonly number[] = [COMMAND_CODE.out, REPLY_CODE.keypad, REPLY_CODE.raw];

/**
 * Whether an order, a key or a card comes through whole at the end of `line`: in clear an old one is as good as a new one. The check is
 * computed here, so that a parser that does not look at it would be found out.
 */
function completesPower(line: Uint8Array, newBytes: number): boolean {
  for (let from = line.indexOf(SOM); from !== -1; from = line.indexOf(SOM, from + 1)) {
    const length = (line[from + 2] ?? 0) | ((line[from + 3] ?? 0) << 8);
    const isNew = from + length <= line.length && from + length > line.length - newBytes;
    if (length >= 8 && isNew && POWER.includes(line[from + 5] ?? 0)) {
      const frame = line.subarray(from, from + length);
      if (toHex(withGoodCheck(frame)) === toHex(frame)) {
        return true;
      }
    }
  }
  return false;
}

test.each([
  ['in clear', false],
  ['in a secure channel', true],
])(
  'fifty thousand fuzzed frames %s crash nothing, hang nothing and open nothing',
  async (_name, isSecure) => {
    const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
    const clue = `FUZZ_SEED=${seed}`;
    console.log(`${isSecure ? 'secure' : 'plain'} fuzz: ${clue}`);
    const random = seededRandom(seed);
    const here = await town(isSecure, seed);
    const corpus = record(here);
    const { bus, door, heard } = here;
    expect(corpus.length, clue).toBeGreaterThan(50);
    expect(door.outputs, clue).toEqual([false]);
    heard.length = 0;
    const cutter = new FrameCutter();
    let before = new Uint8Array();
    const trace = new TraceSession({ newCipher: aes128, keys: [] });
    // In clear a frame with a check that fits is as good as the panel's: only the channel can tell who made it.
    for (let round = 0; round < FRAMES / 2; round += 1) {
      const bytes = fuzzed(corpus, random, isSecure);
      if (!isSecure) {
        const line = new Uint8Array(before.length + bytes.length);
        line.set(before);
        line.set(bytes, before.length);
        if (completesPower(line, bytes.length)) {
          continue;
        }
        before = line.slice(-FRAME_BYTES_MAX);
      }
      bus.nowMs += 1;
      const split = below(random, bytes.length + 1);
      for (const part of [bytes.subarray(0, split), bytes.subarray(split)]) {
        door.receive(part, bus.nowMs);
        bus.panel.receive(part, bus.nowMs);
      }
      for (const cut of cutter.push(bytes)) {
        if (cut.kind === 'frame') {
          trace.trace(cut.frame);
        }
      }
      bus.panel.nextTransmission(bus.nowMs);
      expect(door.outputs[0], `${clue}, round ${round}`).toBe(false);
    }
    expect(
      heard.filter((type) => type === 'keypad' || type === 'raw'),
      clue,
    ).toEqual([]);
    bus.run(30_000);
    expect(bus.panel.device(0)?.phase, clue).toBe('online');
    expect(bus.panel.device(0)?.secure, clue).toBe(isSecure ? 'secured' : 'plain');
    door.pressKeys({ reader: 0, keys: '7' });
    bus.panel.submit(0, PULSE, bus.nowMs);
    bus.run(90);
    expect(bus.keys.at(-1), clue).toBe('7');
    expect(door.outputs[0], clue).toBe(true);
  },
  60_000,
);
