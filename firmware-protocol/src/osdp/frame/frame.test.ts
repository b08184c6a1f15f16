import { describe, expect, test } from 'vitest';
import type { FrameContent } from './frame.ts';
import { FRAME_BYTES_MAX, encodeFrame, nextSequence } from './frame.ts';

const poll: FrameContent = {
  direction: 'command',
  address: 1,
  sequence: 0,
  check: 'crc',
  security: undefined,
  code: 0x60,
  data: new Uint8Array(),
  mac: undefined,
};
const sealed = { type: 0x15, data: new Uint8Array() };

describe('a frame is not made of what receivers would misread', () => {
  test.each([
    ['an address that no device has', { address: 128 }, 'OSDP address 128 is not in 0..127'],
    ['half an address', { address: 1.5 }, 'OSDP address 1.5'],
    ['an address below 0', { address: -1 }, 'OSDP address -1'],
    ['more data than a frame holds', { data: new Uint8Array(FRAME_BYTES_MAX) }, 'the most is 1440'],
    ['a MAC without a channel', { mac: new Uint8Array(4) }, 'a MAC belongs'],
    ['a channel without a MAC', { security: sealed }, 'a MAC belongs'],
  ])('%s', (_what, wrong, message) => {
    expect(() => encodeFrame({ ...poll, ...wrong })).toThrow(RangeError);
    expect(() => encodeFrame({ ...poll, ...wrong })).toThrow(message);
  });

  test('the longest frame is made', () => {
    expect(encodeFrame({ ...poll, data: new Uint8Array(FRAME_BYTES_MAX - 8) }, { mark: false })).toHaveLength(1440);
  });
});

test('numbers run 0, 1, 2, 3, 1, 2, 3', () => {
  expect(([0, 1, 2, 3] as const).map(nextSequence)).toEqual([1, 2, 3, 1]);
});
