import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StreamParser } from '../frame/stream-parser.ts';
import { decodeCommand } from '../messages/commands.ts';
import { decodeReply } from '../messages/replies.ts';
import { VirtualBus, doorDevice, seededRandom } from './virtual-bus.fixture.ts';
import type { LineFault } from './virtual-bus.fixture.ts';

interface Rates {
  readonly drop: number;
  readonly corrupt: number;
  readonly duplicate: number;
}

function faultyLine(seed: number, { drop, corrupt, duplicate }: Rates): LineFault {
  const random = seededRandom(seed);
  return (bytes) => {
    if (random() < drop) {
      return [];
    }
    const arrived = bytes.slice();
    if (random() < corrupt) {
      const at = Math.floor(random() * arrived.length);
      arrived[at] = (arrived[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return random() < duplicate ? [arrived, arrived] : [arrived];
  };
}

const rate = (max: number): fc.Arbitrary<number> => fc.double({ min: 0, max, noNaN: true });

test('on a line that loses, damages and doubles, each key and each card arrives once and in order', () => {
  const rates = fc.record({ drop: rate(0.25), corrupt: rate(0.15), duplicate: rate(0.3) });
  fc.assert(
    fc.property(fc.integer(), rates, (seed, faults) => {
      const door = doorDevice();
      const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [door] });
      bus.run(500);
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
    { numRuns: 60 },
  );
});

test('on such a line each command ends exactly once, and a pulse that is acknowledged ran', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const door = doorDevice();
      const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [door] });
      bus.run(500);
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
    { numRuns: 40 },
  );
});

test('twenty thousand random frames stop neither end', () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
  const random = seededRandom(seed);
  const door = doorDevice();
  const bus = new VirtualBus({ devices: [{ address: 0 }], peripherals: [door] });
  bus.run(500);
  const parser = new StreamParser();
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
    const code = Math.floor(random() * 256);
    expect(() => {
      decodeCommand(code, bytes);
      decodeReply(code, bytes);
      parser.push(bytes);
      bus.nowMs += 1;
      door.receive(bytes, bus.nowMs);
      bus.panel.receive(bytes, bus.nowMs);
      bus.panel.nextTransmission(bus.nowMs);
    }, `FUZZ_SEED=${seed}, round ${round}`).not.toThrow();
  }
  bus.run(20_000);
  expect(bus.panel.device(0)?.phase, `FUZZ_SEED=${seed}`).toBe('online');
});
