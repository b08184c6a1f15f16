import { expect, test } from 'vitest';
import { BOARD } from '../pd/wire-panel.fixture.ts';
import { Peripheral } from '../pd/peripheral.ts';
import type { FoundDevice } from './discovery.ts';
import { ALL_ADDRESSES, Discovery } from './discovery.ts';

const BAUD = 9600;

/** A line in virtual time: what a sweep says reaches each device, and each answer comes back `answerMs` later. */
function sweep(
  devices: readonly Peripheral[],
  { addresses = ALL_ADDRESSES, answerMs = 5, onAnswer = (bytes: Uint8Array): readonly Uint8Array[] => [bytes] } = {},
): { found: FoundDevice[]; asked: number; tookMs: number } {
  const found: FoundDevice[] = [];
  const discovery = new Discovery({ addresses, baud: BAUD, onFound: (device) => found.push(device) });
  let [nowMs, asked] = [0, 0];
  while (!discovery.isDone) {
    const bytes = discovery.nextTransmission(nowMs);
    asked += Number(bytes !== undefined);
    const answers = bytes === undefined ? [] : devices.flatMap((device) => device.receive(bytes, nowMs));
    for (const part of answers.flatMap(onAnswer)) {
      nowMs += answerMs;
      discovery.receive(part, nowMs);
    }
    nowMs = Math.max(nowMs, discovery.nextDeadlineMs() ?? nowMs);
  }
  return { found, asked, tookMs: nowMs };
}

const device = (address: number) => new Peripheral({ ...BOARD, address });

test('every device is found, with who it is and what it can', () => {
  const { found } = sweep([device(0), device(17), device(126)]);
  expect(found.map(({ address }) => address)).toEqual([0, 17, 126]);
  expect(found[1]).toMatchObject({ answer: 'readable', identity: { vendor: '474354', serial: 7 } });
  expect(found[1]?.capabilities).not.toEqual([]);
});

test('an empty line at 9600 baud is known to be empty within ten seconds', () => {
  const { found, asked, tookMs } = sweep([]);
  expect(found).toEqual([]);
  expect(asked).toBe(127);
  expect(tookMs).toBeLessThan(10_000);
});

test('how far the sweep is can be told at any time', () => {
  const discovery = new Discovery({ addresses: [1, 2], baud: BAUD, onFound: () => {} });
  const seen = [discovery.progress];
  for (let nowMs = 0; !discovery.isDone; nowMs = discovery.nextDeadlineMs() ?? nowMs) {
    discovery.nextTransmission(nowMs);
    seen.push(discovery.progress);
  }
  expect(seen.map(({ done, total }) => `${done}/${total}`)).toEqual(['0/2', '0/2', '1/2', '2/2']);
});

test('only the wanted addresses are asked', () => {
  const { found, asked } = sweep([device(3), device(4)], { addresses: [4, 5] });
  expect(found.map(({ address }) => address)).toEqual([4]);
  expect(asked).toBe(3);
});

test('a reply that comes in pieces after the window is waited for', () => {
  const onAnswer = (bytes: Uint8Array) => [bytes.subarray(0, 4), bytes.subarray(4)];
  const { found } = sweep([device(1)], { addresses: [1], answerMs: 65, onAnswer });
  expect(found).toMatchObject([{ address: 1, answer: 'readable' }]);
});

test('a device that is busy is asked again', () => {
  const busy = device(1);
  busy.answerBusy(2);
  expect(sweep([busy], { addresses: [1] }).found).toMatchObject([{ answer: 'readable', identity: { serial: 7 } }]);
});

test('two devices with one address are told as an answer that nobody can read', () => {
  const onAnswer = (bytes: Uint8Array) => [bytes.map((byte) => byte & 0x5a)];
  const { found } = sweep([device(1)], { addresses: [0, 1, 2], onAnswer });
  expect(found).toEqual([{ address: 1, answer: 'unreadable', identity: undefined, capabilities: [] }]);
});

test('the echo of an adapter and the answers of others are not taken for a device', () => {
  const found: FoundDevice[] = [];
  const newDiscovery = (address: number) =>
    new Discovery({ addresses: [address], baud: BAUD, onFound: (device) => found.push(device) });
  const discovery = newDiscovery(5);
  const echo = discovery.nextTransmission(0) ?? new Uint8Array();
  const [ofAnother = new Uint8Array()] = device(6).receive(newDiscovery(6).nextTransmission(0) ?? echo, 0);
  expect(ofAnother.length).toBeGreaterThan(8);
  discovery.receive(echo, 1);
  discovery.receive(ofAnother, 2);
  discovery.nextTransmission(discovery.nextDeadlineMs() ?? 0);
  expect(discovery.isDone).toBe(true);
  expect(found).toEqual([]);
});
