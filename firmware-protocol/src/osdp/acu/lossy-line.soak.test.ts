import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aes128 } from '../../node/aes.ts';
import type { KeyStore } from '../secure/key-store.ts';
import type { Peripheral } from '../pd/peripheral.ts';
import { OWN_KEY, security, storeWithKeys } from './secure-bus.fixture.ts';
import { faultyLine } from './faulty-line.fixture.ts';
import { VirtualBus, doorDevice } from './virtual-bus.fixture.ts';

/** A door on a bus that is up, in a secure channel when there are keys for it. */
function busWithDoor(keys: KeyStore | undefined): { bus: VirtualBus; door: Peripheral } {
  const random = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0x5a);
  const secure = { newCipher: aes128, random, key: OWN_KEY, installMode: false, enforced: true, onKeySet: () => {} };
  const door = doorDevice(0, keys === undefined ? {} : { secure });
  const bus = new VirtualBus({
    devices: [{ address: 0 }],
    peripherals: [door],
    ...(keys !== undefined && { secure: security(keys) }),
  });
  bus.run(500);
  expect(bus.panel.device(0)?.secure).toBe(keys === undefined ? 'plain' : 'secured');
  return { bus, door };
}

const rate = (max: number): fc.Arbitrary<number> => fc.double({ min: 0, max, noNaN: true });

const lines: [string, boolean][] = [
  ['plain', false],
  ['secure', true],
];

test.each(lines)(
  'on a %s line that loses, damages and doubles, each key and each card arrives once and in order',
  async (_, isSecure) => {
    const keys = isSecure ? await storeWithKeys(0) : undefined;
    const rates = fc.record({ drop: rate(0.25), corrupt: rate(0.15), duplicate: rate(0.3) });
    fc.assert(
      fc.property(fc.integer(), rates, (seed, faults) => {
        const { bus, door } = busWithDoor(keys);
        bus.fault = faultyLine(seed, faults);
        const typed = '0301*123456#7890';
        for (const [index, key] of typed.split('').entries()) {
          expect(door.pressKeys({ reader: 0, keys: key })).toBe(true);
          if (index % 4 === 0) {
            door.presentCard({ reader: 0, format: 1, bitCount: 8, bits: Uint8Array.of(index) });
          }
          bus.run(300);
        }
        bus.run(60_000);
        expect(bus.keys).toBe(typed);
        const cards = bus.events.flatMap((event) => (event.type === 'raw' ? [event.bits[0]] : []));
        expect(cards).toEqual([0, 4, 8, 12]);
      }),
      { numRuns: 30 },
    );
  },
);

test.each(lines)(
  'on such a %s line each command ends exactly once, and a pulse that is acknowledged ran',
  async (_, isSecure) => {
    const keys = isSecure ? await storeWithKeys(0) : undefined;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { bus } = busWithDoor(keys);
        bus.fault = faultyLine(seed, { drop: 0.2, corrupt: 0.1, duplicate: 0.2 });
        const ids: number[] = [];
        for (let round = 0; round < 10; round += 1) {
          const pulse = { kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] } as const;
          const submission = bus.panel.submit(0, pulse, bus.nowMs, { expiresAtMs: bus.nowMs + 2000 });
          if (submission.accepted) {
            ids.push(submission.commandId);
          }
          bus.run(3000);
        }
        bus.run(20_000);
        const ended = bus.events.flatMap((event) => (event.type === 'outcome' ? [event] : []));
        expect(ended.map(({ commandId }) => commandId)).toEqual(ids);
        const obeyed = ended.filter(({ outcome }) => outcome.ok).length;
        const switchedOn = bus.events.filter((event) => event.type === 'output' && event.outputs[0] === true).length;
        const uncertain = ended.filter(({ outcome }) => !outcome.ok && outcome.mayHaveRun).length;
        expect(switchedOn).toBeGreaterThanOrEqual(obeyed);
        expect(switchedOn).toBeLessThanOrEqual(obeyed + uncertain);
      }),
      { numRuns: 25 },
    );
  },
);
