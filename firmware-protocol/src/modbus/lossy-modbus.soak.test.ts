import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../osdp/acu/virtual-bus.fixture.ts';
import { RelayBoardDevice } from './relay-board-device.ts';
import { flashOn, relayBoardUnit, switchRelay } from './relay-board.ts';
import { decodeRequest } from './requests.ts';
import { decodeResponse } from './responses.ts';
import { encodeRequestFrame, findFrame } from './rtu-frame.ts';
import { VirtualLine } from './virtual-line.fixture.ts';
import type { WireFault } from './virtual-line.fixture.ts';

interface Rates {
  readonly drop: number;
  readonly corrupt: number;
  readonly duplicate: number;
  readonly split: number;
}

function faultyLine(seed: number, { drop, corrupt, duplicate, split }: Rates): WireFault {
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
    const at = Math.floor(random() * arrived.length);
    const parts = random() < split ? [arrived.subarray(0, at), arrived.subarray(at)] : [arrived];
    return random() < duplicate ? [...parts, ...parts] : parts;
  };
}

const rate = (max: number): fc.Arbitrary<number> => fc.double({ min: 0, max, noNaN: true });
const rates = fc.record({ drop: rate(0.25), corrupt: rate(0.15), duplicate: rate(0.3), split: rate(0.3) });
const bauds = fc.constantFrom(9_600, 19_200, 115_200);
const wired = relayBoardUnit({ unit: 1, relays: 8, inputs: 8, flashOn: true });

interface Switched {
  readonly relay: number;
  readonly atMs: number;
}

test('on a line that loses, damages, doubles and splits, each order ends once, what is acknowledged ran, and none runs late or elsewhere', () => {
  fc.assert(
    fc.property(fc.integer(), rates, bauds, fc.boolean(), (seed, faults, baud, isEchoing) => {
      const switched: Switched[] = [];
      let on: readonly boolean[] = [];
      const board: RelayBoardDevice = new RelayBoardDevice({
        unit: 1,
        relays: 8,
        inputs: 8,
        flashOn: true,
        onChange: () => {
          for (const [relay, isOn] of board.relays.entries()) {
            if (isOn && on[relay] !== true) {
              switched.push({ relay, atMs: line.nowMs });
            }
          }
          on = board.relays;
        },
      });
      const line: VirtualLine = new VirtualLine({ baud, isEchoing, units: [wired], boards: [board] });
      line.run(1_000);
      line.fault = faultyLine(seed, faults);
      const orders: { id: number; relay: number; atMs: number; expiresAtMs: number }[] = [];
      for (let round = 0; round < 8; round += 1) {
        const order = { relay: round, atMs: line.nowMs, expiresAtMs: line.nowMs + 2_000 };
        const submission = line.master.submit(1, flashOn(round, 500), line.nowMs, { urgent: true, ...order });
        if (submission.accepted) {
          orders.push({ id: submission.requestId, ...order });
        }
        line.run(3_000);
      }
      line.run(10_000);
      const wireMs = 50;
      for (const { id, relay, atMs, expiresAtMs } of orders) {
        const outcomes = line.outcomes(id);
        expect(outcomes).toHaveLength(1);
        const runs = switched.filter((run) => run.relay === relay);
        expect(runs.every((run) => run.atMs >= atMs && run.atMs <= expiresAtMs + wireMs)).toBe(true);
        if (outcomes[0]?.ok === true) {
          expect(runs.length).toBeGreaterThan(0);
        } else if (outcomes[0]?.mayHaveRun === false) {
          expect(runs).toEqual([]);
        }
      }
      const ordered = new Set(orders.map(({ relay }) => relay));
      expect(switched.every(({ relay }) => ordered.has(relay))).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('inputs are heard again once the line is good again', () => {
  fc.assert(
    fc.property(fc.integer(), rates, (seed, faults) => {
      const board = new RelayBoardDevice({ unit: 1, relays: 8, inputs: 8, flashOn: true, onChange: () => {} });
      const line = new VirtualLine({ units: [wired], boards: [board] });
      line.fault = faultyLine(seed, faults);
      line.run(20_000);
      line.fault = (bytes) => [bytes];
      board.setInput(2, true);
      line.run(2_500);
      const last = line.events.findLast((event) => event.type === 'polled' && event.request.kind === 'readInputs');
      expect(last).toMatchObject({ response: { values: [false, false, true, false, false, false, false, false] } });
    }),
    { numRuns: 60 },
  );
});

test('no bit flip in an order switches anything', () => {
  const frame = encodeRequestFrame(1, switchRelay(0, true));
  for (let bit = 0; bit < frame.length * 8; bit += 1) {
    const board = new RelayBoardDevice({ unit: 1, relays: 8, inputs: 8, flashOn: true, onChange: () => {} });
    const damaged = frame.slice();
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(board.receive(damaged, 0)).toEqual([]);
    expect(board.relays).not.toContain(true);
  }
});

/** CRC-16/MODBUS of the specification's appendix, bit by bit: over a frame with its CRC it is 0. */
function crcOf(frame: Uint8Array): number {
  return frame.reduce((crc, byte) => {
    let mixed = crc ^ byte;
    for (let bit = 0; bit < 8; bit += 1) {
      mixed = (mixed & 1) === 0 ? mixed >> 1 : (mixed >> 1) ^ 0xa001;
    }
    return mixed;
  }, 0xffff);
}

/** In one run of twenty, chance completes a good order to one relay, which is one. */
function holdsGoodOrder(heard: Uint8Array): boolean {
  const orderBytes = 8;
  return heard.some((_, at) => at + orderBytes <= heard.length && crcOf(heard.subarray(at, at + orderBytes)) === 0);
}

test('twenty thousand damaged and random frames stop neither end and switch nothing', () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
  const random = seededRandom(seed);
  const board = new RelayBoardDevice({ unit: 1, relays: 8, inputs: 8, flashOn: true, onChange: () => {} });
  const line = new VirtualLine({ units: [wired], boards: [board] });
  line.run(500);
  const order = encodeRequestFrame(1, flashOn(0, 500));
  let heard = new Uint8Array();
  for (let round = 0; round < 20_000; round += 1) {
    const noise = Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
    const damaged = order.subarray(0, Math.floor(random() * order.length));
    const bytes = random() < 0.5 ? noise : Uint8Array.of(...damaged, ...noise);
    expect(() => {
      findFrame(bytes, 0, 'request');
      decodeRequest(bytes);
      decodeResponse(bytes);
      line.nowMs += 1 + (round % 7 === 0 ? 200 : 0);
      for (const answer of board.receive(bytes, line.nowMs)) {
        line.master.receive(answer, line.nowMs);
      }
      line.master.receive(bytes, line.nowMs);
      line.master.nextTransmission(line.nowMs);
    }, `FUZZ_SEED=${seed}, round ${round}`).not.toThrow();
    heard = Uint8Array.of(...heard.subarray(-order.length), ...bytes);
    if (holdsGoodOrder(heard)) {
      board.reset();
    }
    expect(board.relays, `FUZZ_SEED=${seed}, round ${round}`).not.toContain(true);
  }
  line.run(20_000);
  expect(line.master.unit(1)?.isOnline, `FUZZ_SEED=${seed}`).toBe(true);
});
