import type { ByteLink } from '@gatecast/firmware-protocol';
import { memoryLinkPair } from '@gatecast/firmware-protocol/node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { givingUpWhenStale } from './stale-link.ts';

describe('a serial port whose adapter was pulled out and still says that it is open', () => {
  const closes: unknown[] = [];
  let far: ByteLink;
  const connect = givingUpWhenStale(async () => {
    const [near, other] = memoryLinkPair();
    far = other;
    return near;
  }, 15_000);
  const open = async () => {
    const link = await connect();
    link.onClose((error) => closes.push(error && 'code' in error ? error.code : error));
    link.onData(() => {});
    return link;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    closes.length = 0;
  });
  afterEach(() => vi.useRealTimers());

  it('is given up when nothing answers what is written', async () => {
    const link = await open();
    for (let n = 0; n < 149; n += 1) {
      link.write(Uint8Array.of(1));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(closes).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(closes).toEqual(['link-stale']);
  });

  it('is tried ever less often while nobody answers, and as often as before after an answer', async () => {
    await open().then((link) => link.write(Uint8Array.of(1)));
    await vi.advanceTimersByTimeAsync(29_000);
    expect(closes).toEqual([]);
    far.write(Uint8Array.of(2));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(closes).toEqual([]);
    await open().then((link) => link.write(Uint8Array.of(1)));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(closes).toEqual(['link-stale']);
  });

  it('is missed as soon as ever by a link that was made while nobody answered', async () => {
    await open().then((link) => link.write(Uint8Array.of(1)));
    await vi.advanceTimersByTimeAsync(30_000);
    closes.length = 0;
    const link = await open();
    link.write(Uint8Array.of(1));
    far.write(Uint8Array.of(2));
    await vi.advanceTimersByTimeAsync(10);
    link.write(Uint8Array.of(1));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(closes).toEqual(['link-stale']);
  });

  it('stays while answers come, and while nothing is asked', async () => {
    const link = await open();
    await vi.advanceTimersByTimeAsync(120_000);
    for (let n = 0; n < 5; n += 1) {
      link.write(Uint8Array.of(1));
      await vi.advanceTimersByTimeAsync(14_000);
      far.write(Uint8Array.of(2));
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(closes).toEqual([]);
    link.close();
    expect(closes).toEqual([undefined]);
  });
});
