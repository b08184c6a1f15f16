import { expect, test } from 'vitest';
import { aes128 } from '../../node/aes.ts';
import type { Command } from '../messages/commands.ts';
import type { Peripheral } from '../pd/peripheral.ts';
import { OWN_KEY, security, storeWithKeys } from './secure-bus.fixture.ts';
import { VirtualBus, doorDevice, seededRandom } from './virtual-bus.fixture.ts';
import type { LineFault } from './virtual-bus.fixture.ts';

const RATE = 0.05;
/** A bit longer than the panel waits for an answer, so that some come when they are not expected any more. */
const LATE_MS_MAX = 300;
const EXCHANGES = 10_000;
const KEYS = '0123456789*#ABCD';

/** Orders are numbered, so that it shows which of them the device has carried out, and how often. */
const order = (number: number): Command => ({
  kind: 'mfg',
  vendor: '474343',
  data: Uint8Array.of(number >> 8, number),
});
const numberOf = (bytes: Uint8Array): number => ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);

/** Of a hundred transmissions five are lost, five damaged, five doubled and five held back. */
function badLine(random: () => number): LineFault {
  return (bytes) => {
    const arrived = bytes.slice();
    if (random() < RATE) {
      return [];
    }
    if (random() < RATE) {
      const at = Math.floor(random() * arrived.length);
      arrived[at] = (arrived[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    const copies = random() < RATE ? [arrived, arrived] : [arrived];
    return random() < RATE ? copies.map((copy) => ({ bytes: copy, lateMs: random() * LATE_MS_MAX })) : copies;
  };
}

interface Told {
  keys: string;
  cards: number[];
  orders: number;
}

/** Somebody is always at the door: keys, cards and orders without a pause, until there were ten thousand exchanges. */
function keepBusy(bus: VirtualBus, door: Peripheral, random: () => number): Told {
  const told: Told = { keys: '', cards: [], orders: 0 };
  while ((bus.panel.device(0)?.metrics.replies ?? 0) < EXCHANGES) {
    const key = KEYS[Math.floor(random() * KEYS.length)] ?? '0';
    if (door.pressKeys({ reader: 0, keys: key })) {
      told.keys += key;
    }
    const card = told.cards.length;
    const bits = Uint8Array.of(card >> 8, card & 0xff);
    if (random() < 0.3 && door.presentCard({ reader: 0, format: 1, bitCount: 16, bits })) {
      told.cards.push(card);
    }
    const expiresAtMs = bus.nowMs + 2_000;
    if (random() < 0.2 && bus.panel.submit(0, order(told.orders), bus.nowMs, { expiresAtMs, urgent: true }).accepted) {
      told.orders += 1;
    }
    bus.run(100 + random() * 300);
  }
  return told;
}

test.each([
  ['in clear', false],
  ['in a secure channel', true],
])(
  'in ten thousand exchanges %s on a line that loses, damages, doubles and delays, nothing is lost or told twice',
  async (_name, isSecure) => {
    const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
    const clue = `FUZZ_SEED=${seed}`;
    console.log(`${isSecure ? 'secure' : 'plain'} line: ${clue}`);
    const random = seededRandom(seed);
    const secure = {
      newCipher: aes128,
      random: (bytes: number) => Uint8Array.from({ length: bytes }, () => random() * 256),
      key: OWN_KEY,
      installMode: false,
      enforced: true,
      onKeySet: () => {},
    };
    const carriedOut: number[] = [];
    const door: Peripheral = doorDevice(0, {
      ...(isSecure && { secure }),
      onMfg: ({ data }) => {
        carriedOut.push(numberOf(data));
        return { kind: 'ack' };
      },
    });
    const bus = new VirtualBus({
      devices: [{ address: 0 }],
      peripherals: [door],
      ...(isSecure && { secure: security(await storeWithKeys(0), seed) }),
    });
    bus.run(500);
    bus.fault = badLine(random);
    const told = keepBusy(bus, door, random);
    bus.fault = (bytes) => [bytes];
    bus.run(10_000);

    expect(bus.keys, clue).toBe(told.keys);
    const cards = bus.events.flatMap((event) => (event.type === 'raw' ? [numberOf(event.bits)] : []));
    expect(cards, clue).toEqual(told.cards);
    const ends = bus.events.flatMap((event) => (event.type === 'outcome' ? [event] : []));
    expect(ends, clue).toHaveLength(told.orders);
    const obeyed = ends.flatMap(({ outcome, command }) => (outcome.ok && command.kind === 'mfg' ? [command.data] : []));
    const uncertain = ends.flatMap(({ outcome, command }) =>
      !outcome.ok && outcome.mayHaveRun && command.kind === 'mfg' ? [command.data] : [],
    );
    const once = [...new Set(carriedOut)];
    // In clear nothing tells a device that an order which the line held back is an old one: it may be carried out again, and so pulses it is.
    expect(carriedOut, clue).toEqual(isSecure ? once : expect.arrayContaining(once));
    const certain = once.filter((number) => !uncertain.map(numberOf).includes(number));
    expect(certain, clue).toEqual(obeyed.map(numberOf));
    expect(obeyed.length, clue).toBeGreaterThan(told.orders * 0.9);
    expect(bus.panel.device(0)?.metrics.offlines, clue).toBe(0);
  },
  60_000,
);
