import { describe, expect, test } from 'vitest';
import { hex } from '../osdp/frame/hex.fixture.ts';
import { toHex } from '../osdp/frame/hex.ts';
import { EXCEPTION } from './codes.ts';
import { RelayBoardDevice } from './relay-board-device.ts';
import { flashOn, relayBoardUnit, switchRelay, switchRelays } from './relay-board.ts';
import { RtuMaster } from './rtu-master.ts';
import type { RtuMasterOptions } from './rtu-master.ts';
import { VirtualLine } from './virtual-line.fixture.ts';
import type { VirtualLineOptions, WireFault } from './virtual-line.fixture.ts';

const newBoard = (unit = 1, canFlash = true): RelayBoardDevice =>
  new RelayBoardDevice({ unit, relays: 8, inputs: 8, flashOn: canFlash, onChange: () => {} });
const wired = (unit = 1, canFlash = true) => relayBoardUnit({ unit, relays: 8, inputs: 8, flashOn: canFlash });

function onlineLine(options: Partial<VirtualLineOptions> = {}): { line: VirtualLine; board: RelayBoardDevice } {
  const board = newBoard();
  const line = new VirtualLine({ units: [wired()], boards: [board], ...options });
  line.run(100);
  expect(line.count('online')).toBe(1);
  return { line, board };
}

const urgent = { urgent: true };
const losesOrders: WireFault = (bytes) => (bytes[1] === 5 ? [] : [bytes]);

describe('an order', () => {
  test('is the next on a free line, and the board times the pulse', () => {
    const { line, board } = onlineLine();
    line.run(30);
    const atMs = line.nowMs;
    const id = line.submit(1, flashOn(3, 700), urgent);
    line.run(20);
    const sent = line.sent.find(({ bytes }) => toHex(bytes).startsWith('010502030007'));
    expect(sent?.atMs).toBe(atMs);
    expect(line.outcomes(id)).toMatchObject([{ ok: true }]);
    expect(board.relays[3]).toBe(true);
    line.run(640);
    expect(board.relays[3]).toBe(true);
    line.run(60);
    expect(board.relays[3]).toBe(false);
  });

  test('goes before what waits, of its own unit and of others', () => {
    const boards = [newBoard(1), newBoard(2)];
    const line = new VirtualLine({ units: [wired(1), wired(2)], boards });
    line.run(100);
    const ended: number[] = [];
    const ids = [
      line.submit(1, switchRelay(0, true)),
      line.submit(1, switchRelay(1, true)),
      line.submit(2, flashOn(0, 500), urgent),
    ];
    line.run(100);
    for (const event of line.events) {
      if (event.type === 'outcome') {
        ended.push(event.requestId);
      }
    }
    expect(ended).toEqual([ids[2], ids[0], ids[1]]);
  });

  test('whose answer is lost is repeated only after the board has answered something else', () => {
    const { line } = onlineLine();
    let orders = 0;
    line.fault = (bytes) => {
      orders += bytes[1] === 5 ? 1 : 0;
      return bytes[1] === 5 && orders === 2 ? [] : [bytes];
    };
    const id = line.submit(1, flashOn(0, 500), urgent);
    line.run(800);
    expect(line.outcomes(id)).toMatchObject([{ ok: true }]);
    const functions = line.sent.map(({ bytes }) => bytes[1]);
    const first = functions.indexOf(5);
    expect(functions[first + 1]).toBeLessThan(5);
    expect(functions.filter((code) => code === 5)).toHaveLength(2);
  });

  test('that is refused at its repeat may have run the first time', () => {
    const { line, board } = onlineLine();
    let isLost = false;
    line.fault = (bytes) => {
      if (board.relays[0] === true && !isLost) {
        isLost = true;
        board.refuseNext(2);
        return [];
      }
      return [bytes];
    };
    const id = line.submit(1, flashOn(0, 2_000), urgent);
    line.run(1_000);
    expect(line.outcomes(id)).toMatchObject([{ ok: false, reason: 'exception', exception: 2, mayHaveRun: true }]);
  });

  test('that is too old opens nothing, also when the board is back', () => {
    const { line, board } = onlineLine();
    line.fault = losesOrders;
    const id = line.submit(1, flashOn(0, 500), { urgent: true, expiresAtMs: line.nowMs + 600 });
    line.run(2_000);
    expect(line.outcomes(id)).toMatchObject([{ ok: false, reason: 'expired', mayHaveRun: true }]);
    line.fault = (bytes) => [bytes];
    line.run(3_000);
    expect(board.relays[0]).toBe(false);
    expect(line.count('polled')).toBeGreaterThan(2);
  });

  test('that is refused ends at once, and the unit stays online', () => {
    const { line, board } = onlineLine();
    board.refuseNext(EXCEPTION.illegalAddress);
    const id = line.submit(1, flashOn(0, 500), urgent);
    line.run(50);
    expect(line.outcomes(id)).toMatchObject([{ ok: false, reason: 'exception', exception: 2, mayHaveRun: false }]);
    line.run(20_000);
    expect(line.count('offline')).toBe(0);
  });

  test('is repeated to a busy board', () => {
    const { line, board } = onlineLine();
    board.refuseNext(EXCEPTION.deviceBusy);
    const id = line.submit(1, flashOn(0, 500), urgent);
    line.run(100);
    expect(line.outcomes(id)).toMatchObject([{ ok: true }]);
    expect(board.relays[0]).toBe(true);
  });

  test('is not taken for a unit that is away or not there, nor beyond the queue', () => {
    const line = new VirtualLine({ units: [wired()], boards: [] });
    line.run(100);
    const refusal = (unit: number) => line.master.submit(unit, flashOn(0, 500), line.nowMs);
    expect(refusal(1)).toEqual({ accepted: false, reason: 'offline' });
    expect(refusal(9)).toEqual({ accepted: false, reason: 'unknown-unit' });
    const { line: live } = onlineLine();
    const submissions = Array.from({ length: 81 }, () => live.master.submit(1, flashOn(0, 500), live.nowMs));
    expect(submissions.filter(({ accepted }) => accepted)).toHaveLength(80);
    expect(submissions.at(-1)).toEqual({ accepted: false, reason: 'queue-full' });
  });
});

describe('a unit', () => {
  test('is offline after 8 s of silence, and what waits for it fails', () => {
    const { line } = onlineLine();
    line.boards = [];
    line.run(7_500);
    const id = line.submit(1, flashOn(0, 500), urgent);
    line.run(1_500);
    expect(line.count('offline')).toBe(1);
    expect(line.outcomes(id)).toMatchObject([{ ok: false, reason: 'offline', mayHaveRun: false }]);
  });

  test('that returns is online within 2 s', () => {
    const { line, board } = onlineLine();
    line.boards = [];
    line.run(30_000);
    line.boards = [board];
    line.run(2_000);
    expect(line.count('online')).toBe(2);
  });

  test('that answers after its window is given more time', () => {
    const { line } = onlineLine();
    line.answerMs = 450;
    line.run(20_000);
    expect(line.count('offline')).toBe(0);
    const polled = line.count('polled');
    line.run(5_000);
    expect(line.count('polled')).toBeGreaterThan(polled + 5);
  });

  test('that times nothing is switched off before anything else, each time it comes up', () => {
    const board = newBoard(1, false);
    const line = new VirtualLine({ units: [wired(1, false)], boards: [board] });
    board.receive(hex('01050000FF00 8C3A'), 0);
    expect(board.relays[0]).toBe(true);
    line.run(20);
    expect(line.sent[0]?.bytes[1]).toBe(0x0f);
    expect(board.relays[0]).toBe(false);
    line.run(100);
    expect(line.count('online')).toBe(1);
  });

  test('that refuses to be switched off takes no orders and says so', () => {
    const board = newBoard(1, false);
    board.refuseNext(EXCEPTION.illegalFunction);
    const line = new VirtualLine({ units: [wired(1, false)], boards: [board] });
    line.run(500);
    expect(line.events).toMatchObject([{ type: 'greetingRefused', exception: 1 }]);
    expect(line.master.submit(1, switchRelay(0, true), line.nowMs)).toMatchObject({ accepted: false });
    line.run(2_000);
    expect(line.count('online')).toBe(1);
  });

  test.each([9_600, 115_200])('is left alone for t3.5 before each request at %d baud', (baud) => {
    const { line } = onlineLine({ baud });
    line.run(5_000);
    const silence = baud > 19_200 ? 1.75 : (3.5 * 11 * 1_000) / baud;
    const heard = line.events.flatMap((event) => (event.type === 'polled' ? [event.atMs] : []));
    for (const atMs of heard) {
      const next = line.sent.find((sent) => sent.atMs > atMs);
      expect((next?.atMs ?? Number.POSITIVE_INFINITY) - atMs).toBeGreaterThanOrEqual(silence - 1e-6);
    }
  });

  test('is polled fast while somebody is at its door', () => {
    const { line } = onlineLine();
    const before = line.count('polled');
    line.run(1_000);
    const slow = line.count('polled') - before;
    line.master.expectPerson(1, line.nowMs + 5_000, line.nowMs);
    line.run(1_000);
    expect(line.count('polled') - before - slow).toBeGreaterThan(slow * 3);
  });
});

test('three dead units cost a live one 90 ms between two polls at most, and nothing while somebody is at its door', () => {
  const line = new VirtualLine({ units: [wired(1), wired(2), wired(3), wired(4)], boards: [newBoard(1)] });
  line.run(10_000);
  const gaps = (fromMs: number) => {
    const times = line.events.flatMap((e) => (e.type === 'polled' && e.atMs > fromMs ? [e.atMs] : []));
    return times.slice(1).map((time, at) => time - (times[at] ?? time));
  };
  const startMs = line.nowMs;
  line.run(20_000);
  expect(Math.max(...gaps(startMs))).toBeLessThanOrEqual(100 + 90);
  const busyFromMs = line.nowMs;
  line.master.expectPerson(1, line.nowMs + 5_000, line.nowMs);
  line.run(4_900);
  expect(Math.max(...gaps(busyFromMs + 100))).toBeLessThanOrEqual(30);
});

describe('an adapter that returns what is sent', () => {
  test('is no answer: an order that nobody heard is not taken for obeyed', () => {
    const { line } = onlineLine({ isEchoing: true });
    line.fault = losesOrders;
    const id = line.submit(1, flashOn(0, 500), { urgent: true, expiresAtMs: line.nowMs + 1_000 });
    line.run(2_000);
    expect(line.outcomes(id)).toMatchObject([{ ok: false, mayHaveRun: true }]);
  });

  test('does not keep orders from being obeyed', () => {
    const { line, board } = onlineLine({ isEchoing: true });
    const ids = [line.submit(1, flashOn(0, 500), urgent), line.submit(1, switchRelays(2, [true, true]))];
    line.run(50);
    expect(ids.map((id) => line.outcomes(id))).toMatchObject([[{ ok: true }], [{ ok: true }]]);
    expect(board.relays.slice(0, 4)).toEqual([true, false, true, true]);
    line.run(20_000);
    expect(line.count('offline')).toBe(0);
  });

  test('may be replaced by one that does not', () => {
    const { line } = onlineLine({ isEchoing: true });
    line.isEchoing = false;
    line.master.lineLost(line.nowMs);
    const id = line.submit(1, flashOn(0, 500), urgent);
    line.run(100);
    expect(line.outcomes(id)).toMatchObject([{ ok: true }]);
  });
});

test('noise, answers of others and late answers are not taken for the answer', () => {
  const { line } = onlineLine();
  line.boards = [];
  const id = line.submit(1, flashOn(0, 500), { urgent: true, expiresAtMs: line.nowMs + 250 });
  line.run(5);
  line.master.receive(hex('FF00010502'), line.nowMs);
  line.master.receive(hex('020502000007 8D83'), line.nowMs);
  line.master.receive(hex('010101FF 1188'), line.nowMs);
  line.run(2_000);
  expect(line.outcomes(id)).toMatchObject([{ ok: false, reason: 'expired' }]);
});

test.each<[string, Partial<RtuMasterOptions>]>([
  ['modbus-unit-invalid', { units: [wired(0)] }],
  ['modbus-unit-taken', { units: [wired(1), wired(1)] }],
])('a line refuses %s', (code, options) => {
  const make = () => new RtuMaster({ baud: 9_600, units: [], onEvent: () => {}, ...options });
  expect(make).toThrow(expect.objectContaining({ code }));
});
