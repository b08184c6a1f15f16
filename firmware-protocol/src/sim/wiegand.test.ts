import { expect, test } from 'vitest';
import { toHex } from '../osdp/frame/hex.ts';
import { packBits, wiegandBits } from './wiegand.ts';

// Civintec CN56 manual: even parity over the first half, odd parity over the second.
test.each([
  ['D41B81', 'wiegand26', '1', '110101000001101110000001', '0'],
  ['89D41B81', 'wiegand34', '1', '10001001110101000001101110000001', '1'],
] as const)('the card %s travels as %s', (card, format, even, number, odd) => {
  expect(wiegandBits(card, format)).toBe(`${even}${number}${odd}`);
});

test.each(['D41B', 'D41B8', 'D41B8G', '89D41B81', ''])('%j is no card of 26 bits', (card) => {
  expect(wiegandBits(card, 'wiegand26')).toBeUndefined();
});

test('the first bit is the highest of the first byte, and the last byte is filled with zeros', () => {
  expect(toHex(packBits(wiegandBits('D41B81', 'wiegand26') ?? ''))).toBe('EA0DC080');
});
