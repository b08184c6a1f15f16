import { expect, test } from 'vitest';
import { checksum8, crc16 } from './crc.ts';
import { hex } from './hex.fixture.ts';

test('the CRC is CRC-16/AUG-CCITT', () => {
  expect(crc16(new TextEncoder().encode('123456789'))).toBe(0xe5cc);
});

// SIA Annex E as quoted by libosdp, test-sc-sia-vectors.c; the CRC travels low byte first.
test.each([
  ['53 7F 0D 00 04 6E 00 80 25 00 00', 0x386e],
  ['53 00 09 00 04 61 00', 0x66c0],
])('the specification prints the CRC of %s', (bytes, crc) => {
  expect(crc16(hex(bytes))).toBe(crc);
});

test.each([
  ['53 7F 0C 00 00 6E 00 80 25 00 00', 0x0f],
  ['53 00 08 00 00 61 00', 0x44],
])('the specification prints the checksum of %s', (bytes, checksum) => {
  expect(checksum8(hex(bytes))).toBe(checksum);
});
