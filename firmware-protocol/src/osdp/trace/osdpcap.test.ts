import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant } from '../../units/time.ts';
import { toHex } from '../frame/hex.ts';
import { captureLine, readCaptureLine } from './osdpcap.ts';

test('a record is written as other tools read it', () => {
  const line = captureLine(instant(1_580_342_115_984.5), 'trace', Uint8Array.of(0xff, 0x53, 0x80, 0x08));
  expect(JSON.parse(line)).toEqual({
    timeSec: '1580342115',
    timeNano: '984500000',
    io: 'trace',
    data: 'FF-53-80-08',
    osdpTraceVersion: '1',
    osdpSource: 'gatecast-osdp',
  });
});

test('what is written is read again', () => {
  const at = fc.integer({ min: 0, max: 4_102_444_800_000 });
  const origin = fc.constantFrom('input' as const, 'output' as const, 'trace' as const);
  fc.assert(
    fc.property(at, origin, fc.uint8Array(), (at, origin, bytes) => {
      const record = readCaptureLine(captureLine(instant(at), origin, bytes));
      expect(record).toEqual({ at, origin, bytes });
    }),
  );
});

test.each([
  // libosdp-conformance, osdpcap-format.md
  [
    '{ "timeSec" : "1580342115", "timeNano" : "984691851", "io" : "trace", "data" : " ff ff 53 80 08 00 01 4b 01 d8", "osdpTraceVersion":"1", "osdpSource":"libosdp-conformance 0.91-5" }',
    'FFFF5380080001 4B01D8',
    1_580_342_115_984.691_9,
  ],
  // OSDP.Net, as its file tracer serializes
  [
    '{"timeSec":"1580342115","timeNano":"000000000","io":"output","data":"53-00-08","osdpTraceVersion":"1","osdpSource":"OSDP.Net"}',
    '530008',
    1_580_342_115_000,
  ],
  ['{"timeSec":1,"timeNano":2000000,"data":"5300"}', '5300', 1002],
  ['{"data":"5300"}', '5300', undefined],
])('a record of another tool is read: %s', (line, bytes, at) => {
  const record = readCaptureLine(line);
  expect(toHex(record?.bytes ?? new Uint8Array())).toBe(bytes.replaceAll(' ', ''));
  expect(record?.at?.toFixed(3)).toBe(at?.toFixed(3));
});

test.each(['', 'x', '42', 'null', '[]', '{}', '{"data":5}', '{"data":"5Z"}'])('%j is no record', (line) => {
  expect(readCaptureLine(line)).toBeUndefined();
});
