import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameMeter } from './frame-meter.ts';
import { lengthBytes } from './clients.fixture.ts';

const connect = Buffer.concat([Buffer.from([0x10]), lengthBytes(20), Buffer.alloc(20)]);
const puback = Buffer.from([0x40, 2, 0x01, 0x00]);
const publish = (bytes: number) => Buffer.concat([Buffer.from([0x30]), lengthBytes(bytes), Buffer.alloc(bytes)]);

test('counts the frames of a stream, however it is cut into chunks', () => {
  const bodies = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 20 });
  fc.assert(
    fc.property(bodies, fc.integer({ min: 1, max: 700 }), (sizes, chunkBytes) => {
      const stream = Buffer.concat([connect, ...sizes.map(publish), puback]);
      const meter = new FrameMeter(4_096);
      let frames = 0;
      for (let at = 0; at < stream.length; at += chunkBytes) {
        const read = meter.read(stream.subarray(at, at + chunkBytes));
        frames += typeof read === 'number' ? read : NaN;
      }
      expect(frames).toBe(sizes.length + 2);
    }),
  );
});

test('a frame passes at the limit and is named when one byte over', () => {
  const meter = new FrameMeter(connect.length);
  expect(meter.read(connect)).toBe(1);
  meter.limit(103);
  expect(meter.read(publish(101))).toBe(1);
  expect(meter.read(publish(102))).toBe('frame-too-large');
});

test.each([
  ['anything but CONNECT first', [0xc0, 0x00]],
  ['packet type 0', [0x10, 0x00, 0x00, 0x00]],
  ['packet type 15', [0x10, 0x00, 0xf0, 0x00]],
  ['UNSUBSCRIBE from nothing', [0x10, 0x00, 0xa2, 0x02, 0x00, 0x01]],
  ['PUBACK of identifier 0', [0x10, 0x00, 0x40, 0x02, 0x00, 0x00]],
  ['SUBSCRIBE under identifier 0', [0x10, 0x00, 0x82, 0x06, 0x00, 0x00, 0x00, 0x01, 0x61, 0x00]],
  ['PUBREL without an identifier', [0x10, 0x00, 0x62, 0x00]],
  ['a length of five bytes', [0x10, 0x80, 0x80, 0x80, 0x80]],
])('%s is malformed', (_name, bytes) => {
  expect(new FrameMeter(4_096).read(Buffer.from(bytes))).toBe('malformed-frame');
});
