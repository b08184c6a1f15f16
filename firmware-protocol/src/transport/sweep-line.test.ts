import { expect, test } from 'vitest';
import { Discovery } from '../osdp/acu/discovery.ts';
import type { FoundDevice } from '../osdp/acu/discovery.ts';
import { Peripheral } from '../osdp/pd/peripheral.ts';
import { BOARD } from '../osdp/pd/wire-panel.fixture.ts';
import { systemClock } from '../units/time.ts';
import { memoryLinkPair } from './memory.ts';
import { sweepLine } from './sweep-line.ts';

function newSweep(addresses: readonly number[]): { discovery: Discovery; found: FoundDevice[] } {
  const found: FoundDevice[] = [];
  const onFound = (device: FoundDevice): unknown => found.push(device);
  return { discovery: new Discovery({ addresses, baud: 115_200, onFound }), found };
}

test('a sweep ends with what it found, and closes its link', async () => {
  const [near, far] = memoryLinkPair();
  const board = new Peripheral({ ...BOARD, address: 2 });
  far.onData((bytes) => board.receive(bytes, systemClock.mono()).forEach((reply) => far.write(reply)));
  const closed = new Promise((resolve) => far.onClose(resolve));
  const { discovery, found } = newSweep([1, 2, 3]);
  await sweepLine(near, discovery, systemClock);
  await closed;
  expect(found).toMatchObject([{ address: 2, answer: 'readable' }]);
});

test('a line that breaks is told', async () => {
  const [near, far] = memoryLinkPair();
  far.onData(() => far.close());
  await expect(sweepLine(near, newSweep([1, 2, 3]).discovery, systemClock)).rejects.toThrow('the link closed');
});

test('a sweep that is interrupted ends at once', async () => {
  const [near, far] = memoryLinkPair();
  const interrupt = new AbortController();
  let asked = 0;
  far.onData(() => {
    asked += 1;
    interrupt.abort();
  });
  const { discovery } = newSweep([1, 2, 3]);
  await sweepLine(near, discovery, systemClock, interrupt.signal);
  expect(discovery.isDone).toBe(false);
  expect(asked).toBe(1);
});
