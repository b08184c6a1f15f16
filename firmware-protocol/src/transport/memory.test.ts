import { expect, test, vi } from 'vitest';
import { memoryLinkPair } from './memory.ts';

test('what is written at one end arrives at the other, whole and in order', async () => {
  const [left, right] = memoryLinkPair();
  const got: number[] = [];
  right.onData((bytes) => got.push(...bytes));
  left.write(Uint8Array.of(1, 2));
  left.write(Uint8Array.of(3));
  expect(got).toEqual([]);
  await vi.waitFor(() => expect(got).toEqual([1, 2, 3]));
});

test('a line of 9600 baud takes about a millisecond for a character', async () => {
  const [left, right] = memoryLinkPair({ baud: 9600 });
  const startMs = performance.now();
  const arrived = new Promise<number>((resolve) => right.onData(() => resolve(performance.now() - startMs)));
  left.write(new Uint8Array(48));
  expect(await arrived).toBeGreaterThanOrEqual(49);
});

test('closing one end closes the other, once', async () => {
  const [left, right] = memoryLinkPair();
  const closed = vi.fn<(error: Error | undefined) => void>();
  right.onClose(closed);
  left.close();
  right.close();
  right.write(Uint8Array.of(1));
  await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1));
});
